// The pages of Google's console that the way to a client leads through, to be copied where no browser
// opens. The shell opens the same ones (a test holds the two together).
import type { Link } from './backend/door';

export const googlePages = {
  google_project: 'https://console.cloud.google.com/projectcreate',
  google_people_api: 'https://console.cloud.google.com/apis/library/people.googleapis.com',
  google_consent: 'https://console.cloud.google.com/auth/overview',
  google_audience: 'https://console.cloud.google.com/auth/audience',
  google_clients: 'https://console.cloud.google.com/auth/clients',
} as const satisfies Partial<Record<Extract<Link, string>, string>>;
export type GooglePage = keyof typeof googlePages;

// An OAuth client as the services hand it out. Pure.
export interface Client {
  id: string;
  secret: string;
}

/** What is saved of a client; none where nothing (readable) is saved. */
export function readSaved(text: string | null): Client {
  try {
    const saved = JSON.parse(text ?? '') as Partial<Client> | null;
    return { id: saved?.id ?? '', secret: saved?.secret ?? '' };
  } catch {
    return { id: '', secret: '' };
  }
}

/** What Google's downloaded JSON holds, or the id of the message that says what is wrong with it. */
export function readGoogleFile(text: string): Client | string {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return 'client-file-not-json';
  }
  if (typeof parsed !== 'object' || parsed === null) return 'client-file-other';
  if ('web' in parsed) return 'client-file-web';
  const installed = 'installed' in parsed ? parsed.installed : null;
  if (typeof installed !== 'object' || installed === null) return 'client-file-other';
  const id = 'client_id' in installed ? installed.client_id : null;
  const secret = 'client_secret' in installed ? installed.client_secret : '';
  if (typeof id !== 'string' || id === '') return 'client-file-other';
  return { id, secret: typeof secret === 'string' ? secret : '' };
}

/** What is wrong with a typed client, as a message's id, which begins with its field's name; nothing
    where it can be saved. */
export function clientMistake(side: 'zoho' | 'google', client: Client): string | null {
  const id = client.id.trim();
  const secret = client.secret.trim();
  if (id === '') return secret === '' ? null : 'client-id-missing';
  if (/\s/.test(id)) return 'client-id-spaces';
  if (side === 'google' && !id.endsWith('.apps.googleusercontent.com')) return 'client-id-google';
  if (side === 'zoho' && !id.startsWith('1000.')) return 'client-id-zoho';
  // Google's desktop clients must send theirs.
  if (side === 'google' && secret === '') return 'client-secret-missing';
  return null;
}

// OAuth clients on screen: which field a mistake belongs to, and which files may hold some. Pure.
import type { Failure, Side } from './backend/door';

export type ClientField = 'id' | 'secret' | 'redirect';

/** The field that a failure of the engine's check is about; none where it is about none of them. */
export function fieldOf(failure: Failure): ClientField | null {
  const parts = failure.id.split('-');
  if (parts.includes('secret')) return 'secret';
  if (parts.includes('redirect')) return 'redirect';
  return parts.includes('id') ? 'id' : null;
}

const keys = ['google', 'zoho', 'installed', 'web'];

/** Whether a text that was dropped somewhere on the window looks like a file of clients. */
export function looksLikeClients(text: string): boolean {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null && keys.some((key) => key in parsed);
  } catch {
    return false;
  }
}

/** Whether a file of clients says nothing of this service. Of what is no such file, the engine says what it is. */
export function isOther(text: string, side: Side): boolean {
  const own = side === 'google' ? ['google', 'installed', 'web'] : ['zoho'];
  return looksLikeClients(text) && !own.some((key) => key in (JSON.parse(text) as object));
}

/** What Zoho's form asks for besides the redirect. Its names take no special characters. */
export const ours = { name: 'Renraku', homepage: 'http://localhost' } as const;

/** A redirect's host and port, as they are chosen apart. */
export function partsOf(redirect: string): { host: string; port: string } {
  const [, host = 'localhost', port = ''] = /^http:\/\/(localhost|127\.0\.0\.1):(\d+)\//.exec(redirect) ?? [];
  return { host, port };
}

/** The redirect on this computer with such a host and port. */
export function redirectOf(host: string, port: string): string {
  return `http://${host}:${port.normalize('NFKC').trim()}/callback`;
}

/** Where in the world a console's data centre is, as its addresses end: zoho.jp. */
export function domainOf(console: string): string {
  return console.replace(/^https?:\/\/(api-console\.)?/, '').replace(/[/:].*$/, '');
}

// The demo's OAuth clients: where they come from, and the checks that the engine makes.
import type { CentreOffer, ClientDraft, Clients, DataCentre, Failure, Side } from '../door';

const hosts: Record<DataCentre, string> = {
  us: 'zoho.com', eu: 'zoho.eu', in: 'zoho.in', au: 'zoho.com.au', jp: 'zoho.jp', ca: 'zohocloud.ca', sa: 'zoho.sa',
  uk: 'zoho.uk', ae: 'zoho.ae', cn: 'zoho.com.cn',
};
export const centres: CentreOffer[] = (Object.keys(hosts) as DataCentre[]).map((data_centre) => ({
  data_centre, console: `https://api-console.${hosts[data_centre]}/`,
}));

export const usual = 'http://localhost:48620/callback';

/** Nobody has given any. */
export const none: Clients = {
  google: { source: 'none', client_id: null, secret: false, notices: [] },
  zoho: { source: 'none', client_id: null, secret: false, notices: [], data_centre: null, redirect: usual, pkce: true },
};

/** Those of a release that carries some. */
export const builtIn: Clients = {
  google: { source: 'built_in', client_id: '1-renraku.apps.googleusercontent.com', secret: true, notices: [] },
  zoho: { source: 'built_in', client_id: '1000.RENRAKU', secret: true, notices: [], data_centre: 'us', redirect: usual, pkce: true },
};

/** An organisation's. */
export const organisations: Clients = {
  google: { source: 'file', client_id: '482913-aozora.apps.googleusercontent.com', secret: true, notices: [] },
  zoho: { source: 'file', client_id: '1000.AOZORA7K2M', secret: true, notices: [], data_centre: 'jp', redirect: usual, pkce: false },
};

function wrong(id: string, args: Record<string, string> = {}): Failure {
  return { code: 'invalid', id, args };
}

/** Whether the redirect of a client can be chosen alone: nobody typed it. */
function given(now: Clients, side: Side): boolean {
  return side === 'zoho' && ['file', 'built_in'].includes(now[side].source);
}

/** What is wrong with a client that is typed; an empty secret keeps the one that is kept for its id. */
export function mistake(now: Clients, side: Side, draft: ClientDraft): Failure | null {
  const { client_id: id, client_secret: secret, redirect } = draft;
  const about = { service: side === 'zoho' ? 'Zoho' : 'Google', side };
  const form = side === 'zoho' ? /^1000\.[\w.-]+$/ : /^[\w.-]+\.apps\.googleusercontent\.com$/;
  const kept = now[side].source === 'settings' && now[side].client_id === id;
  const port = Number(/^http:\/\/(?:localhost|127\.0\.0\.1):(\d{4,5})(?:\/.*)?$/.exec(redirect ?? usual)?.[1] ?? 0);
  if (port < 1024 || port > 65535) return wrong('error-client-redirect', { redirect: redirect ?? '', what: 'port' });
  if (id === '' && secret === '' && given(now, side)) return null;
  if (id === '') return wrong('error-client-id-missing', about);
  if (!form.test(id)) return wrong('error-client-id-form', { ...about, flaw: `id-${side}` });
  if (secret === '' && !kept) return wrong('error-client-secret-missing', about);
  return null;
}

/** With a client that was typed; an empty one is taken away. */
export function withDraft(now: Clients, side: Side, draft: ClientDraft): Clients {
  if (draft.client_id === '' && given(now, side)) return { ...now, zoho: { ...now.zoho, redirect: draft.redirect ?? usual } };
  if (draft.client_id === '') return { ...now, [side]: none[side] };
  const own = { source: 'settings' as const, client_id: draft.client_id, secret: true, notices: [] };
  return side === 'google'
    ? { ...now, google: own }
    : { ...now, zoho: { ...own, data_centre: draft.data_centre, redirect: draft.redirect ?? usual, pkce: draft.pkce } };
}

/** With the clients of a file. */
export function withFile(now: Clients, text: string): Clients {
  const refuse = (what: string, key = ''): Failure => wrong('error-client-file', { file: '', what, key, value: '' });
  let parsed: Record<string, Record<string, string>>;
  try {
    parsed = JSON.parse(text) as typeof parsed;
  } catch {
    throw refuse('json');
  }
  if (parsed['web']) throw refuse('web', 'web');
  const unknown = Object.keys(parsed).find((key) => !['google', 'zoho', 'installed'].includes(key));
  if (unknown) throw refuse('key', unknown);
  const { google = parsed['installed'], zoho } = parsed;
  if (!google && !zoho) throw refuse('empty');
  let next = now;
  if (google) next = { ...next, google: { source: 'file', client_id: google['client_id'] ?? null, secret: true, notices: [] } };
  if (zoho) {
    const { client_id = null, data_centre, redirect = usual } = zoho;
    next = { ...next, zoho: { source: 'file', client_id, secret: true, notices: [], data_centre: (data_centre as DataCentre | undefined) ?? null, redirect, pkce: true } };
  }
  return next;
}

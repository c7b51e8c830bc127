// The demo's two accounts.
import type { Account } from '../door';

export const nobody: Account = { connected: false, email: null, scopes: [], needs_sign_in: false };
export const zoho: Account = {
  connected: true, email: 'misaki.tanaka@aozora.example', organisation: '株式会社アオゾラ商事', data_centre: 'jp',
  scopes: ['ZohoCRM.modules.ALL'], needs_sign_in: false,
};
export const google: Account = { connected: true, email: 'misaki.tanaka@gmail.example', scopes: ['contacts'], needs_sign_in: false };

// What goes into the support file: how things stand, in counts and states. No name, address or
// value of a person, no account, no id, no folder. Pure.
import type { About, Accounts, Run, Sync } from '$lib/backend';

/** The file's text. What is not listed here cannot get in. */
export function supportText(
  about: About | null,
  accounts: Accounts | null,
  syncs: Sync[],
  runs: Run[],
): string {
  const account = (one: Accounts['zoho'] | undefined): object | null =>
    one
      ? {
          connected: one.connected,
          needs_sign_in: one.needs_sign_in,
          data_centre: one.data_centre ?? null,
          scopes: one.scopes,
        }
      : null;
  const document = {
    renraku: about?.version ?? null,
    sandbox: about?.sandbox != null,
    tray: about?.tray ?? null,
    paused: about?.paused ?? null,
    accounts: { zoho: account(accounts?.zoho), google: account(accounts?.google) },
    syncs: syncs.map(({ message, ...sync }) => ({ ...sync, has_message: message !== null })),
    runs: runs.map(({ message, operations, ...run }) => ({
      ...run,
      has_message: message !== null,
      planned: operations?.length ?? null,
    })),
  };
  return JSON.stringify(document, null, 2) + '\n';
}

// What lists were narrowed down to, kept while the window is open: whoever comes back goes on there.
import type { ContactState, Module, Outcome, ReviewKind } from '$lib/backend';

const fresh = {
  contacts: () => ({ find: '', state: null as ContactState | null, module: null as Module | null }),
  history: () => ({ find: '', module: '' as Module | '', outcome: '' as Outcome | '', wrote: false }),
  review: () => ({ find: '', kind: '' as ReviewKind | '', module: '' as Module | '' }),
};

export const kept = $state({ contacts: fresh.contacts(), history: fresh.history(), review: fresh.review() });

/** Everything is shown again. */
export function widen(list: keyof typeof fresh): void {
  Object.assign(kept[list], fresh[list]());
}

/** Whether a list is narrowed down. */
export function narrowed(list: keyof typeof fresh): boolean {
  return JSON.stringify(kept[list]) !== JSON.stringify(fresh[list]());
}

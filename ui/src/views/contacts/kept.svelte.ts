// What was searched under Contacts, kept while the window is open: whoever comes back goes on there.
import type { ContactState, Module } from '$lib/backend';

export const kept = $state<{ find: string; state: ContactState | null; module: Module | null }>({
  find: '',
  state: null,
  module: null,
});

/** The states in the order in which they are offered. */
export const states = ['in_step', 'waiting', 'needs_you', 'kept_out', 'unlinked', 'failed'] as const satisfies readonly ContactState[];

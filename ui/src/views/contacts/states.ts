import type { ContactState } from '$lib/backend';

/** The states in the order in which they are offered. */
export const states = ['in_step', 'waiting', 'needs_you', 'differs', 'kept_out', 'unlinked', 'failed'] as const satisfies readonly ContactState[];

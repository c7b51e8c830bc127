// What the demo begins with and answers: a sync, what runs wrote, failures.
import { t } from '$lib/l10n.svelte';
import type { Alarm, Change, DraftOf, Failure, FailureCode, Module, Operation, Outside, ReviewItem, Sync } from '../door';
import { NOW } from './overview';
import { changes, details, operations, person } from './people';

export const ago = (minutes: number): string => new Date(Date.parse(NOW) - minutes * 60_000).toISOString();

export function failure(code: FailureCode, id: string, args: Record<string, string> = {}): Failure {
  return { code, id, args };
}

/** What a run wrote. */
export function linesOf(run: number): Change[] {
  return run % 3 === 0 ? changes(30) : [];
}

export function sync(module: Module, change: Partial<Sync> = {}): Sync {
  return {
    module, enabled: true, direction: 'two_way', state: 'up_to_date', last_synced_at: ago(7), complete_as_of: ago(7),
    next_run_at: ago(-53), waiting: 0, needs_you: 0, held: false, linked: 1204, frequency_minutes: 60, message: null, ...change,
  };
}

/** The setting that a draft is kept in. */
export const named = (of: DraftOf): string => ('setup' in of ? `wizard-${of.setup}` : `connect-${of.client}`);

/** Whom a changed label leaves out. */
export function outsiders(count: number): Outside[] {
  return Array.from({ length: count }, (_, index) => ({ contact: `Contacts:57257670000${String(100_000 + index)}`, name: person(index).name, details: details(index), side: 'google' as const }));
}

/** The question about them. */
export function narrowed(module: Module, contacts: number): ReviewItem {
  return {
    item: 'scope', module, kind: 'scope', contact: '', zoho_id: null, google: null, field: null, reason: t('engine-narrowed', { contacts }),
    choices: ['leave', 'unlink', 'remove'], chosen: null,
  };
}

/** 291 contacts that disappeared from Google, and what is asked about them. */
export function vanished(): { asked: ReviewItem; message: string; alarm: Alarm } {
  const choices = ['put_back', 'delete', 'one_by_one'];
  const told = { contacts: 291, service: 'Google', other: 'Zoho' };
  return {
    asked: { item: '1', module: 'Contacts', kind: 'mass_change', contact: '', zoho_id: null, google: null, field: null, reason: t('engine-ask-mass-change', { ...told, delete: 'yes' }), choices, chosen: null },
    message: t('engine-mass-change', told),
    alarm: { item: '1', side: 'google', contacts: 291, choices },
  };
}

/** What an undo of a run would do. */
export function undoing(number: number, alone: boolean): Operation[] {
  if (linesOf(number).length === 0) return [];
  return operations(alone ? 1 : 30).map((one): Operation => ({
    ...one,
    kind: one.kind === 'create' ? 'delete' : one.kind,
    fields: one.fields.map(({ field, before, after }) => ({ field, before: after, after: before })),
    why: t('engine-undo'),
  }));
}

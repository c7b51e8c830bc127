// Failures in the person's language.
import type { Failure } from '$lib/backend/door';
import { time } from './format';
import { knows, t } from './l10n.svelte';

const moment = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;

/** The catalogue's sentence, its times as people read them; else the failure's own sentence. */
export function sayFailure(failure: Failure): string {
  if (!knows(failure.id)) return failure.message;
  const args = Object.entries(failure.args).map(([name, value]) => [
    name,
    moment.test(value) ? time(value) : value,
  ]);
  return t(failure.id, Object.fromEntries(args) as Record<string, string>);
}

// Failures in the person's language.
import type { Failure, Run } from '$lib/backend/door';
import { time } from './format';
import { knows, t } from './l10n.svelte';

const moment = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;

/** The catalogue's sentence, its times as people read them. */
export function sayFailure(failure: Failure): string {
  if (!knows(failure.id)) return t('error-unexpected', { detail: failure.id });
  const args = Object.entries(failure.args).map(([name, value]) => [
    name,
    moment.test(value) ? time(value) : value,
  ]);
  return t(failure.id, Object.fromEntries(args) as Record<string, string>);
}

/** What a run that failed says. */
export function failureOf(run: Run | null): Failure | null {
  if (run?.outcome !== 'failed') return null;
  const sentence = run.message ?? '';
  return { code: run.failure ?? 'failed', id: 'error-told', args: { sentence } };
}

// Times, numbers and durations by the spoken language.
import type { Run, Side } from './backend/door';
import { spoken, t } from './l10n.svelte';
import { deeds } from './runs';
import { frequencies } from './setup';

function sameDay(a: Date, b: Date): boolean {
  return a.toDateString() === b.toDateString();
}

/** The hour alone where it is today, else with the day; with the year where it is another. */
export function time(at: string, now: Date = new Date()): string {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return at;
  const form: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' };
  if (!sameDay(date, now)) {
    form.month = 'short';
    form.day = 'numeric';
    if (date.getFullYear() !== now.getFullYear()) form.year = 'numeric';
  }
  return new Intl.DateTimeFormat(spoken(), form).format(date);
}

/** Day and hour in full, for a tooltip or a heading. */
export function fullTime(at: string): string {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return at;
  return new Intl.DateTimeFormat(spoken(), { dateStyle: 'long', timeStyle: 'short', hourCycle: 'h23' }).format(date);
}

/** A day such as `2026-11-27`, with the day of the week. */
export function dayName(date: string): string {
  const day = new Date(`${date}T12:00:00`);
  if (Number.isNaN(day.getTime())) return date;
  return new Intl.DateTimeFormat(spoken(), { month: 'short', day: 'numeric', weekday: 'short' }).format(day);
}

/** The day of a moment where the person is, such as `2026-11-27`. */
export function dayOf(at: string): string {
  const date = new Date(at);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** How often a sync runs. */
export function often(minutes: number): string {
  return frequencies.includes(minutes) ? t(`every-${minutes}`) : t('every-minutes', { count: number(minutes) });
}

export function number(value: number): string {
  return new Intl.NumberFormat(spoken()).format(value);
}

/** Several names as one. */
export function list(names: string[]): string {
  return new Intl.ListFormat(spoken()).format(names);
}

/** What a run wrote, side by side and kind by kind; deletions first. */
export function wrote(run: Pick<Run, Side>): string {
  return list(deeds(run).map(({ side, kind, count }) => t(`wrote-${kind}`, { count, service: t(`side-${side}`) })));
}

/** What is likely left, rounded so that it promises no more than it knows. */
export function left(seconds: number): string {
  if (seconds < 60) return t('left-under-a-minute');
  if (seconds < 3600) return t('left-minutes', { count: Math.ceil(seconds / 60) });
  return t('left-hours', { count: Math.round(seconds / 360) / 10 });
}

/** How long it took between two moments; nothing where one is missing. */
export function lasted(from: string, to: string | null): string | null {
  const seconds = to === null ? Number.NaN : (Date.parse(to) - Date.parse(from)) / 1000;
  if (!Number.isFinite(seconds)) return null;
  const count = Math.max(0, Math.round(seconds));
  return count < 120 ? t('run-lasted', { count }) : t('run-lasted-minutes', { count: Math.round(count / 60) });
}

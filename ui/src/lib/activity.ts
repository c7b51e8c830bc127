// What a day brought: how high its bar is, and what it says in words. Pure.
import type { Day } from './backend/door';
import { t } from './l10n.svelte';

/** What is counted of a day, in the order in which it is told. */
export const marks = ['written', 'deleted', 'undone', 'failed', 'held'] as const;
export type Mark = (typeof marks)[number];

/** What a bar is made of, from top to bottom. */
const layers = ['undone', 'deleted', 'written'] as const;

/** The tallest bar leaves room for the marks above it. */
const TALLEST = 78;
/** What there is, is seen. */
const LEAST = 4;

/** The parts of each day's bar, as a share of the strip's height. A day of a thousand does not hide
    the days of ten: heights follow the root of what was done. */
export function heights(days: Day[]): { mark: Mark; height: number }[][] {
  const all = (day: Day): number => layers.reduce((sum, layer) => sum + day[layer], 0);
  const most = Math.sqrt(Math.max(1, ...days.map(all)));
  return days.map((day) => {
    const whole = all(day);
    return layers
      .filter((layer) => day[layer] > 0)
      .map((mark) => ({ mark, height: Math.max(LEAST, ((Math.sqrt(whole) / most) * TALLEST * day[mark]) / whole) }));
  });
}

/** What a day brought, in words. */
export function told(day: Day): string[] {
  return marks.filter((mark) => day[mark] > 0).map((mark) => t(`activity-${mark}`, { count: day[mark] }));
}

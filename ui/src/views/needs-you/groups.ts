// Questions gathered by what can be answered, so that each answer is explained once and many can be
// decided at once. Pure.
import type { ReviewItem, ReviewKind } from '$lib/backend';

/** The kinds in the order in which they are shown: what is at stake most comes first. */
export const order: ReviewKind[] = [
  'mass_change', 'deletion', 'scope', 'match', 'difference', 'refused', 'unreadable', 'frozen', 'invalid', 'undo',
];

/** Questions of one kind that take the same answers. */
export interface Group {
  key: string;
  kind: ReviewKind;
  choices: string[];
  items: ReviewItem[];
}

/** A line of the list: a group's heading or one of its questions. */
export type Line = { head: Group; item: null } | { head: null; item: ReviewItem };

/** Questions that take the same answers, together; the rest of their order stays. */
export function grouped(items: readonly ReviewItem[]): Group[] {
  const groups = new Map<string, Group>();
  for (const item of items) {
    const key = `${item.kind} ${item.choices.join(' ')}`;
    const group = groups.get(key) ?? { key, kind: item.kind, choices: item.choices, items: [] };
    group.items.push(item);
    groups.set(key, group);
  }
  return [...groups.values()].sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
}

export function lines(groups: Group[]): Line[] {
  return groups.flatMap((group): Line[] => [
    { head: group, item: null },
    ...group.items.map((item): Line => ({ head: null, item })),
  ]);
}

/** The answers that all of these take, where they are questions of one kind. */
export function inCommon(items: ReviewItem[]): string[] {
  const [first, ...rest] = items;
  if (!first || rest.some((item) => item.kind !== first.kind)) return [];
  return first.choices.filter((choice) => rest.every((item) => item.choices.includes(choice)));
}

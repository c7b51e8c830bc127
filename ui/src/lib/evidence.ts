// What a question is about: asked for when it comes into sight, and once only.
import { backend, type Evidence, type Seen, type Side } from './backend';

let known = new Map<string, Promise<Evidence>>();
let asOf = -1;

/** Both contacts of a question, as of this version of what the window knows. */
export function evidenceOf(item: string, version: number): Promise<Evidence> {
  if (version !== asOf) {
    known = new Map();
    asOf = version;
  }
  const found = known.get(item) ?? backend.commands.evidence(item);
  known.set(item, found);
  return found;
}

/** One or two letters that stand for a person. */
export function initials(name: string): string {
  const words = name.trim().split(/[\s\u3000]+/).filter((word) => word !== '');
  const first = [...(words[0] ?? '')][0] ?? '?';
  const last = words.length > 1 ? ([...(words.at(-1) ?? '')][0] ?? '') : '';
  return (/[\u3040-\u30ff\u3400-\u9fff]/.test(first) ? first : first + last).toUpperCase();
}

/** One of the two contacts that stand side by side, and the side it is on. */
export interface Column {
  side: Side;
  seen: Seen | null;
}

/** The two that stand side by side: one of each side, or both of one side. */
export function columns(evidence: Evidence): [Column, Column] {
  const { beside } = evidence;
  return beside
    ? [{ side: beside.side, seen: evidence[beside.side] }, { side: beside.side, seen: beside.contact }]
    : [{ side: 'zoho', seen: evidence.zoho }, { side: 'google', seen: evidence.google }];
}

/** A field of both. */
export interface Compared {
  field: string;
  values: [string | null, string | null];
  differs: boolean;
}

/** Both contacts field by field; differences first. What is gone differs in nothing. */
export function compared(evidence: Evidence): Compared[] {
  const [{ seen: left }, { seen: right }] = columns(evidence);
  const value = (seen: Seen | null, field: string): string | null => seen?.fields.find((one) => one.field === field)?.value ?? null;
  const names = new Set([...(left?.fields ?? []), ...(right?.fields ?? [])].map((one) => one.field));
  const both = left !== null && right !== null && !left.gone && !right.gone;
  const rows = [...names].map((field): Compared => {
    const values: [string | null, string | null] = [value(left, field), value(right, field)];
    return { field, values, differs: both && values[0] !== values[1] };
  });
  return [...rows.filter((row) => row.differs), ...rows.filter((row) => !row.differs)];
}

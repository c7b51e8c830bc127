// Counting over runs and their operations. Pure.
import type { Change, Difference, Module, Operation, OperationKind, Run, Side, Tally } from './backend/door';

/** Contacts written on one side. */
export function written(tally: Tally): number {
  return tally.created + tally.updated + tally.deleted;
}

/** What a run did, as short phrases: each kind of change has its own, so that a deletion is called one. */
export interface Deed {
  side: Side;
  kind: OperationKind;
  count: number;
}

export function deeds(run: Pick<Run, Side>): Deed[] {
  return sides.flatMap((side) =>
    [
      { side, kind: 'delete' as const, count: run[side].deleted },
      { side, kind: 'create' as const, count: run[side].created },
      { side, kind: 'update' as const, count: run[side].updated },
    ].filter(({ count }) => count > 0),
  );
}

export const sides: Side[] = ['zoho', 'google'];
/** What is at stake most comes first. */
export const kinds: OperationKind[] = ['delete', 'create', 'update'];

/** How many operations there are of each kind on each side. */
export function totals(operations: Operation[]): Record<Side, Record<OperationKind, number>> {
  const none = (): Record<OperationKind, number> => ({ create: 0, update: 0, delete: 0 });
  const sums = { zoho: none(), google: none() };
  for (const operation of operations) sums[operation.side][operation.kind] += 1;
  return sums;
}

const cjk = '[\\u3040-\\u30ff\\u3400-\\u9fff]';
const gap = new RegExp(`(?<=${cjk})\\s+(?=${cjk})`, 'g');

/** What a person typed, as it is compared: width, case, kana and the space in a Japanese name do
    not count. */
export function folded(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .trim()
    .replaceAll(/[\u3041-\u3096]/g, (kana) => String.fromCharCode(kana.charCodeAt(0) + 0x60))
    .replaceAll(gap, '');
}

/** Whether an operation has this (folded) text in its name, in what tells it apart or in any value. */
export function mentions(operation: Operation, wanted: string): boolean {
  if (wanted === '') return true;
  const has = (text: string | null): boolean => text !== null && folded(text).includes(wanted);
  return (
    has(operation.contact) ||
    operation.details.some(has) ||
    operation.fields.some((field) => has(field.before) || has(field.after))
  );
}

/** Whom an operation of a plan is about, as the engine names contacts: the module, and the id in Zoho or,
    where there is no record, in Google. */
export const planned = (module: Module, { zoho_id, google }: Operation): string => `${module}:${zoho_id ?? google ?? ''}`;

/** One person of a plan, with all that is written on either side. */
export interface Planned {
  /** What the engine calls the contact. */
  key: string;
  contact: string;
  operations: Operation[];
  /** Where the two sides say something else, and the plan takes one value. */
  differences: Difference[];
}

/** Whether something of this person is deleted. */
export const deleted = ({ operations }: Pick<Planned, 'operations'>): boolean => operations.some((one) => one.kind === 'delete');

/** Who is written, each person once: whoever is deleted comes first, and otherwise the plan's order holds. */
export function byPerson(module: Module, operations: Operation[], differences: Difference[]): Planned[] {
  const found = new Map<string, Planned>();
  for (const operation of operations) {
    const key = planned(module, operation);
    const person = found.get(key) ?? { key, contact: operation.contact, operations: [], differences: [] };
    person.operations.push(operation);
    found.set(key, person);
  }
  for (const difference of differences) found.get(`${module}:${difference.zoho_id}`)?.differences.push(difference);
  const all = [...found.values()];
  return [...all.filter(deleted), ...all.filter((one) => !deleted(one))];
}

/** The keys between two of them, both included, in the order in which they stand. */
export function between(keys: readonly string[], from: string, to: string): string[] {
  const ends = [keys.indexOf(from), keys.indexOf(to)];
  if (ends.includes(-1)) return [to];
  return keys.slice(Math.min(...ends), Math.max(...ends) + 1);
}

/** One contact of a run with all that was written to it on one side. */
export interface Touched {
  key: string;
  /** Its id on one side, by which it can be undone. */
  id: string | null;
  contact: string;
  side: Side;
  kind: OperationKind;
  why: string;
  fields: { field: string; before: string | null; after: string | null; overwritten: string | null }[];
}

/** The lines of a run, gathered by contact, side and kind, in their order. */
export function byContact(changes: Change[]): Touched[] {
  const found = new Map<string, Touched>();
  for (const change of changes) {
    const id = change.zoho_id ?? change.google ?? change.contact;
    const key = `${change.side} ${change.kind} ${id}`;
    let touched = found.get(key);
    if (!touched) {
      touched = {
        key,
        id: change.zoho_id ?? change.google,
        contact: change.contact,
        side: change.side,
        kind: change.kind,
        why: change.why,
        fields: [],
      };
      found.set(key, touched);
    }
    if (change.field !== null) {
      touched.fields.push({
        field: change.field,
        before: change.before,
        after: change.after,
        overwritten: change.overwritten,
      });
    }
  }
  return [...found.values()];
}

function cell(text: string | null): string {
  // A leading = + - @, wide ones too, would be a formula in a spreadsheet.
  const safe = text !== null && /^[=+\-@\t\r＝＋－＠]/.test(text) ? `'${text}` : (text ?? '');
  return `"${safe.replaceAll('"', '""')}"`;
}

/** The plan as a table for a spreadsheet: a line a field, and one for each pair that was recognised. */
export function planCsv(run: Run): string {
  const head = ['side', 'kind', 'contact', 'zoho_id', 'google', 'field', 'before', 'after', 'why'];
  const lines = (run.operations ?? []).flatMap((operation) => {
    const { side, kind, contact, zoho_id, google, why } = operation;
    const fields = operation.fields.length ? operation.fields : [{ field: '', before: null, after: null }];
    return fields.map((field) =>
      [side, kind, contact, zoho_id, google, field.field, field.before, field.after, why]
        .map(cell)
        .join(','),
    );
  });
  const pairs = (run.matches ?? []).map(({ contact, zoho_id, google, shared, why }) =>
    [null, 'match', contact, zoho_id, google, null, shared, shared, why].map(cell).join(','),
  );
  // Without the mark, spreadsheets take the text for another encoding than UTF-8.
  return '\uFEFF' + [head.join(','), ...lines, ...pairs].join('\r\n') + '\r\n';
}

// What the two services' fields are called for a person.
import type { Fields } from './backend/door';
import { knows, spoken, t } from './l10n.svelte';

/** What a change of a person's labels is called among the fields of a contact. */
export const labels = 'memberships';

/** A Google place such as `phoneNumbers[work]`, in words. */
export function placeName(path: string): string {
  const parts = /^(\w+)(?:\[([^\]]*)\])?(?:\.(\w+))?$/.exec(path);
  if (!parts) return path;
  const [, group = '', kind, part] = parts;
  const id = part ? `place-${group}-${part}` : `place-${group}`;
  if (!knows(id)) return path;
  if (kind === undefined) return t(id, { kind: '' });
  const kindId = `place-kind-${kind}`;
  return t(id, { kind: knows(kindId) ? t(kindId) : kind });
}

/** Zoho's label of a field; its key, made readable, where the label is not known. */
export function fieldName(fields: Fields | null, apiName: string): string {
  const known = fields?.zoho.find((field) => field.api_name === apiName);
  return known?.label ?? (apiName === labels ? placeName(labels) : apiName.replaceAll('_', ' '));
}

/** Rows about fields in the order of the language: in Japanese the family name comes first. */
export function inNameOrder<T>(rows: readonly T[], field: (row: T) => string): T[] {
  const at = (name: string): number => rows.findIndex((row) => field(row) === name);
  const [given, family] = [at('First_Name'), at('Last_Name')];
  const row = rows[family];
  if (spoken() !== 'ja' || given < 0 || family < given || row === undefined) return [...rows];
  const rest = rows.filter((_, index) => index !== family);
  return [...rest.slice(0, given), row, ...rest.slice(given)];
}

// What the two services' fields are called for a person.
import type { Fields } from './backend/door';
import { knows, t } from './l10n.svelte';

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
  return known?.label ?? apiName.replaceAll('_', ' ');
}

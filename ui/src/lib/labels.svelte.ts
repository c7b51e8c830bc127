// The labels of Zoho's fields, asked for once per module; history and plan name fields by them.
import { backend, type Fields, type Module } from '$lib/backend';
import { spoken, t } from './l10n.svelte';
import { fieldName } from './places';

const known = $state<Partial<Record<Module, Fields>>>({});
const asked = new Set<Module>();
/** The language in which they were asked for. */
let language = spoken();

/** A field's label, or its key until (or where) the labels cannot be had. */
export function label(module: Module, apiName: string): string {
  return fieldName(known[module] ?? null, apiName);
}

/** The fields of a write in one line: the first few by name, and how many there are. */
export function gist(module: Module, fields: string[]): string {
  const names = fields.slice(0, 4).map((field) => label(module, field)).join(' · ');
  return fields.length > 4 ? t('change-gist-more', { fields: names, count: fields.length }) : names;
}

/** Makes a module's labels known; without the network the keys stay. */
export async function learn(module: Module): Promise<void> {
  if (language !== spoken()) {
    language = spoken();
    asked.clear();
  }
  if (asked.has(module)) return;
  asked.add(module);
  try {
    known[module] = await backend.commands.fields(module);
  } catch {
    asked.delete(module);
  }
}

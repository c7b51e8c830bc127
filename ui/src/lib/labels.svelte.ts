// The labels of Zoho's fields, asked for once per module; history and plan name fields by them.
import { backend, type Fields, type Module } from '$lib/backend';
import { spoken, t } from './l10n.svelte';
import { fieldName } from './places';

const fields = $state<Partial<Record<Module, Fields>>>({});
const asked = new Set<Module>();
/** The language in which they were asked for. */
let language = spoken();

/** A field's label, or its key until (or where) the labels cannot be had. */
export function label(module: Module, apiName: string): string {
  return fieldName(fields[module] ?? null, apiName);
}

/** The fields of a write in one line: the first few by name, and how many there are. */
export function gist(module: Module, written: string[]): string {
  const names = written.slice(0, 4).map((field) => label(module, field)).join(' · ');
  return written.length > 4 ? t('change-gist-more', { fields: names, count: written.length }) : names;
}

/** In one line what tells a contact apart from others of its name, and the rest. */
export function known(details: string[], rest: string): string {
  return details.length > 0 ? `${details.slice(0, 2).join(' · ')} – ${rest}` : rest;
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
    fields[module] = await backend.commands.fields(module);
  } catch {
    asked.delete(module);
  }
}

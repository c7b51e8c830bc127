// The catalogue of messages on the window's side (Project Fluent; the same files as in Rust).
import { FluentBundle, FluentResource, type FluentVariable } from '@fluent/bundle';
import en from '$locales/en.ftl?raw';
import ja from '$locales/ja.ftl?raw';
import type { Language } from '$lib/backend/door';
import { isolated } from '$lib/isolated';

const sources: Record<Language, string> = { en, ja };

function load(language: Language): FluentBundle {
  // Texts from outside are isolated where it matters (see `isolated`).
  const bundle = new FluentBundle(language, { useIsolating: false });
  bundle.addResource(new FluentResource(sources[language]));
  return bundle;
}

let language = $state<Language>('en');
let bundle = $derived(load(language));

/** The language that is spoken now. */
export function spoken(): Language {
  return language;
}

/** Speaks this language from now on; everything on screen follows at once. */
export function speak(next: Language): void {
  language = next;
  document.documentElement.lang = next;
}

export type Args = Record<string, FluentVariable>;

function find(id: string, args?: Args): string | null {
  const pattern = bundle.getMessage(id)?.value;
  if (!pattern) return null;
  const faults: Error[] = [];
  const told = Object.entries(args ?? {}).map(([name, value]) => [name, typeof value === 'string' ? isolated(spelled(name, value)) : value]);
  return bundle.formatPattern(pattern, Object.fromEntries(told), faults);
}

/** A module has a name in each language; whatever else is told stays as it is. */
function spelled(name: string, value: string): string {
  return name === 'module' ? (find(`module-${value}`) ?? value) : value;
}

/** The message; its id where the catalogue has none (a test keeps that from happening). */
export function t(id: string, args?: Args): string {
  return find(id, args) ?? id;
}

/** Whether the catalogue has a message. */
export function knows(id: string): boolean {
  return find(id) !== null;
}

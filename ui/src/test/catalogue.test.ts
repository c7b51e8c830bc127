// The catalogue is complete: every message is in both languages, takes the same arguments there,
// is used somewhere, and everything used is in it.
import { FluentBundle, FluentResource } from '@fluent/bundle';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../../..');
const text = (language: string): string => readFileSync(join(root, `locales/${language}.ftl`), 'utf8');

function ids(language: string): string[] {
  return [...text(language).matchAll(/^([a-zA-Z][\w-]*) =/gm)].map((match) => match[1] as string);
}

function variables(language: string): Map<string, string> {
  const entries = text(language).split(/^(?=[a-zA-Z][\w-]* =)/m).slice(1);
  return new Map(
    entries.map((entry) => {
      const id = /^[\w-]+/.exec(entry)?.[0] ?? '';
      return [id, [...new Set([...entry.matchAll(/\{ \$(\w+)/g)].map((match) => match[1]))].sort().join(' ')];
    }),
  );
}

function sources(folder: string, ends: string[]): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => ends.some((end) => file.endsWith(end)) && !file.includes('.test.') && !/(^|\/)(demo|test)\/|bindings\.ts/.test(file))
    .map((file) => readFileSync(join(root, folder, file), 'utf8'));
}

const code = [
  ...sources('ui/src', ['.svelte', '.ts']),
  ...sources('crates', ['.rs']),
  ...sources('src-tauri/src', ['.rs']),
].join('\n');

/** Families of ids that the code puts together: `module-${…}`. */
const families = [...new Set([...code.matchAll(/(?:\bt\(|[iI]d = (?:\w+ \? )?)`([a-z][\w-]*-)\$\{/g)].map((match) => match[1] as string))];

test('both languages parse without a fault', () => {
  for (const language of ['en', 'ja']) {
    const bundle = new FluentBundle(language);
    expect(bundle.addResource(new FluentResource(text(language))), language).toEqual([]);
    for (const id of ids(language)) expect(bundle.getMessage(id)?.value, `${language}: ${id}`).toBeTruthy();
  }
});

test('no message is there twice', () => {
  for (const language of ['en', 'ja']) {
    const all = ids(language);
    expect(all.filter((id, index) => all.indexOf(id) !== index), language).toEqual([]);
  }
});

test('both languages have the same messages with the same arguments', () => {
  const [en, ja] = [variables('en'), variables('ja')];
  expect([...ja.keys()].sort()).toEqual([...en.keys()].sort());
  for (const [id, names] of en) expect(`${id}: ${ja.get(id)}`).toBe(`${id}: ${names}`);
});

test('every message that is named is in the catalogue', () => {
  const known = new Set(ids('en'));
  const named = [...code.matchAll(/\bt\(\s*'([^']+)'/g), ...code.matchAll(/\bt\([^)`]*\? '([^']+)'/g), ...code.matchAll(/\bt\([^)`]*\? '[^']+' : '([^']+)'/g), ...code.matchAll(/\bid: '((?:error|mistake)-[^']+)'/g), ...code.matchAll(/\bsay(?:_with)?\(\s*"([^"]+)"/g), ...code.matchAll(/"(engine-[a-z-]+)"/g)].map(
    (match) => match[1] as string,
  );
  expect(named.length).toBeGreaterThan(100);
  expect([...new Set(named)].filter((id) => !known.has(id))).toEqual([]);
  const empty = families.filter((family) => ![...known].some((id) => id.startsWith(family)));
  expect(empty).toEqual([]);
});

test('every failure that Rust can name is in the catalogue', () => {
  // The command line's own are said by itself; one says what the engine found in its own sentence.
  const rust = [...sources('crates/engine', ['.rs']), ...sources('src-tauri/src', ['.rs'])].join('\n');
  const named = new Set([...rust.matchAll(/"(error-[a-z-]+)"/g)].map((match) => match[1] as string));
  named.delete('error-direction');
  expect(named.size).toBeGreaterThan(30);
  const known = new Set(ids('en'));
  expect([...named].filter((id) => !known.has(id))).toEqual([]);
});

test('every answer of every question has its words', () => {
  const file = (path: string): string => readFileSync(join(root, path), 'utf8');
  const kinds = new Map(
    [...file('crates/engine/text/message.rs').matchAll(/((?:\s*\|?\s*About::\w+(?: \{ \.\. \}|\(_\))?)+) => ReviewKind::(\w+)/g)].flatMap(
      ([, abouts = '', kind = '']) =>
        [...abouts.matchAll(/About::(\w+)/g)].map((match): [string, string] => [match[1] as string, kind.replaceAll(/(?<=[a-z])[A-Z]/g, '_$&').toLowerCase()]),
    ),
  );
  const answers = [...file('crates/core/plan/question.rs').matchAll(/About::(\w+)[^=]*=>\s*\{?\s*&\[([^\]]*)\]/g)].flatMap(
    ([, about = '', choices = '']) => [...choices.matchAll(/"(\w+)"/g)].map((match) => `${kinds.get(about)}-${match[1]}`),
  );
  expect(answers.length).toBeGreaterThan(12);
  const known = new Set(ids('en'));
  expect(answers.flatMap((one) => [`choice-${one}`, `does-${one}`]).filter((id) => !known.has(id))).toEqual([]);
});

test('what the engine says in Japanese is Japanese', () => {
  const bundle = new FluentBundle('ja');
  bundle.addResource(new FluentResource(text('ja')));
  const engines = ids('ja').filter((id) => id.startsWith('engine-'));
  expect(engines.length).toBeGreaterThan(30);
  for (const id of engines) {
    const pattern = bundle.getMessage(id)?.value;
    expect(pattern ? bundle.formatPattern(pattern, {}, []) : '', id).toMatch(/[ぁ-ん]/);
  }
});

test('every message is used', () => {
  const unused = ids('en').filter(
    (id) =>
      !code.includes(`'${id}'`) && !code.includes(`"${id}"`) && !families.some((family) => id.startsWith(family)),
  );
  expect(unused).toEqual([]);
});

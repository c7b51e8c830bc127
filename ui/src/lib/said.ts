// The engine says why it did something in English sentences. The catalogue knows each of them by
// its English words; here they are found again and said in the person's language.
import { FluentBundle, FluentResource, type Message } from '@fluent/bundle';
import en from '$locales/en.ftl?raw';
import { spoken, t } from './l10n.svelte';

interface Known {
  id: string;
  form: RegExp;
  names: string[];
}

/** A pattern of plain text and variables as an expression; none where it chooses or formats. */
function form(id: string, pattern: NonNullable<Message['value']>): Known | null {
  const names: string[] = [];
  let source = '';
  for (const part of typeof pattern === 'string' ? [pattern] : pattern) {
    if (typeof part === 'string') {
      source += part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
    } else if (part.type === 'var') {
      names.push(part.name);
      source += '(.+?)';
    } else {
      return null;
    }
  }
  return { id, form: new RegExp(`^${source}$`, 's'), names };
}

function known(): Known[] {
  const bundle = new FluentBundle('en');
  const resource = new FluentResource(en);
  bundle.addResource(resource);
  return resource.body
    .filter((entry) => entry.id.startsWith('engine-') || entry.id.startsWith('error-'))
    .flatMap((entry) => {
      const pattern = ('attributes' in entry ? entry.attributes['engine'] : null) ?? entry.value;
      return pattern ? (form(entry.id, pattern) ?? []) : [];
    })
    // What has more words of its own is meant before what would take anything.
    .sort((a, b) => b.form.source.length - a.form.source.length);
}

const sentences = known();
const remembered = new Map<string, string>();

/** Whether the catalogue has this sentence. */
export function isKnown(text: string): boolean {
  return sentences.some((one) => one.form.test(text));
}

/** A part can be a sentence itself (the reason of a doubtful pair), or a list. */
function part(name: string, text: string, nameOf: NameOf): string {
  if (name === 'field') return nameOf(text);
  if (name !== 'rights') return say(text, nameOf);
  return new Intl.ListFormat(spoken()).format(text.split(', ').map((one) => say(one)));
}

/** What a field is called, by Zoho's key. */
type NameOf = (field: string) => string;
const asItIs: NameOf = (field) => field;

/** One of the engine's sentences in the person's language; one that is not known stays as it is. */
export function say(text: string, nameOf: NameOf = asItIs): string {
  const key = `${spoken()} ${text}`;
  const before = nameOf === asItIs ? remembered.get(key) : undefined;
  if (before !== undefined) return before;
  let said = text;
  for (const { id, form, names } of sentences) {
    const found = form.exec(text);
    if (!found) continue;
    const parts = names.map((name, index) => [name, part(name, found[index + 1] ?? '', nameOf)]);
    said = t(id, Object.fromEntries(parts) as Record<string, string>);
    break;
  }
  if (nameOf !== asItIs) return said;
  if (remembered.size > 5000) remembered.clear();
  remembered.set(key, said);
  return said;
}

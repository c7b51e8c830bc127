// Japanese breaks between phrases, never inside a word: where the web view does not do it by itself,
// a mark without width stands where a phrase ends, in everything that is shown. Values of contacts
// are left as they are, and nothing that is copied holds a mark.
import { loadDefaultJapaneseParser } from 'budoux';

const MARK = '\u200b';
const BOUND = '\u00a0';
/** The space between a number and what it counts, and between a name and the particle that belongs to
    it: `12 件` is one word, and so is `Google の`. */
const BOUND_TO_WHAT_FOLLOWS = /(?:(?<=\d)\u200b? \u200b?(?=[\u3040-\u30ff\u3400-\u9fff])|(?<=[A-Za-z)])\u200b? \u200b?(?=[\u3041-\u309f]))/g;
const JAPANESE = /[\u3040-\u30ff\u3400-\u9fff]/;
/** What is shown letter by letter, or is not the program's to change. */
const LEFT_ALONE = '.value, textarea, script, style';

/** Words that the parser takes apart. */
const WHOLE = ['ふりがな', 'フリガナ', 'その他', '見込み客'].map((word) => [new RegExp([...word].join(`${MARK}?`), 'g'), word] as const);
/** A line ends neither after what opens nor before what closes. */
const IN_BRACKETS = /(?<=[（「『(])\u200b|\u200b(?=[）」』)、。：])/g;

function joined(phrases: string[]): string {
  const marked = WHOLE.reduce((text, [apart, word]) => text.replace(apart, word), phrases.join(MARK));
  return marked.replace(IN_BRACKETS, '');
}

const parser = loadDefaultJapaneseParser();
const known = new Map<string, string>();

/** The text as it was before it was marked. */
function plain(text: string): string {
  return text.replaceAll(MARK, '').replaceAll(BOUND, ' ');
}

/** The text with a mark wherever a line may end. */
export function phrased(text: string): string {
  if (!JAPANESE.test(text)) return text;
  const bare = plain(text);
  let marked = known.get(bare);
  if (marked === undefined) {
    marked = joined(parser.parse(bare)).replace(BOUND_TO_WHAT_FOLLOWS, BOUND);
    if (known.size > 2000) known.clear();
    known.set(bare, marked);
  }
  return marked;
}

function mark(node: Node): void {
  if (!(node instanceof Text) || node.parentElement?.closest(LEFT_ALONE)) return;
  const marked = phrased(node.data);
  if (marked !== node.data) node.data = marked;
}

function markAll(root: Node): void {
  mark(root);
  const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) mark(texts.currentNode);
}

/** Marks what is there and whatever is shown later; ends it. */
export function breakBetweenPhrases(root: HTMLElement): () => void {
  markAll(root);
  const watch = new MutationObserver((changes) => {
    for (const change of changes) {
      if (change.type === 'characterData') mark(change.target);
      else change.addedNodes.forEach(markAll);
    }
  });
  watch.observe(root, { subtree: true, childList: true, characterData: true });
  const copied = (event: ClipboardEvent): void => {
    const text = document.getSelection()?.toString() ?? '';
    if (event.target instanceof HTMLInputElement || plain(text) === text) return;
    event.clipboardData?.setData('text/plain', plain(text));
    event.preventDefault();
  };
  document.addEventListener('copy', copied);
  return () => {
    watch.disconnect();
    document.removeEventListener('copy', copied);
  };
}

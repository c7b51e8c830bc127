// The keyboard never loses its place: where what had the focus is gone or hidden, what stands there now
// takes it, or else the nearest surroundings that are left.

const takes = 'a[href], button:not(:disabled), input:not(:disabled), select:not(:disabled), [tabindex="0"]';

/** Where something stood: its surroundings, and the how-manieth it was in them. */
interface Place {
  parent: Element;
  index: number;
}

function places(node: Element): Place[] {
  const parent = node.parentElement;
  return parent ? [{ parent, index: [...parent.children].indexOf(node) }, ...places(parent)] : [];
}

/** A web view that cannot tell hides nothing. */
const visible = (node: Element): boolean => node.checkVisibility?.() ?? true;
const gone = (node: Element): boolean => !node.isConnected || !visible(node);
const within = (node: Element): Element | undefined =>
  [...node.querySelectorAll('*')].find((one) => one.matches(takes) && visible(one));

function focus(node: Element): void {
  if (!(node instanceof HTMLElement)) return;
  if (!node.matches(takes)) node.tabIndex = -1;
  node.focus({ preventScroll: true });
}

/** Watches over a screen: `{@attach keepFocus}`. */
export function keepFocus(root: HTMLElement): () => void {
  let last: Element | null = null;
  let around: Place[] = [];
  const remember = ({ target }: FocusEvent): void => {
    last = target as Element;
    around = places(last);
  };
  const observer = new MutationObserver(() => {
    const active = document.activeElement;
    if (!last || !gone(last) || (active !== document.body && active !== last)) return;
    const place = around.find(({ parent }) => !gone(parent));
    if (!place) return;
    const { parent, index } = place;
    const there = parent.children[Math.min(index, parent.children.length - 1)];
    const next = there?.matches(takes) && visible(there) ? there : there && within(there);
    focus(next ?? within(parent) ?? parent);
  });
  root.addEventListener('focusin', remember);
  observer.observe(root, { childList: true, subtree: true, attributeFilter: ['class', 'hidden'] });
  return () => {
    root.removeEventListener('focusin', remember);
    observer.disconnect();
  };
}

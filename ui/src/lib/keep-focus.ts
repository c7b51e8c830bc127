// The keyboard never loses its place: where what had the focus is gone, what stands there now takes
// it, or else the nearest surroundings that are left.

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
    if (!last || last.isConnected || document.activeElement !== document.body) return;
    const place = around.find(({ parent }) => parent.isConnected);
    if (!place) return;
    const { parent, index } = place;
    const there = parent.children[Math.min(index, parent.children.length - 1)];
    const next = there?.matches(takes) ? there : there?.querySelector(takes);
    focus(next ?? parent.querySelector(takes) ?? parent);
  });
  root.addEventListener('focusin', remember);
  observer.observe(root, { childList: true, subtree: true });
  return () => {
    root.removeEventListener('focusin', remember);
    observer.disconnect();
  };
}

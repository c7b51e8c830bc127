// The menu of the right button is the system's own: copying, and nothing of a web page's.
import { backend } from '$lib/backend';

/** The web view of Linux has a menu that the shell fills; elsewhere the shell is asked for one. */
const filled = (): boolean => /Linux/.test(navigator.userAgent);

const FIELD = 'input:not([type="checkbox"], [type="radio"]), textarea';

/** A value of a contact's is marked as a whole where nothing is: copying it takes no aiming. */
function markValue(target: Element): void {
  const marked = document.getSelection();
  const value = target.closest('.value, code');
  if (marked?.isCollapsed && value && !target.closest(FIELD)) marked.selectAllChildren(value);
}

/** Shows it wherever the right button is pressed; ends it. */
export function ownContextMenu(root: HTMLElement = document.body): () => void {
  const pressed = (event: MouseEvent): void => {
    if (event.button === 2 && event.target instanceof Element) markValue(event.target);
  };
  const asked = (event: MouseEvent): void => {
    if (filled() || !(event.target instanceof Element)) return;
    event.preventDefault();
    const field = event.target.closest<HTMLInputElement | HTMLTextAreaElement>(FIELD);
    const marked = field ? field.selectionStart !== field.selectionEnd : document.getSelection()?.isCollapsed === false;
    void backend.commands.contextMenu(field !== null, marked).catch(() => undefined);
  };
  root.addEventListener('mousedown', pressed);
  root.addEventListener('contextmenu', asked);
  return () => {
    root.removeEventListener('mousedown', pressed);
    root.removeEventListener('contextmenu', asked);
  };
}

// Keyboard shortcuts: whatever is on screen says by which key it is reached, and shows it.
import type { Attachment } from 'svelte/attachments';

const mac = typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.platform);

/** The keys as they are written on this computer. */
export function keys(key: string): string {
  if (key === 'Escape') return 'Esc';
  return mac ? `⌘${key.toUpperCase()}` : `Ctrl+${key.toUpperCase()}`;
}

/** A text with the keys that lead to what it names. */
export function hinted(text: string, key: string): string {
  return `${text} (${keys(key)})`;
}

/** Gives an element its keys: a field takes the focus, anything else is pressed. */
export function shortcut(...all: string[]): Attachment<HTMLElement> {
  return (element) => {
    element.dataset['shortcut'] = all.join(' ');
    // Shown to whoever points at it, where there is no room beside its name.
    if (element.title === '') element.title = all.map(keys).join(' / ');
    const modifier = mac ? 'Meta+' : 'Control+';
    element.setAttribute('aria-keyshortcuts', all.map((key) => (key === 'Escape' ? key : `${modifier}${key.toUpperCase()}`)).join(' '));
  };
}

/** The key of the shortcut that was pressed; none where it is an ordinary key. */
function pressed(event: KeyboardEvent): string | null {
  if (event.isComposing || event.altKey || event.shiftKey) return null;
  if (event.key === 'Escape') return event.ctrlKey || event.metaKey ? null : 'Escape';
  const held = mac ? event.metaKey && !event.ctrlKey : event.ctrlKey && !event.metaKey;
  return held ? event.key.toLowerCase() : null;
}

/** Does what the keys on screen say; whether it was one. Questions keep the keyboard to themselves. */
export function act(event: KeyboardEvent, otherwise: (key: string) => boolean): void {
  const key = pressed(event);
  if (key === null || event.defaultPrevented || document.querySelector('[role="dialog"], [role="menu"]')) return;
  const here = document.activeElement;
  if (key === 'Escape' && here instanceof HTMLInputElement && here.type === 'search' && here.value !== '') {
    here.value = '';
    here.dispatchEvent(new Event('input', { bubbles: true }));
    event.preventDefault();
    return;
  }
  const found = document.querySelector<HTMLElement>(`[data-shortcut~="${CSS.escape(key)}"]`);
  if (found instanceof HTMLInputElement) {
    found.focus();
    found.select();
  } else if (found) found.click();
  else if (!otherwise(key)) return;
  event.preventDefault();
}

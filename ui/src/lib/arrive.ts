// Where the keyboard and the screen reader go on when what they were at is gone.

/** Begins a screen's next step at its heading, with all that is above it in sight. */
export function begin(heading: HTMLElement | undefined): void {
  heading?.focus({ preventScroll: true });
  for (let node = heading?.parentElement; node; node = node.parentElement) node.scrollTo?.(0, 0);
}

/** Takes the focus as it appears: `{@attach arrive}`. */
export function arrive(node: HTMLElement): void {
  node.tabIndex = -1;
  node.focus({ preventScroll: true });
}

// Where the keyboard and the screen reader go on when what they were at is gone.

/** Takes the focus as it appears: `{@attach arrive}`. */
export function arrive(node: HTMLElement): void {
  node.tabIndex = -1;
  node.focus({ preventScroll: true });
}

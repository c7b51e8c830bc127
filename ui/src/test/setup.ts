import '@testing-library/jest-dom/vitest';
import { cleanup } from '@testing-library/svelte';
import { afterEach } from 'vitest';

// jsdom lays nothing out: every list says that it is 600 high, and every row in it 50.
class Sizes implements ResizeObserver {
  constructor(private readonly heard: ResizeObserverCallback) {}
  observe(target: Element): void {
    const height = target.getAttribute('role') === 'group' ? 600 : 50;
    const contentRect = { width: 800, height, top: 0, left: 0, right: 800, bottom: height, x: 0, y: 0 } as DOMRect;
    const entry = { target, contentRect, borderBoxSize: [], contentBoxSize: [], devicePixelContentBoxSize: [] };
    queueMicrotask(() => this.heard([entry], this));
  }
  unobserve(): void {}
  disconnect(): void {}
}
window.ResizeObserver = Sizes;
Element.prototype.scrollTo = (() => undefined) as typeof Element.prototype.scrollTo;
Element.prototype.scrollIntoView = () => undefined;
Object.defineProperty(HTMLElement.prototype, 'offsetHeight', { get: () => 50 });
Object.defineProperty(HTMLElement.prototype, 'offsetParent', { get: () => document.body });

afterEach(() => cleanup());

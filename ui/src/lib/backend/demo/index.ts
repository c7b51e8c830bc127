// The other side of the same door: sample data and no engine, for component tests, the browser
// preview and the gallery. What it is to show is named in the address: ?scenario=…&lang=…&theme=…
import type { Backend, Language, Theme } from '../door';
import { Demo, isScenario } from './demo';

const asked = new URLSearchParams(typeof location === 'undefined' ? '' : location.search);
const scenario = asked.get('scenario') ?? 'rich';

export const demo = new Demo(isScenario(scenario) ? scenario : 'rich', {
  language: (asked.get('lang') as Language | null) ?? 'en',
  theme: (asked.get('theme') as Theme | null) ?? 'light',
});

declare global {
  interface Window {
    /** The demo's strings, for the gallery to pull. */
    demo?: Demo;
  }
}
if (typeof window !== 'undefined') window.demo = demo;

export const backend: Backend = demo;

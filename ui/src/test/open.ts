// Opens the whole window on the demo, at one screen.
import { render, screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import axe from 'axe-core';
import { expect } from 'vitest';
import App from '../App.svelte';
import { app } from '$lib/app.svelte';
import { demo } from '$lib/backend/demo';
import { kept, widen } from '$lib/kept.svelte';
import { guides } from '$lib/guide.svelte';
import { unopened } from '$lib/links.svelte';
import { logins } from '$lib/login.svelte';
import type { Scenario } from '$lib/backend/demo/demo';
import type { Language } from '$lib/backend';

export async function open(
  scenario: Scenario,
  hash = '#/',
  language: Language = 'en',
  prepare: () => void = () => undefined,
): Promise<ReturnType<typeof userEvent.setup>> {
  demo.preferences = { ...demo.preferences, language, theme: 'light' };
  demo.play(scenario);
  prepare();
  for (const list of Object.keys(kept) as (keyof typeof kept)[]) widen(list);
  Object.assign(app, { ready: false, failure: null, progress: {}, closeNotice: false, endAsked: false, said: '' });
  for (const login of Object.values(logins)) Object.assign(login, { waiting: false, failure: null });
  unopened.failure = null;
  for (const guide of Object.values(guides)) guide.reset();
  location.hash = hash;
  window.dispatchEvent(new HashChangeEvent('hashchange'));
  render(App);
  window.dispatchEvent(new HashChangeEvent('hashchange'));
  await expect.poll(() => app.ready).toBe(true);
  return userEvent.setup();
}

/** The screen with this name, when it is there. */
export function onScreen(name: string): Promise<HTMLElement> {
  return screen.findByTestId(name);
}

/** Only people with a label take part; where it is chosen. */
export async function labelled(user: Awaited<ReturnType<typeof open>>): Promise<HTMLElement> {
  await user.click(await screen.findByRole('radio', { name: /^Only those with a label/ }));
  return screen.findByTestId('google-label');
}

/** What axe finds wrong; contrast needs a real layout and is checked in the browser. */
export async function barriers(): Promise<string[]> {
  const found = await axe.run(document.body, { rules: { 'color-contrast': { enabled: false } } });
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`);
}

/** The commands that were called so far, by name. */
export function called(command: string): unknown[][] {
  return demo.calls.filter((call) => call.command === command).map((call) => call.args);
}

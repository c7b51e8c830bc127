// What the tests of the way to a client share.
import { screen } from '@testing-library/svelte';
import { expect, vi } from 'vitest';

export const zohoKeys = { id: '1000.AOZORA7K2M', secret: '3f9c81d2' };
export const googleFile = JSON.stringify({ installed: { client_id: '1-a.apps.googleusercontent.com', client_secret: 's' } });
export const organisation = JSON.stringify({
  google: { client_id: '1-a.apps.googleusercontent.com', client_secret: 's' },
  zoho: { client_id: '1000.B', client_secret: 's', data_centre: 'jp' },
});

/** What is put on the clipboard from now on. */
export function hearCopies(): string[] {
  const copied: string[] = [];
  vi.spyOn(navigator.clipboard, 'writeText').mockImplementation((text) => {
    copied.push(text);
    return Promise.resolve();
  });
  return copied;
}

/** The heading of the step that is shown. */
export const step = (): HTMLElement => screen.getByTestId('guide-step');

/** Waits until a step is shown. */
export async function at(name: string): Promise<void> {
  await expect.poll(() => screen.queryByTestId('guide-step')?.dataset['step']).toBe(name);
}

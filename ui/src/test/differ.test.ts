// Contacts that are left different: no sentence calls both sides in step.
import { screen, within } from '@testing-library/svelte';
import { expect, test } from 'vitest';
import { demo } from '$lib/backend/demo';
import { open } from './open';

test('the overview counts them apart, and a quiet run does not say that both sides agreed', async () => {
  await open('quiet', '#/', 'en', () => {
    demo.syncs = demo.syncs.map((one) => ({ ...one, state: 'up_to_date', needs_you: 0, waiting: 0, differ: 2 }));
    const none = { created: 0, updated: 0, deleted: 0, requests: 1 };
    demo.runs = demo.runs.map((run) => ({ ...run, outcome: 'completed', undo: false, zoho: none, google: none, waiting: 0, review: 0, message: null, failure: undefined, alarm: false, differ: 2 }));
  });
  const picture = within(await screen.findByTestId('picture-Contacts'));
  await expect.poll(() => picture.queryByTestId('fact-differ')?.textContent).toBe('2 left different');
  expect(screen.getByText(/in step, and 2 left with different values\./)).toBeVisible();
  expect(screen.queryByText(/already agreed/)).toBeNull();
  expect(screen.getAllByText('Nothing had to be written; 2 contacts are left different').length).toBeGreaterThan(0);
});

test('a run that leaves contacts different says so', async () => {
  const user = await open('awaiting', '#/plan/Contacts', 'en', () => {
    const write = demo.commands.sync;
    demo.commands.sync = async (...args) => {
      const answer = await write(...args);
      demo.commands.sync = write;
      return { runs: answer.runs.map((run) => ({ ...run, differ: 2 })) };
    };
  });
  await user.click(await screen.findByTestId('approve'));
  const done = await screen.findByTestId('done');
  expect(done).toHaveTextContent('Done; 2 contacts are left different');
  expect(done).not.toHaveTextContent('in step');
});

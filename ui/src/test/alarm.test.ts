// Contacts that vanished at once: said on every screen, with three ways on, and nothing calm beside it.
import { screen, within } from '@testing-library/svelte';
import { expect, test } from 'vitest';
import { demo } from '$lib/backend/demo';
import { called, onScreen, open } from './open';

const places: [screen: string, hash: string][] = [
  ['overview', '#/'],
  ['needs-you', '#/needs-you'],
  ['history', '#/history'],
  ['run-detail', '#/history/13'],
  ['plan', '#/plan/Contacts'],
];
/** What is said where all is well. */
const calm = { en: /in step|already agree|up to date|complete as of|Completed/i, ja: /一致|最新|同期済み|完了/ };
const loud = { en: '291 contacts disappeared from Google', ja: 'Google から 291 件の連絡先がなくなりました' };

for (const language of ['en', 'ja'] as const) {
  test.each(places)(`%s says what vanished, and nothing else is calm (${language})`, async (name, hash) => {
    await open('vanished', hash, language, () => {
      // Only the run in question: those before it had nothing to be alarmed about.
      demo.runs = demo.runs.slice(0, 1);
    });
    const shown = await onScreen(name);
    await expect.poll(() => shown.textContent).toContain(loud[language]);
    const said = shown.cloneNode(true) as HTMLElement;
    // What could be filtered for, and what an answer would do, is not said of how things stand.
    said.querySelectorAll('select, .hint').forEach((aside) => aside.remove());
    expect(said.textContent).not.toMatch(calm[language]);
  });
}

test.each(['contacts', 'settings'])('it rings on %s, and one press leads to the choice', async (screenName) => {
  const user = await open('vanished', `#/${screenName}`);
  expect(await screen.findByTestId('alarm-ring')).toHaveTextContent('291 contacts disappeared.');
  await user.click(within(screen.getByTestId('alarm-ring')).getByRole('button'));
  expect(await screen.findByTestId('alarm-Contacts')).toBeVisible();
  expect(screen.queryByTestId('alarm-ring')).toBeNull();
});

test('the way out is three choices, and what is chosen is carried out at once', async () => {
  const user = await open('vanished');
  expect(screen.getByTestId('alarm-Contacts')).toHaveTextContent('Nothing was deleted in Zoho.');
  await user.click(screen.getByTestId('alarm-put_back'));
  expect(called('resolve')).toEqual([[['1'], 'put_back']]);
  expect(called('sync')).toEqual([['Contacts', false]]);
  await expect.poll(() => screen.queryByTestId('alarm-Contacts')).toBeNull();
  expect(screen.getByText('440 in step')).toBeVisible();
});

test('deleting them on the other side, too, is asked once more', async () => {
  const user = await open('vanished', '#/needs-you');
  await user.click(await screen.findByTestId('alarm-delete'));
  expect(called('resolve')).toEqual([]);
  expect(await screen.findByTestId('alarm-dialog')).toHaveTextContent('Delete 291 contacts in Zoho too?');
  await user.click(screen.getByTestId('alarm-confirm'));
  expect(called('resolve')).toEqual([[['1'], 'delete']]);
});

test('whom it is about is looked at before anything is decided', async () => {
  const user = await open('vanished');
  await user.click(screen.getByTestId('alarm-who'));
  expect(await onScreen('contacts')).toBeVisible();
  expect(await screen.findByTestId('state-needs_you')).toHaveAttribute('aria-pressed', 'true');
  expect(called('resolve')).toEqual([]);
});

test('decided from the plan, the plan is made anew', async () => {
  const user = await open('vanished', '#/plan/Contacts');
  expect(await screen.findByTestId('nothing-else')).toBeVisible();
  await user.click(screen.getByTestId('alarm-one_by_one'));
  await expect.poll(() => called('preview').length).toBe(2);
});

test('a run that leaves questions does not say that both sides are in step', async () => {
  const user = await open('awaiting', '#/plan/Contacts', 'en', () => {
    const write = demo.commands.sync;
    demo.commands.sync = async (...args) => {
      const answer = await write(...args);
      demo.commands.sync = write;
      return { runs: answer.runs.map((run) => ({ ...run, review: 2 })) };
    };
  });
  await user.click(await screen.findByTestId('approve'));
  const done = await screen.findByTestId('done');
  expect(done).toHaveTextContent('Done; something needs you');
  expect(done).not.toHaveTextContent('in step');
});

// Deciding, searching and saving: what a person does with a sync that runs.
import { screen, within } from '@testing-library/svelte';
import { expect, test } from 'vitest';
import { app } from '$lib/app.svelte';
import { demo } from '$lib/backend/demo';
import { reviewItems } from '$lib/backend/demo/people';
import { grouped, inCommon, lines } from '../views/needs-you/groups';
import { called, open } from './open';

test('questions that take the same answers stand together, deletions first, none is lost', () => {
  const items = reviewItems(26);
  const groups = grouped(items);
  expect(groups.map((group) => group.kind)).toEqual(['deletion', 'match', 'invalid']);
  expect(lines(groups)).toHaveLength(items.length + groups.length);
});

test('only questions of one kind have answers in common', () => {
  const [deletion, match, , second] = reviewItems(4);
  if (!deletion || !match || !second) throw new Error('too few questions');
  expect(inCommon([deletion, second])).toEqual(['delete', 'put_back', 'keep']);
  expect(inCommon([deletion, match])).toEqual([]);
  expect(inCommon([deletion, { ...second, choices: ['create', 'leave'] }])).toEqual([]);
  expect(inCommon([])).toEqual([]);
});

test('every answer is explained, and all questions of a kind are picked by its heading', async () => {
  const user = await open('rich', '#/needs-you');
  const head = await screen.findByTestId('group-deletion');
  expect(head).toHaveTextContent("Delete The other one goes to the service's bin, too.");
  await user.click(within(head).getByRole('checkbox'));
  expect(screen.getByTestId('bulk-keep')).toHaveTextContent('Keep (13)');
});

test('one question is decided; the keyboard stays with it, and the sync can be started', async () => {
  const user = await open('rich', '#/needs-you');
  const question = within(await screen.findByTestId('review-1'));
  await user.click(question.getByTestId('choose-keep'));
  expect(await question.findByTestId('chosen')).toHaveTextContent('Keep');
  await expect.poll(() => document.activeElement).not.toBe(document.body);
  await user.click(screen.getByTestId('sync-now'));
  expect(called('sync')).toEqual([[null, false]]);
});

test('answers keep their place when one is chosen: pressing twice chooses once', async () => {
  const user = await open('rich', '#/needs-you');
  const question = within(await screen.findByTestId('review-1'));
  const order = (): (string | undefined)[] => question.getAllByTestId(/^choose-/).map((one) => one.dataset['testid']);
  const before = order();
  await user.dblClick(question.getByTestId('choose-keep'));
  expect(await question.findByTestId('chosen')).toHaveTextContent('Keep');
  expect(order()).toEqual(before);
  expect(question.getByTestId('choose-keep')).toHaveAttribute('aria-pressed', 'true');
  await user.click(question.getByTestId('choose-keep'));
  expect(called('resolve')).toEqual([[['1'], 'keep']]);
});

test('the history is searched over all runs, and a run opens on what was searched for', async () => {
  const user = await open('rich', '#/history');
  const list = await screen.findByTestId('history-list');
  expect(list.dataset['count']).toBe('60');
  await user.type(screen.getByTestId('history-search'), '鈴木翔太');
  await expect.poll(() => list.dataset['count']).toBe('20');
  await user.click(screen.getByTestId('run-60'));
  expect(await screen.findByTestId('run-list')).toBeVisible();
  expect(screen.getByRole('searchbox')).toHaveValue('鈴木翔太');
  expect(Number(screen.getByTestId('run-list').dataset['count'])).toBeLessThan(5);
});

test('contacts are saved as a file, and snapshots are listed', async () => {
  const user = await open('rich', '#/settings');
  await user.selectOptions(screen.getByTestId('files-module'), 'Leads');
  await user.click(screen.getByRole('radio', { name: /^Zoho All records/ }));
  await user.click(screen.getByRole('radio', { name: /vCard/ }));
  await user.click(screen.getByTestId('export-contacts'));
  expect(called('exportContacts')).toEqual([['Leads', 'zoho', 'vcard', 'renraku-Leads-zoho.vcf']]);
  expect(screen.getByText('1,204 contacts saved')).toBeVisible();
  await user.click(within(screen.getByTestId('snapshots')).getAllByRole('button')[0] as HTMLElement);
  expect(called('openSnapshot')).toEqual([['2026-10-08T01-20-00Z-Contacts']]);
});

test('before anything is set up there is nothing to save, and it says so', async () => {
  await open('fresh', '#/settings');
  expect(screen.getByTestId('files-none')).toBeVisible();
  expect(screen.getByTestId('snapshots-none')).toBeVisible();
});

test('a plan for nobody does not claim that both sides agree', async () => {
  await open('nobody', '#/plan/Contacts');
  expect(await screen.findByText('There is nobody to sync yet')).toBeVisible();
  expect(screen.queryByText(/already agree/)).toBeNull();
});

test('news that come in quick succession are asked for together', async () => {
  await open('quiet');
  const before = called('syncs').length;
  for (let news = 0; news < 500; news += 1) demo.tell({ event: 'changed' });
  await app.refresh();
  expect(called('syncs').length - before).toBeLessThan(4);
});

test('what a run wrote to one contact is undone alone', async () => {
  const user = await open('rich', '#/history/60');
  const change = within((await screen.findAllByTestId('change'))[0] as HTMLElement);
  await user.click(change.getByRole('button'));
  await user.click(change.getByTestId('undo-contact'));
  expect(await screen.findByTestId('undo-dialog')).toHaveTextContent('Undo what this run wrote to 佐藤 陽菜?');
  expect(await screen.findByTestId('undo-preview')).toHaveTextContent('One contact gets back the values it had before the run');
  await user.click(screen.getByTestId('undo-confirm'));
  expect(await screen.findByTestId('undone')).toHaveTextContent('30 of 30 changes are put back');
  expect(called('undo')).toEqual([[60, expect.stringMatching(/./)]]);
  // That one is done; the next one can be, and all the others too.
  expect(change.queryByTestId('undo-contact')).toBeNull();
  const next = within(screen.getAllByTestId('change')[1] as HTMLElement);
  await user.click(next.getByRole('button'));
  expect(next.getByTestId('undo-contact')).toBeVisible();
  await user.click(screen.getByTestId('undo'));
  expect(await screen.findByTestId('undo-preview')).toHaveTextContent('24 contacts that the run created go to the bin');
  await user.click(screen.getByTestId('undo-confirm'));
  await expect.poll(() => called('undo').length).toBe(2);
  await expect.poll(() => screen.queryByTestId('undo')).toBeNull();
  expect(screen.queryByTestId('undo-contact')).toBeNull();
});

test('a run that wrote nothing because all of it waits is not said to have agreed', async () => {
  await open('rich', '#/history', 'en', () => {
    demo.runs = demo.runs.map((run) => ({ ...run, outcome: 'partial' as const, waiting: 3, zoho: { ...run.zoho, created: 0, updated: 0, deleted: 0 }, google: { ...run.google, created: 0, updated: 0, deleted: 0 } }));
  });
  const [line] = await screen.findAllByTestId(/^run-\d+$/);
  expect(line).toHaveTextContent('3 contacts are left for the next run.');
});

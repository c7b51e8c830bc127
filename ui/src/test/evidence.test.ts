// Nobody decides blind: both contacts are shown beside every question.
import { screen, within } from '@testing-library/svelte';
import { describe, expect, test } from 'vitest';
import type { Evidence, Seen } from '$lib/backend';
import { app } from '$lib/app.svelte';
import { demo } from '$lib/backend/demo';
import { failure } from '$lib/backend/demo/demo';
import { compared, initials } from '$lib/evidence';
import { barriers, called, open } from './open';

test('a question tells by e-mail and company whom it is about, and which of them is gone', async () => {
  await open('rich', '#/needs-you');
  const who = await screen.findByTestId('who-2');
  expect(who).toHaveTextContent('@example');
  const deleted = await screen.findByTestId('who-1');
  expect(within(deleted).getByText('Deleted')).toBeVisible();
  expect(called('evidence').length, 'only what is in sight is asked for').toBeLessThan(26);
});

test('both stand side by side, differences marked, and each opens in its service', async () => {
  const user = await open('rich', '#/needs-you');
  await user.click(await screen.findByTestId('compare-2'));
  const who = screen.getByTestId('who-2');
  const differing = within(who).getAllByRole('row').filter((row) => row.dataset['differs'] === 'true');
  expect(differing.map((row) => within(row).getByRole('rowheader').textContent)).toEqual(['Emaildiffers', 'Account Namediffers']);
  expect(who).toHaveTextContent(/changed/);
  expect(await barriers()).toEqual([]);
  await user.click(within(who).getByTestId('open-google'));
  expect(called('openContact')).toEqual([['Contacts', 'google', 'people/c1']]);
});

test('two contacts of one side stand side by side too', async () => {
  const user = await open('troubled', '#/needs-you');
  const asked = within(await screen.findByTestId('review-1'));
  const who = within(await asked.findByTestId('who-1'));
  expect(who.getAllByText('Google')).toHaveLength(2);
  expect(who.getAllByTestId('this-one')).toHaveLength(1);
  expect(asked.getByRole('button', { name: /^Same person: leave this one out/ })).toBeVisible();
  await user.click(asked.getByTestId('compare-1'));
  expect(who.getAllByTestId('open-google')).toHaveLength(2);
  expect(who.queryByTestId('open-zoho')).toBeNull();
  expect(who.getAllByRole('row').filter((row) => row.dataset['differs'] === 'true').length).toBeGreaterThan(0);
  expect(await barriers()).toEqual([]);
});

test('what is deleted cannot be opened', async () => {
  const user = await open('rich', '#/needs-you');
  await user.click(await screen.findByTestId('compare-1'));
  const who = screen.getByTestId('who-1');
  expect(within(who).queryByTestId('open-google')).toBeNull();
  expect(within(who).getByTestId('open-zoho')).toBeVisible();
});

test.each([['#/needs-you', 1], ['#/plan/Contacts', 0]])('whom the question about a narrower scope is about is listed at %s', async (hash, looks) => {
  const user = await open('held', hash);
  if (looks === 0) await user.click(await screen.findByTestId('tab-questions'));
  const before = called('preview').length;
  await user.click(await screen.findByTestId('outsiders'));
  const list = within(await screen.findByTestId('scope-list'));
  expect(screen.getByTestId('scope-list').dataset['count']).toBe('84');
  const [first] = list.getAllByTestId('scope-person') as [HTMLElement];
  expect(first, 'who it is, before it is opened').toHaveTextContent('株式会社アオゾラ商事 · 03-5550-1000');
  await user.click(within(first).getByRole('button'));
  expect(await within(first).findByTestId('open-zoho')).toBeVisible();
  expect(await barriers()).toEqual([]);
  // The end of the plan that was made for it is no reason to make another.
  demo.tell({ event: 'changed' });
  const version = app.version;
  await expect.poll(() => app.version).toBeGreaterThan(version);
  expect(called('preview')).toHaveLength(before + looks);
  expect(called('resolve')).toEqual([]);
});

test('where they cannot be told, that is said and tried again; nobody may be left', async () => {
  const away = failure('offline', 'error-offline', { service: 'Google' });
  const user = await open('held', '#/needs-you', 'en', () => demo.refusals.set('preview', away));
  await user.click(await screen.findByTestId('outsiders'));
  const asked = within(screen.getByTestId('review-scope'));
  expect(await asked.findByTestId('failure')).toHaveTextContent('Google cannot be reached');
  demo.refusals.clear();
  demo.outsiders = 0;
  await user.click(asked.getByRole('button', { name: 'Try again' }));
  expect(await asked.findByText('Nobody is left out any more.')).toBeVisible();
});

test('an answer that was overtaken by a newer one is not shown', async () => {
  await open('rich', '#/needs-you');
  await screen.findByTestId('review-1');
  const review = demo.commands.review;
  const late: (() => void)[] = [];
  const old = demo.review;
  demo.commands.review = () => new Promise((answer) => late.push(() => answer({ items: old })));
  demo.tell({ event: 'changed' });
  await expect.poll(() => late.length).toBe(1);
  demo.commands.review = review;
  demo.review = [];
  demo.tell({ event: 'changed' });
  expect(await screen.findByText('Nothing needs you')).toBeVisible();
  for (const answer of late) answer();
  await new Promise((done) => setTimeout(done));
  expect(screen.queryByTestId('review-1')).toBeNull();
});

test('a question can be answered though its contacts cannot be told', async () => {
  const user = await open('rich', '#/needs-you', 'en', () => demo.refusals.set('evidence', failure('store', 'error-database')));
  await user.click((await screen.findAllByTestId('choose-keep'))[0]!);
  expect(called('resolve').length).toBe(1);
});

describe('pure pieces', () => {
  const seen = (fields: Record<string, string>, gone = false): Seen => ({
    id: '1', name: 'A', details: [], changed_at: null, gone, fields: Object.entries(fields).map(([field, value]) => ({ field, value })),
  });
  const both = (zoho: Seen, google: Seen | null): Evidence => ({ zoho, google, beside: null });
  test.each<[string, Evidence, [string, boolean][]]>([
    ['equal values', both(seen({ Email: 'a' }), seen({ Email: 'a' })), [['Email', false]]],
    ['differences first', both(seen({ Email: 'a', Title: 'x' }), seen({ Email: 'a', Title: 'y' })), [['Title', true], ['Email', false]]],
    ['a value on one side', both(seen({}), seen({ Phone: '1' })), [['Phone', true]]],
    ['the other is gone', both(seen({ Email: 'a' }), seen({}, true)), [['Email', false]]],
    ['both on one side', { zoho: null, google: seen({ Email: 'a' }), beside: { side: 'google', contact: seen({ Email: 'a', Phone: '1' }) } }, [['Phone', true], ['Email', false]]],
    ['the other is unknown', both(seen({ Email: 'a' }), null), [['Email', false]]],
  ])('%s', (_, evidence, rows) => {
    expect(compared(evidence).map(({ field, differs }) => [field, differs])).toEqual(rows);
  });
  test('letters that stand for a person', () => {
    expect(['佐藤 陽菜', 'Anna Miller', 'Cher', '', '田中　太郎'].map(initials)).toEqual(['佐', 'AM', 'C', '?', '田']);
  });
});

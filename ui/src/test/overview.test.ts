// The overview's picture: both ends with their counts, the direction, and thirty days in words.
import { screen, within } from '@testing-library/svelte';
import { expect, test } from 'vitest';
import { heights } from '$lib/activity';
import type { Day } from '$lib/backend';
import { demo } from '$lib/backend/demo';
import { barriers, onScreen, open } from './open';

const nothing: Day = { date: '2026-11-01', runs: 0, written: 0, deleted: 0, undone: 0, failed: 0, held: 0 };

test('each sync shows both ends, what limits them, and what is between', async () => {
  await open('three');
  const leads = within(await screen.findByTestId('picture-Leads'));
  await expect.poll(() => leads.getByTestId('end-zoho').textContent).toContain('337');
  expect(leads.getByTestId('end-google')).toHaveTextContent('379');
  expect(leads.getByTestId('end-google')).toHaveTextContent('Label: 見込み客');
  expect(leads.getByText('318 in step')).toBeVisible();
  expect(leads.getByText('Zoho → Google')).toBeInTheDocument();
  expect(leads.getByText('Every hour')).toBeVisible();
  expect(leads.getByTestId('fact-kept-out')).toHaveTextContent('42 not synced');
  expect(within(screen.getByTestId('picture-Vendors')).getByText('25,000 in step')).toBeVisible();
});

test('before the first reading nobody is counted, and there are no days to show', async () => {
  await open('awaiting');
  expect(await screen.findByTestId('end-zoho')).toHaveTextContent('–');
  await expect.poll(() => screen.queryAllByText('All contacts').length).toBe(2);
  expect(screen.queryByTestId('activity')).toBeNull();
});

test('what is more than many is said to be so, and the number itself to who cannot see it', async () => {
  await open('many');
  const count = screen.getByTestId('nav-needs-you').querySelector('.count');
  expect(count).toHaveTextContent('999+');
  expect(count).toHaveAccessibleName('25,000 things need you');
});

test('thirty days are bars with words, by keyboard too, and a table', async () => {
  const user = await open('three');
  const strip = within(await screen.findByTestId('activity'));
  expect(strip.getAllByRole('link', { hidden: true }).filter((one) => one.closest('.strip'))).toHaveLength(30);
  expect(strip.getByText('12 deletions')).toBeVisible();
  expect(strip.getByText('12 undone')).toBeVisible();
  expect(strip.getByText('one run failed')).toBeVisible();
  expect(strip.getByText('2 runs needed you')).toBeVisible();
  const today = strip.getByRole('link', { name: /^Sun, Nov 22: / });
  today.focus();
  const words = screen.getByTestId('activity-words');
  await expect.poll(() => words.textContent).toContain('Sun, Nov 22: ');
  await user.keyboard('{ArrowLeft}');
  await expect.poll(() => words.textContent).toContain('Sat, Nov 21: 6 changes');
  await user.keyboard('{ArrowLeft>7/}');
  await expect.poll(() => words.textContent).toContain('Sat, Nov 14: nothing to change');
  await user.click(strip.getByText('Day by day'));
  expect(strip.getByRole('table')).toBeVisible();
  expect(await barriers()).toEqual([]);
});

test('a day opens the history of that day', async () => {
  const user = await open('three');
  const strip = within(await screen.findByTestId('activity'));
  const day = strip.getByRole('link', { name: /^Fri, Nov 20: / });
  day.focus();
  await user.keyboard('{Enter}');
  location.hash = day.getAttribute('href') ?? '';
  window.dispatchEvent(new HashChangeEvent('hashchange'));
  const history = await onScreen('history');
  const of = demo.runs.filter((run) => run.started_at.startsWith('2026-11-20')).length;
  await expect.poll(() => history.textContent).toContain(`${of} of ${demo.runs.length}`);
  await user.click(screen.getByTestId('filter-day'));
  await expect.poll(() => history.isConnected && screen.queryByTestId('filter-day')).toBeFalsy();
});

test('a lost sign-in is said once', async () => {
  await open('lost');
  const shown = await onScreen('overview');
  expect(shown.textContent?.match(/asks you to sign in again/g)).toHaveLength(1);
  expect(screen.queryByTestId('status-sentence')).toBeNull();
  expect(within(screen.getByTestId('sync-Contacts')).queryByText('Signed out')).toBeNull();
});

test('a day of a thousand hides no day of ten, and every part of a day is seen', () => {
  const days = [{ ...nothing, written: 1000 }, { ...nothing, written: 9, deleted: 1 }, nothing];
  const [great, small, none] = heights(days).map((bars) => bars.map((bar) => bar.height));
  expect(great?.[0]).toBeLessThanOrEqual(80);
  expect(small).toHaveLength(2);
  expect(Math.min(...(small ?? []))).toBeGreaterThanOrEqual(4);
  expect(none).toEqual([]);
});

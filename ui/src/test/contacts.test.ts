// Contacts: everyone with one state and reason, and a way out of every state.
import { screen, waitFor, within } from '@testing-library/svelte';
import { expect, test } from 'vitest';
import type { ContactState } from '$lib/backend';
import { states } from '../views/contacts/states';
import { called, open } from './open';

async function rows(): Promise<HTMLElement[]> {
  await waitFor(() => expect(screen.getAllByTestId('contact-show').length).toBeGreaterThan(0));
  return screen.getAllByTestId('contact');
}
const list = (): HTMLElement => screen.getByTestId('contacts-list');

test('everyone is listed, a part at a time, with the number in each state', async () => {
  await open('many', '#/contacts');
  await rows();
  expect(list().dataset['count']).toBe('25000');
  expect(screen.getAllByTestId('contact').length).toBeLessThan(60);
  for (const [query] of called('contacts')) expect((query as { most: number }).most).toBeLessThanOrEqual(100);
  const counts = states.map((state) => Number(screen.queryByTestId(`state-${state}`)?.dataset['count'] ?? 0));
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(25_000);
});

test.each(states)('the state %s has its words, its reason and a way out', async (state: ContactState) => {
  const user = await open('rich', '#/contacts');
  await rows();
  await user.click(screen.getByTestId(`state-${state}`));
  await waitFor(() => expect(screen.getAllByTestId('contact')[0]?.dataset['state']).toBe(state));
  await user.click(screen.getAllByTestId('contact-show')[0]!);
  const detail = await screen.findByTestId('contact-detail');
  expect((await within(detail).findByTestId('contact-reason')).textContent).not.toBe('');
  const ways = detail.querySelectorAll('[data-testid^="contact-"]:is(button)');
  // The cross that closes it, the undo, and at least one way out.
  expect(ways.length).toBeGreaterThan(2);
  expect(within(detail).getByRole('table')).toBeVisible();
});

test('a search is kept for whoever comes back', async () => {
  const user = await open('rich', '#/contacts');
  await rows();
  await user.type(screen.getByTestId('contacts-search'), 'Kowalski');
  await waitFor(() => expect(Number(list().dataset['count'])).toBeLessThan(30));
  const found = list().dataset['count'];
  await user.click(screen.getByTestId('nav-history'));
  await screen.findByTestId('history');
  await user.click(screen.getByTestId('nav-contacts'));
  expect(await screen.findByTestId('contacts-search')).toHaveValue('Kowalski');
  await waitFor(() => expect(list().dataset['count']).toBe(found));
  await user.clear(screen.getByTestId('contacts-search'));
  await user.type(screen.getByTestId('contacts-search'), 'nobody at all');
  expect(await screen.findByText(/Nobody matches/)).toBeVisible();
});

test('one is left out and taken up again, and the list follows', async () => {
  const user = await open('rich', '#/contacts');
  const [first] = await rows();
  const contact = first!.dataset['contact'];
  const state = (): string | undefined => document.querySelector<HTMLElement>(`[data-contact="${contact}"]`)?.dataset['state'];
  await user.click(screen.getAllByTestId('contact-show')[0]!);
  await user.click(await screen.findByTestId('contact-leave-out'));
  await user.click(await screen.findByTestId('contact-resume'));
  expect([called('leaveOut'), called('takeUp')]).toEqual([[[[contact]]], [[[contact]]]]);
  await waitFor(() => expect(state()).toBe('waiting'));
});

test('many at once, from one to another with shift', async () => {
  const user = await open('rich', '#/contacts');
  const all = await rows();
  const box = (row: HTMLElement): HTMLElement => within(row).getByRole('checkbox');
  await user.click(box(all[0]!));
  await user.keyboard('{Shift>}');
  await user.click(box(all[3]!));
  await user.keyboard('{/Shift}');
  const leave = await screen.findByTestId('bulk-leave-out');
  await waitFor(() => expect(leave).toHaveTextContent('4'));
  await user.click(leave);
  expect(called('leaveOut')[0]?.[0]).toEqual(all.slice(0, 4).map((row) => row.dataset['contact']));
});

test('everybody whom the list shows is picked at once, and nobody else', async () => {
  const user = await open('rich', '#/contacts');
  await rows();
  await user.click(screen.getByTestId('state-kept_out'));
  await waitFor(() => expect(screen.getAllByTestId('contact')[0]?.dataset['state']).toBe('kept_out'));
  const shown = Number(list().dataset['count']);
  await user.click(screen.getByTestId('pick-all'));
  await waitFor(() => expect(screen.getByTestId('pick-all')).toBeChecked());
  expect(screen.getByText(`${shown} of ${shown} selected`)).toBeVisible();
  await user.click(screen.getByTestId('pick-all'));
  await waitFor(() => expect(screen.queryByTestId('bulk-resume')).toBeNull());
});

test('unlinking is asked about first', async () => {
  const user = await open('rich', '#/contacts');
  await rows();
  await user.click(screen.getAllByTestId('contact-show')[0]!);
  await user.click(await screen.findByTestId('contact-unlink'));
  await screen.findByTestId('unlink-dialog');
  expect(called('unlink')).toEqual([]);
  await user.click(screen.getByTestId('unlink-confirm'));
  await waitFor(() => expect(screen.getByTestId('contact-resume')).toBeVisible());
});

test('what a run wrote to one contact is undone for it alone', async () => {
  const user = await open('rich', '#/contacts');
  await rows();
  await user.click(screen.getAllByTestId('contact-show')[0]!);
  await user.click((await screen.findAllByTestId('contact-undo'))[0]!);
  expect(await screen.findByTestId('undo-preview')).toHaveTextContent('gets back the values it had before the run');
  await user.click(await screen.findByTestId('undo-confirm'));
  const contact = screen.getAllByTestId('contact')[0]?.dataset['contact'];
  await waitFor(() => expect(called('undo')[0]).toEqual([60, contact]));
});

test('nobody yet: it says so', async () => {
  await open('nobody', '#/contacts');
  expect(await screen.findByText('Nobody is known yet')).toBeVisible();
});

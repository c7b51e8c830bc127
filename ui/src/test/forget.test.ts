// Everything on this computer goes: after a question that says what, with an answer that says what stays.
import { screen, within } from '@testing-library/svelte';
import { expect, test } from 'vitest';
import { called, onScreen, open } from './open';

test('it is asked with what will go, said what could not, and the app begins anew', async () => {
  const user = await open('quiet', '#/settings');
  await user.click(await screen.findByTestId('forget'));
  const asked = await screen.findByTestId('forget-dialog');
  expect(within(asked).getAllByRole('listitem')).toHaveLength(2);
  expect(called('forgetEverything')).toEqual([]);
  await user.click(within(asked).getByRole('button', { name: 'Forget everything' }));
  const told = await screen.findByTestId('forgotten-dialog');
  expect(called('forgetEverything')).toHaveLength(1);
  expect(within(told).getByText('This could not be removed')).toBeVisible();
  await user.click(within(told).getByRole('button', { name: 'Start over' }));
  expect(await onScreen('welcome')).toBeVisible();
});

test('nothing goes where the person thinks better of it', async () => {
  const user = await open('quiet', '#/settings');
  await user.click(await screen.findByTestId('forget'));
  const asked = await screen.findByTestId('forget-dialog');
  await user.click(within(asked).getByRole('button', { name: 'Cancel' }));
  expect(called('forgetEverything')).toEqual([]);
});

test('how long the history is kept is shown and can be chosen', async () => {
  const user = await open('quiet', '#/settings');
  expect(await screen.findByRole('radio', { name: '90 days' })).toBeChecked();
  await user.click(screen.getByRole('radio', { name: 'Forever' }));
  await expect.poll(() => called('setRetention')).toEqual([[0]]);
  expect(screen.getByRole('radio', { name: 'Forever' })).toBeChecked();
});

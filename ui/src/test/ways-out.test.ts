// No screen is a dead end, and nothing that was typed is lost without a word.
import { screen, within } from '@testing-library/svelte';
import { expect, test } from 'vitest';
import { app } from '$lib/app.svelte';
import { demo } from '$lib/backend/demo';
import { failure } from '$lib/backend/demo/demo';
import { logins } from '$lib/login.svelte';
import { called, onScreen, open } from './open';

async function edited(): Promise<Awaited<ReturnType<typeof open>>> {
  const user = await open('rich', '#/edit/Contacts', 'en', () => {
    demo.setups.set('Contacts', { module: 'Contacts', defaults: { Last_Name: '-', Region: '東日本' } });
  });
  await user.selectOptions(await screen.findByTestId('frequency'), '30');
  return user;
}

const exits: [how: string, leave: (user: Awaited<ReturnType<typeof open>>) => Promise<void>, to: string][] = [
  ['by the menu', (user) => user.click(screen.getByTestId('nav-history')), 'history'],
  ['by the address, as the tray does', async () => void (location.hash = '#/settings'), 'settings'],
  ['by the button', (user) => user.click(screen.getByRole('button', { name: 'Cancel' })), 'overview'],
];

test.each(exits)('changes that are not saved are asked about when the page is left %s', { timeout: 20_000 }, async (_, leave, to) => {
  const user = await edited();
  await leave(user);
  await screen.findByTestId('leave-dialog');
  expect(screen.getByTestId('edit')).toBeInTheDocument();
  await user.click(screen.getByTestId('leave-stay'));
  await expect.poll(() => screen.queryByTestId('leave-dialog')).toBeNull();
  expect(location.hash).toBe('#/edit/Contacts');
  expect(screen.getByTestId('frequency')).toHaveValue('30');
  await leave(user);
  await user.click(await screen.findByTestId('leave-discard'));
  expect(await onScreen(to)).toBeVisible();
  expect(called('setup')).toEqual([]);
});

test.each(['close', 'quit'] as const)('changes that are not saved are asked about when the window is left: %s', { timeout: 20_000 }, async (way) => {
  const user = await edited();
  await expect.poll(() => called('holdWindow').at(-1)).toEqual([true]);
  demo.tellLeaving(way);
  await screen.findByTestId('leave-dialog');
  expect(called('leaveWindow')).toEqual([]);
  await user.click(screen.getByTestId('leave-stay'));
  await expect.poll(() => screen.queryByTestId('leave-dialog')).toBeNull();
  demo.tellLeaving(way);
  await user.click(await screen.findByTestId('leave-save'));
  await expect.poll(() => called('leaveWindow')).toEqual([[way]]);
  expect(called('setup')[0]?.[0]).toMatchObject({ frequency_minutes: 30 });
  expect(called('holdWindow').at(-1)).toEqual([false]);
});

test('a window with nothing to save is left at once', async () => {
  await open('rich', '#/history');
  demo.tellLeaving('close');
  await expect.poll(() => called('leaveWindow')).toEqual([['close']]);
});

test('saved on the way out, the page is left', async () => {
  const user = await edited();
  await user.click(screen.getByTestId('nav-history'));
  await user.click(await screen.findByTestId('leave-save'));
  expect(await onScreen('history')).toBeVisible();
  expect(called('setup')[0]?.[0]).toMatchObject({ frequency_minutes: 30 });
});

test('what cannot be saved keeps the page and says why', async () => {
  const user = await edited();
  demo.refusals.set('setup', failure('invalid', 'error-setup', { detail: 'No.' }));
  await user.click(screen.getByTestId('nav-history'));
  await user.click(await screen.findByTestId('leave-save'));
  expect(await screen.findByTestId('failure')).toHaveTextContent('Nothing was saved');
  expect(screen.getByTestId('edit')).toBeVisible();
});

test('nobody is asked where nothing was changed, or everything saved', async () => {
  const user = await edited();
  await user.click(screen.getByTestId('save'));
  await screen.findByTestId('saved');
  await user.click(screen.getByTestId('nav-history'));
  expect(await onScreen('history')).toBeVisible();
  expect(screen.queryByTestId('leave-dialog')).toBeNull();
});

test('without a browser the address is there to be copied', async () => {
  const user = await open('sandbox', '#/', 'en', () =>
    demo.refusals.set('openLink', failure('failed', 'error-no-browser', { address: 'http://127.0.0.1:2/' })),
  );
  await user.click(screen.getByTestId('sandbox_zoho'));
  const dialog = await screen.findByTestId('unopened');
  expect(dialog).toHaveTextContent('No browser could be opened.');
  expect(within(dialog).getByRole('textbox')).toHaveValue('http://127.0.0.1:2/');
  await user.click(screen.getByTestId('copy-address'));
  expect(await within(dialog).findByText('Copied')).toBeVisible();
  expect(await navigator.clipboard.readText()).toBe('http://127.0.0.1:2/');
});

test.each([['overview', '#/'], ['needs-you', '#/needs-you']])('signed out, %s says so once', async (name, hash) => {
  await open('lost', hash, 'en', () => {
    const message = 'You are signed out of Google. All settings and links are kept; sign in again.';
    demo.syncs = demo.syncs.map((sync) => ({ ...sync, message }));
    demo.runs = demo.runs.map((run) => ({ ...run, outcome: 'failed' as const, failure: 'signed_out' as const, message }));
  });
  const shown = (await onScreen(name)).textContent ?? '';
  expect(shown.match(/sign in to again|asks you to sign in|You are signed out/g)).toHaveLength(1);
});

test.each([['overview', '#/'], ['needs-you', '#/needs-you']])('on %s one button signs in again right there', async (name, hash) => {
  const user = await open('lost', hash);
  const again = await screen.findAllByRole('button', { name: 'Sign in again' });
  expect(again).toHaveLength(1);
  await user.click(again[0] as HTMLElement);
  expect(called('connect')).toEqual([['google', false]]);
  await expect.poll(() => screen.queryByTestId('lost-google')).toBeNull();
  expect(await onScreen(name)).toBeVisible();
});

test('a sign-in that ended while editing is made good on the page itself, and what was edited stays', { timeout: 20_000 }, async () => {
  const user = await edited();
  demo.refusals.set('setup', failure('signed_out', 'error-signed-out', { service: 'Google' }));
  await user.click(screen.getByTestId('save'));
  const note = await screen.findByTestId('failure');
  // The engine tells that the account's standing has changed.
  demo.accounts = { ...demo.accounts, google: { ...demo.accounts.google, connected: false, needs_sign_in: true } };
  await app.refresh();
  demo.refusals.set('connect', failure('login_aborted', 'error-login-denied', { service: 'Google' }));
  await user.click(await within(note).findByTestId('reconnect-google'));
  expect(await within(note).findByTestId('sign-in-failed')).not.toBeEmptyDOMElement();
  logins.google.waiting = true;
  await user.click(await within(note).findByRole('button', { name: 'Cancel' }));
  expect(called('stopLogin')).toEqual([['google']]);
  logins.google.waiting = false;
  demo.refusals.clear();
  await user.click(await within(note).findByTestId('reconnect-google'));
  await expect.poll(() => screen.queryByTestId('failure')).toBeNull();
  expect(screen.getByTestId('edit')).toBeVisible();
  expect(screen.getByTestId('frequency')).toHaveValue('30');
});

test('closing ends the program in the middle of a run only after a question', async () => {
  const user = await open('syncing', '#/');
  demo.tellClosing('endAsked');
  expect(await screen.findByTestId('end-dialog')).toHaveTextContent('Nothing is lost');
  await user.click(screen.getByTestId('end-stay'));
  expect(called('quit')).toEqual([]);
  demo.tellClosing('endAsked');
  await user.click(await screen.findByTestId('end-quit'));
  expect(called('quit')).toHaveLength(1);
});

test('a sign-in that no browser opened goes on at the address that is shown', async () => {
  await open('fresh', '#/');
  demo.tellAddress('https://accounts.example/auth?state=1');
  const dialog = within(await screen.findByTestId('unopened'));
  expect(dialog.getByRole('textbox')).toHaveValue('https://accounts.example/auth?state=1');
});

test('the address of a sign-in that waits can be had again', async () => {
  const user = await open('fresh', '#/');
  const connect = demo.commands.connect;
  demo.commands.connect = () => new Promise(() => undefined);
  await user.click(await screen.findByTestId('connect-zoho'));
  demo.tellAddress('https://accounts.example/auth?state=1');
  await screen.findByTestId('unopened');
  await user.keyboard('{Escape}');
  await user.click(await screen.findByTestId('address-again'));
  expect(within(await screen.findByTestId('unopened')).getByRole('textbox')).toHaveValue('https://accounts.example/auth?state=1');
  demo.commands.connect = connect;
});

test.each([['no-tray', false], ['quiet', true]] as const)('%s: a text speaks of closing the window only where there is a tray', async (scenario, closing) => {
  const user = await open(scenario, '#/plan/Contacts');
  const write = demo.commands.sync;
  demo.commands.sync = () => new Promise(() => undefined);
  await user.click(await screen.findByTestId('approve'));
  expect(/close the window/.test((await onScreen('plan')).textContent ?? '')).toBe(closing);
  demo.commands.sync = write;
});

test('whoever comes back to the window finds the sign-in that was made elsewhere', async () => {
  await open('lost');
  expect(app.signInsLost).toEqual(['google']);
  demo.accounts = { ...demo.accounts, google: { ...demo.accounts.google, connected: true, needs_sign_in: false } };
  window.dispatchEvent(new Event('focus'));
  await expect.poll(() => app.signInsLost).toEqual([]);
});

test('settings that are saved elsewhere are shown, or told where there are edits they would take away', async () => {
  const user = await open('rich', '#/edit/Contacts', 'en', () => {
    demo.setups.set('Contacts', { module: 'Contacts', frequency_minutes: 60, defaults: { Last_Name: '-', Region: '東日本' } });
  });
  const elsewhere = (frequency_minutes: number): void => {
    demo.setups.set('Contacts', { module: 'Contacts', frequency_minutes, defaults: { Last_Name: '-', Region: '東日本' } });
    demo.tell({ event: 'changed' });
  };
  expect(await screen.findByTestId('frequency')).toHaveValue('60');
  elsewhere(180);
  await expect.poll(() => screen.getByTestId('frequency')).toHaveValue('180');
  await user.selectOptions(screen.getByTestId('frequency'), '30');
  elsewhere(15);
  const told = await screen.findByTestId('elsewhere');
  expect(screen.getByTestId('frequency')).toHaveValue('30');
  await user.click(within(told).getByRole('button', { name: 'Show the current settings' }));
  await expect.poll(() => screen.getByTestId('frequency')).toHaveValue('15');
  expect(screen.queryByTestId('elsewhere')).toBeNull();
});

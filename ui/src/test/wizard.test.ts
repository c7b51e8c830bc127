// The wizard's corners: what is half typed, what is not offered, what a colleague shared.
import { screen, within } from '@testing-library/svelte';
import { expect, test } from 'vitest';
import { demo } from '$lib/backend/demo';
import { failure } from '$lib/backend/demo/demo';
import { called, labelled, onScreen, open } from './open';

const file = (text: string): File => new File([text], 's.json', { type: 'application/json' });

test('what the wizard kept in another form is begun anew', async () => {
  await open('connected', '#/wizard/Vendors', 'en', () => demo.settings.set('wizard-Vendors', '{"step": 3, "setup": {}}'));
  expect(await screen.findByRole('radio', { name: /^All contacts/ })).not.toBeChecked();
});

test('a new label without a name is not taken for all contacts', async () => {
  const user = await open('connected', '#/wizard');
  await user.selectOptions(await labelled(user), 'A new label…');
  await user.click(screen.getByTestId('wizard-next'));
  const name = screen.getByTestId('google-label-name');
  expect(name).toHaveAttribute('aria-invalid', 'true');
  await expect.poll(() => document.activeElement).toBe(name);
  await user.type(name, 'Trade fair 2026, business cards, part two');
  expect(name).toHaveAttribute('aria-invalid', 'false');
  await user.click(screen.getByTestId('wizard-next'));
  await user.click(screen.getByTestId('wizard-back'));
  expect(screen.getByTestId('google-label-name')).toHaveValue('Trade fair 2026, business cards, part two');
});

test('a new label may begin like one that there is', async () => {
  const user = await open('connected', '#/wizard');
  await user.selectOptions(await labelled(user), 'A new label…');
  await user.type(screen.getByTestId('google-label-name'), 'Customers 2026');
  expect(screen.getByTestId('google-label-name')).toHaveValue('Customers 2026');
});

test('a row that is not finished keeps the step, is marked, and has the focus', async () => {
  const user = await open('connected', '#/wizard');
  await labelled(user);
  await user.click(await screen.findByTestId('wizard-next'));
  await user.click(screen.getByTestId('map-more'));
  const row = within(screen.getByTestId('pair-new'));
  await user.selectOptions(row.getAllByRole('combobox')[0] as HTMLElement, 'Loyalty ID');
  const google = screen.getByRole('combobox', { name: 'Google field for Loyalty ID' });
  (google as HTMLSelectElement).value = '';
  google.dispatchEvent(new Event('change', { bubbles: true }));
  await user.click(screen.getByTestId('wizard-next'));
  expect(screen.getByRole('heading', { name: 'Map the fields' })).toBeVisible();
  await expect.poll(() => document.activeElement).toBe(google);
  expect(google).toHaveAttribute('aria-invalid', 'true');
});

test('nobody chooses all contacts without knowing it, and each choice says how many it would copy', async () => {
  const user = await open('connected', '#/wizard');
  const all = await screen.findByRole('radio', { name: /^All contacts/ });
  expect(all).not.toBeChecked();
  await expect.poll(() => all.closest('label')?.textContent).toContain('231 of your 351 Google contacts would be new in Zoho');
  await user.click(screen.getByTestId('wizard-next'));
  expect(screen.getByRole('alert')).toHaveTextContent('which Google contacts');
  await expect.poll(() => document.activeElement).toHaveAttribute('name', 'whose');
  expect(called('setup')).toEqual([]);
  // What is suggested is the label of those whom one knows from work.
  expect(await labelled(user)).toHaveValue('Customers');
  expect(screen.getByRole('option', { name: 'Customers (214 contacts, 96 new in Zoho)' })).toBeVisible();
  await user.click(all);
  expect(screen.queryByTestId('google-label')).toBeNull();
  await user.click(screen.getByTestId('wizard-next'));
  expect(screen.getByRole('heading', { name: 'Map the fields' })).toBeVisible();
});

test('until both sides are counted, the most that it can be is said', async () => {
  await open('connected', '#/wizard', 'en', () => demo.refusals.set('newcomers', failure('offline', 'error-offline', { service: 'Zoho' })));
  const all = await screen.findByRole('radio', { name: /^All contacts/ });
  expect(all.closest('label')).toHaveTextContent('Up to 351 of your Google contacts');
});

test('a saved choice forecasts nothing; another one does', async () => {
  const user = await open('quiet', '#/edit/Contacts');
  const all = await screen.findByRole('radio', { name: /^All contacts/ });
  expect(all).toBeChecked();
  expect(all.closest('label')).toHaveTextContent('take part, as until now');
  expect(called('newcomers')).toEqual([]);
  await labelled(user);
  await expect.poll(() => all.closest('label')?.textContent).toContain('231 of your 351 Google contacts would be new in Zoho');
});

test('where nobody is copied into Zoho there is nothing to choose', async () => {
  const user = await open('connected', '#/wizard');
  await user.click(await screen.findByRole('radio', { name: /^Zoho → Google/ }));
  expect(screen.getByRole('radio', { name: /^All contacts/ })).toBeChecked();
});

test('a label without members says what that means for the direction', async () => {
  const user = await open('connected', '#/wizard');
  await user.selectOptions(await labelled(user), 'Empty label');
  expect(screen.getByTestId('label-empty')).toHaveTextContent('only contacts from Zoho');
  await user.click(screen.getByRole('radio', { name: /^Google → Zoho/ }));
  expect(screen.getByTestId('label-empty')).toHaveTextContent('nothing is synced until');
});

test('modules that are synced are not offered; their address leads to their settings', async () => {
  await open('one-left', '#/wizard');
  expect(await screen.findByRole('radio', { name: /^Vendors/ })).toBeChecked();
  expect(screen.queryByRole('radio', { name: /^Contacts/ })).toBeNull();
  expect(screen.getByTestId('modules-used')).toHaveTextContent('Already synced: Contacts and Leads.');
  location.hash = '#/wizard/Contacts';
  expect(await onScreen('edit')).toBeVisible();
});

test('settings that a colleague shared fill the wizard', async () => {
  const user = await open('connected', '#/wizard');
  const setup = { module: 'Leads', direction: 'zoho_to_google', frequency_minutes: 180, google_label: 'Customers' };
  await user.upload(await screen.findByTestId('load-settings'), file(JSON.stringify(setup)));
  expect(await screen.findByTestId('load-done')).toBeVisible();
  expect(screen.getByRole('radio', { name: /^Leads/ })).toBeChecked();
  expect(screen.getByTestId('frequency')).toHaveValue('180');
});

test('a settings file for a module that is synced already says where it belongs', async () => {
  const user = await open('one-left', '#/wizard');
  await user.upload(await screen.findByTestId('load-settings'), file('{"module": "Leads"}'));
  expect(await screen.findByTestId('load-mistake')).toHaveTextContent('The file is for Leads');
});

test('offline, the wizard says so and can be tried again', async () => {
  const user = await open('offline', '#/wizard', 'ja');
  const failure = await screen.findByTestId('failure');
  expect(failure).toHaveTextContent('Google に接続できません');
  // No run is under way here, so none is said to go on.
  expect(failure).not.toHaveTextContent('次回の同期');
  // Settings that cannot be put on screen are not said to be there.
  await user.upload(screen.getByTestId('load-settings'), file('{"module": "Leads"}'));
  await expect.poll(() => screen.getByRole('radio', { name: /^見込み客/ })).toBeChecked();
  expect(await screen.findByTestId('failure')).toBeVisible();
  expect(screen.queryByTestId('load-done')).toBeNull();
  demo.refusals.clear();
  await user.click(screen.getByRole('button', { name: 'もう一度試す' }));
  expect(await screen.findByTestId('zoho-view')).toBeVisible();
});

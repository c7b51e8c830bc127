// OAuth clients in the rest of the window: a file that is dropped, the letter that asks for one, the
// quiet line beside the buttons, and the settings.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { screen, within } from '@testing-library/svelte';
import { beforeEach, expect, test, vi } from 'vitest';
import { app } from '$lib/app.svelte';
import { demo } from '$lib/backend/demo';
import { failure } from '$lib/backend/demo/demo';
import type { ZohoClient } from '$lib/backend/bindings';
import { domainOf, fieldOf, isOther, looksLikeClients, partsOf, redirectOf } from '$lib/client';
import { googlePages } from '$lib/pages';
import { at, googleFile, hearCopies, organisation, zohoKeys } from './guide';
import { barriers, called, onScreen, open } from './open';

beforeEach(() => {
  document.elementFromPoint = () => document.body;
});

test.each(['#/', '#/history', '#/settings', '#/connect/google'])('a file of clients can be dropped anywhere (%s)', async (hash) => {
  await open('unconfigured', hash);
  demo.drag({ drag: 'dropped', x: 5, y: 5, text: organisation });
  const dialog = await screen.findByTestId('drop-dialog');
  expect(dialog).toHaveTextContent('Zoho and Google');
  expect(await barriers()).toEqual([]);
  expect(app.unregistered('zoho') || app.unregistered('google')).toBe(false);
});

test.each([
  ['settings of a sync', '{"module": "Contacts"}'],
  ['a picture', ''],
  ['a list', '[1]'],
])('%s dropped beside every field is not taken for clients', async (_, text) => {
  await open('unconfigured');
  demo.drag({ drag: 'dropped', x: 5, y: 5, text });
  await new Promise((done) => setTimeout(done, 20));
  expect(called('takeClientFile')).toEqual([]);
});

test('a dropped file with a mistake in it is refused by name, and nothing is kept', async () => {
  await open('unconfigured');
  demo.drag({ drag: 'over', x: 5, y: 5 });
  expect(await screen.findByText("Drop your administrator's file here")).toBeVisible();
  demo.drag({ drag: 'dropped', x: 5, y: 5, text: '{"web": {}}' });
  expect(await screen.findByTestId('drop-dialog')).toHaveTextContent(/web/);
  expect(screen.queryByText("Drop your administrator's file here")).toBeNull();
  expect(app.unregistered('google')).toBe(true);
});

test('what is dropped on a field is taken by the field alone', async () => {
  await open('unconfigured', '#/connect/zoho');
  await at('ways');
  const zone = screen.getByTestId('client-file').closest('label') as HTMLElement;
  document.elementFromPoint = () => zone;
  demo.drag({ drag: 'over', x: 1, y: 1 });
  await expect.poll(() => zone.classList.contains('over')).toBe(true);
  demo.drag({ drag: 'dropped', x: 1, y: 1, text: organisation });
  await at('sign-in');
  expect(called('takeClientFile')).toHaveLength(1);
  expect(screen.queryByTestId('drop-dialog')).toBeNull();
});

test.each([
  ['en', 'organisation', "organisation's registration"],
  ['ja', 'organisation', '組織の登録'],
  ['en', 'fresh', 'Ready to connect'],
] as const)('with clients at hand there are two buttons and a quiet line (%s, %s)', async (language, scenario, words) => {
  const user = await open(scenario, '#/', language);
  expect(screen.getByTestId('client-line-zoho')).toHaveTextContent(words);
  await user.click(screen.getByTestId('connect-zoho'));
  expect(called('connect')).toEqual([['zoho', false]]);
  expect(screen.queryByTestId('guide-step')).toBeNull();
});

test('a client without its secret is an error that leads to the settings', async () => {
  const user = await open('organisation', '#/', 'en', () =>
    demo.refusals.set('connect', failure('no_client', 'error-client-secret-missing', { service: 'Zoho', side: 'zoho' })),
  );
  await user.click(screen.getByTestId('connect-zoho'));
  const told = await screen.findByTestId('failure');
  await user.click(within(told).getByRole('button'));
  expect(await onScreen('settings')).toBeVisible();
});

test('a client that vanished meanwhile leads to a new one, not to an error', async () => {
  const user = await open('organisation');
  demo.play('unconfigured');
  await user.click(screen.getByTestId('connect-zoho'));
  await at('ways');
  expect(screen.queryByTestId('failure')).toBeNull();
});

test.each([
  ['en', 'Server-based Applications', 'Could you do that?'],
  ['ja', 'Server-based Applications', 'お願いできますでしょうか'],
] as const)('the letter to the administrator names all that is needed (%s)', async (language, ...words) => {
  const user = await open('unconfigured', '#/connect/zoho', language);
  const copied = hearCopies();
  await at('ways');
  await user.click(screen.getByTestId('letter-open'));
  const letter = await screen.findByTestId<HTMLTextAreaElement>('letter');
  for (const word of [...words, 'Renraku', 'http://localhost:48620/callback', 'People API', 'renraku-clients.json']) {
    expect(letter.value).toContain(word);
  }
  expect(await barriers()).toEqual([]);
  await user.click(screen.getByTestId('letter-copy'));
  expect(copied).toEqual([letter.value]);
});

test('a letter that could not be copied is selected, and said to be so', async () => {
  const user = await open('unconfigured', '#/connect/zoho');
  vi.spyOn(navigator.clipboard, 'writeText').mockRejectedValue(new Error('no clipboard'));
  document.execCommand = () => false;
  await at('ways');
  await user.click(screen.getByTestId('letter-open'));
  const letter = await screen.findByTestId<HTMLTextAreaElement>('letter');
  await user.click(screen.getByTestId('letter-copy'));
  expect(await screen.findByText(/could not be copied/)).toBeVisible();
  expect(letter.selectionEnd - letter.selectionStart).toBe(letter.value.length);
});

test('the settings say where each client comes from', async () => {
  await open('organisation', '#/settings');
  const zoho = await screen.findByTestId('client-zoho');
  for (const words of ["organisation's file", '1000.AOZORA7K2M', 'Japan', 'http://localhost:48620/callback']) {
    expect(zoho).toHaveTextContent(words);
  }
});

test('a file of clients that cannot be read is said in the settings, and the window goes on', async () => {
  const user = await open('quiet', '#/', 'en', () =>
    demo.refusals.set('clients', failure('invalid', 'error-client-file', { file: ' clients.json', what: 'key', key: 'gogle', value: '' })),
  );
  expect(await onScreen('overview')).toBeVisible();
  await user.click(screen.getByTestId('nav-settings'));
  expect(within(await screen.findByTestId('clients')).getByTestId('failure')).toHaveTextContent('unknown key');
});

test('where there is none, the settings lead to the way', async () => {
  const user = await open('unconfigured', '#/settings');
  expect(screen.queryByTestId('client-share')).toBeNull();
  await user.click(await screen.findByTestId('client-guide-zoho'));
  await at('ways');
});

test('a file for colleagues is made after it was said what it holds', async () => {
  const user = await open('organisation', '#/settings');
  const clients = await screen.findByTestId('clients');
  expect(clients).toHaveTextContent("It contains the clients' secrets");
  await user.click(screen.getByTestId('client-share'));
  await expect.poll(() => demo.saved.map((one) => one.name)).toEqual(['renraku-clients.json']);
});

test('own clients: Zoho with its data centre and redirect, checked and saved', async () => {
  const user = await open('quiet', '#/settings');
  const form = within(await screen.findByTestId('own-zoho'));
  await user.click(screen.getByText(/Advanced/));
  await user.selectOptions(await form.findByTestId('own-centre'), 'ca');
  await user.clear(form.getByTestId('redirect-port'));
  await user.type(form.getByTestId('redirect-port'), '50123');
  await user.type(form.getByTestId('key-id'), zohoKeys.id);
  await user.click(form.getByRole('button', { name: 'Save' }));
  await expect.poll(() => document.activeElement).toBe(form.getByTestId('key-secret'));
  await user.type(form.getByTestId('key-secret'), zohoKeys.secret);
  await user.click(form.getByRole('button', { name: 'Save' }));
  expect(await form.findByText('Saved')).toBeVisible();
  expect(called('saveClient')).toEqual([
    ['zoho', { client_id: zohoKeys.id, client_secret: zohoKeys.secret, data_centre: 'ca', redirect: 'http://localhost:50123/callback', pkce: false }],
  ]);
  expect(form.getByTestId('key-secret')).toHaveValue('');
  expect(form.getByTestId('key-secret')).toHaveAccessibleDescription(/to keep the one that is saved/);
  expect(demo.settings.get('connect-zoho')).toBeUndefined();
  expect(screen.getByTestId('client-zoho')).toHaveTextContent('Canada');
  await user.click(form.getByTestId('own-remove'));
  await expect.poll(() => screen.getByTestId('client-zoho').dataset['source']).toBe('none');
  expect(form.queryByTestId('own-remove')).toBeNull();
});

test('a new secret for a saved client leaves its data centre and redirect as they are', async () => {
  const user = await open('quiet', '#/settings', 'en', () => {
    const zoho: ZohoClient = { source: 'settings', client_id: zohoKeys.id, secret: true, notices: [], data_centre: 'eu', redirect: 'http://127.0.0.1:50123/callback', pkce: true };
    demo.clients = { ...demo.clients, zoho };
  });
  const form = within(await screen.findByTestId('own-zoho'));
  await user.click(screen.getByText(/Advanced/));
  expect(await form.findByTestId('redirect-port')).toHaveValue('50123');
  expect(form.getByTestId('key-id')).toHaveValue(zohoKeys.id);
  await user.type(form.getByTestId('key-secret'), 'new');
  await user.click(form.getByRole('button', { name: 'Save' }));
  expect(await form.findByText('Saved')).toBeVisible();
  expect(called('saveClient')).toEqual([
    ['zoho', { client_id: zohoKeys.id, client_secret: 'new', data_centre: 'eu', redirect: 'http://127.0.0.1:50123/callback', pkce: true }],
  ]);
});

test('pure pieces: redirects, domains, which field a failure is about, which file may hold clients', () => {
  expect(partsOf('http://127.0.0.1:50123/callback')).toEqual({ host: '127.0.0.1', port: '50123' });
  expect(redirectOf('localhost', ' ４８６２０ ')).toBe('http://localhost:48620/callback');
  expect(domainOf('https://api-console.zohocloud.ca/')).toBe('zohocloud.ca');
  const of = (id: string): string | null => fieldOf(failure('invalid', id));
  expect(['error-client-id-zoho', 'error-client-secret-missing', 'error-client-redirect', 'error-keychain'].map(of)).toEqual(['id', 'secret', 'redirect', null]);
  expect([organisation, googleFile, '{"web": 1}', '{"module": 1}', '[]', 'null', 'x'].map(looksLikeClients)).toEqual([true, true, true, false, false, false, false]);
  // What is no file of clients at all is the engine's to name.
  const zohoAlone = JSON.stringify({ zoho: {} });
  expect([organisation, googleFile, zohoAlone, 'x'].map((text) => isOther(text, 'google'))).toEqual([false, false, true, false]);
  expect([organisation, googleFile, zohoAlone, 'x'].map((text) => isOther(text, 'zoho'))).toEqual([false, true, false, false]);
});

test("the pages of Google's console are those that the shell opens", () => {
  const shell = readFileSync(join(import.meta.dirname, '../../../src-tauri/src/about.rs'), 'utf8');
  for (const page of Object.values(googlePages)) expect(shell).toContain(`"${page}"`);
});

test('a file that was taken and is outranked is no silent matter', async () => {
  const said = 'The file that was taken has another registration with Zoho.';
  await open('unconfigured', '#/connect', 'en', () => {
    demo.clients = { ...demo.clients, zoho: { ...demo.clients.zoho, source: 'environment', client_id: '1000.ENV', notices: [said] } };
  });
  expect(await screen.findByTestId('client-outranked-zoho')).toHaveTextContent(said);
});

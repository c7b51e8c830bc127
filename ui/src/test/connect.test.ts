// From no OAuth client at all to a connected account: every step, every mistake, and the ways around.
import { screen, within } from '@testing-library/svelte';
import { beforeEach, expect, test, vi } from 'vitest';
import { app } from '$lib/app.svelte';
import { demo } from '$lib/backend/demo';
import { failure } from '$lib/backend/demo/demo';
import { guides, steps } from '$lib/guide.svelte';
import { googlePages } from '$lib/pages';
import { at, googleFile, hearCopies, organisation, step, zohoKeys } from './guide';
import { barriers, called, onScreen, open } from './open';

const file = (text: string): File => new File([text], 'c.json', { type: 'application/json' });

type User = Awaited<ReturnType<typeof open>>;
beforeEach(() => {
  document.elementFromPoint = () => document.body;
});

async function forward(user: User, ...names: string[]): Promise<void> {
  for (const name of names) {
    await user.click(screen.queryByTestId('guide-begin') ?? screen.getByTestId('guide-next'));
    await at(name);
    await expect.poll(() => document.activeElement).toBe(step());
  }
}

for (const language of ['en', 'ja'] as const) {
  for (const side of ['zoho', 'google'] as const) {
    test.each(steps[side])(`${side}'s way at the step %s, without a barrier (${language})`, async (name) => {
      await open(side === 'zoho' ? 'unconfigured' : 'half-configured', `#/connect/${side}`, language, () => {
        demo.settings.set(`connect-${side}`, JSON.stringify({ step: name }));
        if (name === 'sign-in') demo.play(side === 'zoho' ? 'organisation' : 'zoho-only');
      });
      await at(name);
      expect(await barriers()).toEqual([]);
      expect(screen.queryByText(/^(guide|zoho|google|drawn|drawing|client|way)-/)).toBeNull();
      const drawn = screen.queryByRole('img');
      const plain = ['ways', 'country', 'file'].includes(name) || (name === 'sign-in' && side === 'zoho');
      expect(drawn === null).toBe(plain);
    });
  }
}

test('Zoho: from the first click to the connected account in sixteen clicks, without a red word', async () => {
  const user = await open('unconfigured');
  let clicks = 0;
  const count = (): number => (clicks += 1);
  document.addEventListener('click', count, true);
  const copied = hearCopies();
  expect(screen.getByTestId('client-line-zoho')).toHaveTextContent('short preparation');
  await user.click(screen.getByTestId('connect-zoho'));
  await at('ways');
  expect(called('connect')).toEqual([]);
  await forward(user, 'country');
  expect(screen.getByRole('radio', { name: /Japan zoho.jp – suggested/ })).toBeChecked();
  await user.click(screen.getByRole('radio', { name: /Europe zoho.eu/ }));
  await forward(user, 'console');
  expect(screen.getByTestId('page-address')).toHaveTextContent('https://api-console.zoho.eu/');
  await user.click(screen.getByTestId('open-page'));
  expect(called('openLink')).toEqual([[{ zoho_console: 'eu' }]]);
  await user.click(screen.getByRole('button', { name: 'Copy the address' }));
  await forward(user, 'form');
  for (const name of ['Client Name', 'Homepage URL', 'Authorized Redirect URIs']) {
    await user.click(screen.getByRole('button', { name: `Copy ${name}` }));
    expect(app.said).toBe(`Copied: ${name}`);
  }
  expect(copied).toEqual(['https://api-console.zoho.eu/', 'Renraku', 'http://localhost', 'http://localhost:48620/callback']);
  await forward(user, 'keys');
  // The fields have the drawing's own marks.
  const marks = [...document.querySelectorAll('.labelled .number-dot')].map((mark) => mark.textContent);
  expect(marks).toEqual(['1', '2']);
  expect(screen.getByTestId('key-id')).toHaveAccessibleName('Client id');
  await user.click(screen.getByTestId('key-id'));
  await user.paste(zohoKeys.id);
  await user.click(screen.getByTestId('key-secret'));
  await user.paste(` ${zohoKeys.secret}\n`);
  expect(await screen.findByText('Looks right')).toBeVisible();
  await forward(user, 'sign-in');
  expect(called('saveClient')).toEqual([
    ['zoho', { client_id: zohoKeys.id, client_secret: zohoKeys.secret, data_centre: 'eu', redirect: 'http://localhost:48620/callback', pkce: false }],
  ]);
  expect(screen.queryByTestId('failure')).toBeNull();
  await user.click(screen.getByTestId('connect-zoho'));
  document.removeEventListener('click', count, true);
  expect(clicks).toBeLessThanOrEqual(16);
  await user.click(await screen.findByTestId('guide-onward'));
  await at('ways');
  expect(location.hash).toBe('#/connect/google');
});

test.each([
  ['AOZORA', 'key-id', /client id/],
  ['1000.A B', 'key-id', /client id/],
])('a wrong id (%s) is said beside its field as it is pasted', async (id, field, words) => {
  const user = await open('unconfigured', '#/connect/zoho', 'en', () =>
    demo.settings.set('connect-zoho', JSON.stringify({ step: 'keys' })),
  );
  await at('keys');
  const input = screen.getByTestId(field);
  await user.click(input);
  await user.paste(id);
  await expect.poll(() => input.getAttribute('aria-invalid')).toBe('true');
  expect(input).toHaveAccessibleDescription(words);
  expect(screen.getByTestId('key-secret')).toHaveAttribute('aria-invalid', 'false');
  await user.click(screen.getByTestId('guide-next'));
  await expect.poll(() => document.activeElement).toBe(input);
  expect(called('saveClient')).toEqual([]);
});

test('an answer about what was typed before is none about what is typed now', async () => {
  await open('unconfigured', '#/connect/zoho', 'en', () =>
    demo.settings.set('connect-zoho', JSON.stringify({ step: 'keys' })),
  );
  await at('keys');
  let late = (): void => undefined;
  const check = vi.spyOn(demo.commands, 'checkClient').mockImplementationOnce(
    () => new Promise((answer) => (late = () => answer(failure('invalid', 'error-client-id-form')))),
  );
  guides.zoho.id = 'AOZORA';
  const first = guides.zoho.check();
  Object.assign(guides.zoho, zohoKeys);
  await guides.zoho.check();
  late();
  await first;
  expect(guides.zoho).toMatchObject({ right: true, wrong: null });
  check.mockRestore();
});

test('a secret that is still missing is asked for only when it is saved', async () => {
  const user = await open('unconfigured', '#/connect/zoho', 'en', () =>
    demo.settings.set('connect-zoho', JSON.stringify({ step: 'keys' })),
  );
  await at('keys');
  await user.click(screen.getByTestId('key-id'));
  await user.paste(zohoKeys.id);
  await expect.poll(() => called('checkClient').length).toBeGreaterThan(0);
  const secret = screen.getByTestId('key-secret');
  expect(secret).toHaveAttribute('aria-invalid', 'false');
  await user.click(screen.getByTestId('guide-next'));
  await expect.poll(() => document.activeElement).toBe(secret);
  expect(secret).toHaveAttribute('aria-invalid', 'true');
});

test('a client that cannot be kept stays typed, and it says why', async () => {
  const user = await open('unconfigured', '#/connect/zoho', 'en', () => {
    demo.settings.set('connect-zoho', JSON.stringify({ step: 'keys', id: zohoKeys.id }));
    demo.refusals.set('saveClient', failure('keychain', 'error-keychain'));
  });
  await at('keys');
  await user.type(screen.getByTestId('key-secret'), zohoKeys.secret);
  await user.click(screen.getByTestId('guide-next'));
  expect(await screen.findByTestId('failure')).toBeVisible();
  expect(screen.getByTestId('key-id')).toHaveValue(zohoKeys.id);
  expect(screen.getByTestId('key-secret')).toHaveValue(zohoKeys.secret);
});

test('going back loses nothing; the way is found again later, and the secret is written nowhere', async () => {
  const user = await open('unconfigured', '#/connect/zoho');
  await at('ways');
  await forward(user, 'country', 'console', 'form', 'keys');
  await user.type(screen.getByTestId('key-id'), zohoKeys.id);
  await user.type(screen.getByTestId('key-secret'), zohoKeys.secret);
  await user.click(screen.getByTestId('guide-back'));
  await at('form');
  await forward(user, 'keys');
  expect(screen.getByTestId('key-id')).toHaveValue(zohoKeys.id);
  expect(screen.getByTestId('key-secret')).toHaveValue(zohoKeys.secret);
  location.hash = '#/settings';
  await onScreen('settings');
  location.hash = '#/connect/zoho';
  await at('keys');
  expect(screen.getByTestId('key-secret')).toHaveValue(zohoKeys.secret);
  const kept = demo.settings.get('connect-zoho') ?? '';
  expect(kept).toContain(zohoKeys.id);
  expect(kept).not.toContain(zohoKeys.secret);
  guides.zoho.reset();
  await guides.zoho.open();
  expect(guides.zoho).toMatchObject({ step: 'keys', id: zohoKeys.id, secret: '' });
});

test('another redirect is shown as it is to be registered, and one with an impossible port is not gone on with', async () => {
  const user = await open('unconfigured', '#/connect/zoho', 'en', () =>
    demo.settings.set('connect-zoho', JSON.stringify({ step: 'form', id: zohoKeys.id })),
  );
  await at('form');
  guides.zoho.secret = 's';
  await user.click(screen.getByText('Another address than this one'));
  await user.selectOptions(screen.getByTestId('redirect-host'), '127.0.0.1');
  const port = screen.getByTestId('redirect-port');
  await user.clear(port);
  await user.type(port, 'abc');
  await user.click(screen.getByTestId('guide-next'));
  await expect.poll(() => document.activeElement).toBe(port);
  await user.clear(port);
  await user.type(port, '50123');
  expect(screen.getAllByTestId('copy-value')[2]).toHaveTextContent('http://127.0.0.1:50123/callback');
  await forward(user, 'keys');
  await user.click(screen.getByTestId('guide-next'));
  await at('sign-in');
  expect(called('saveClient')[0]?.[1]).toMatchObject({ redirect: 'http://127.0.0.1:50123/callback' });
});

test('where no browser opens, the address is still there', async () => {
  const user = await open('unconfigured', '#/connect/zoho', 'en', () => {
    demo.settings.set('connect-zoho', JSON.stringify({ step: 'console' }));
    demo.refusals.set('openLink', failure('failed', 'error-unexpected', { detail: 'no browser' }));
  });
  await at('console');
  await user.click(screen.getByTestId('open-page'));
  const told = await screen.findByTestId('unopened');
  await user.click(within(told).getAllByRole('button', { name: 'Close' })[0] as HTMLElement);
  expect(screen.getByTestId('page-address')).toHaveTextContent('https://api-console.zoho.jp/');
});

test('where the clipboard takes nothing, the value is selected for the keyboard', async () => {
  const user = await open('unconfigured', '#/connect/zoho', 'en', () =>
    demo.settings.set('connect-zoho', JSON.stringify({ step: 'form' })),
  );
  await at('form');
  vi.spyOn(navigator.clipboard, 'writeText').mockRejectedValue(new Error('no'));
  await user.click(screen.getByRole('button', { name: 'Copy Client Name' }));
  expect(await within(screen.getAllByTestId('copy-value')[0] as HTMLElement).findByText(/It is selected now/)).toBeVisible();
  expect(getSelection()?.toString()).toBe('Renraku');
});

test("Google: through its console to the file, which is checked, and on to the sign-in", async () => {
  const user = await open('half-configured');
  await user.click(screen.getByTestId('connect-google'));
  await at('ways');
  for (const [name, link] of [
    ['project', 'google_project'],
    ['api', 'google_people_api'],
    ['consent', 'google_consent'],
    ['publish', 'google_audience'],
    ['client', 'google_clients'],
  ] as const) {
    await forward(user, name);
    expect(screen.getByTestId('page-address')).toHaveTextContent(googlePages[link]);
    await user.click(screen.getByTestId('open-page'));
    expect(called('openLink').at(-1)).toEqual([link]);
  }
  await forward(user, 'file');
  expect(screen.queryByTestId('guide-next')).toBeNull();
  await user.upload(screen.getByTestId('client-file'), file('{"web": {}}'));
  expect(await screen.findByTestId('client-file-mistake')).toHaveTextContent(/web/);
  expect(demo.clients.google.source).toBe('none');
  await user.upload(screen.getByTestId('client-file'), file(googleFile));
  await at('sign-in');
  expect(screen.getByRole('region', { name: /hasn't verified this app/ })).toHaveTextContent('Advanced');
  await user.click(screen.getByTestId('connect-google'));
  await user.click(await screen.findByTestId('guide-onward'));
  expect(await onScreen('welcome')).toBeVisible();
});

test.each([
  ['pasted whole', googleFile, true],
  ['cut off', googleFile.slice(0, 30), false],
])("the text of Google's file, %s", async (_, text, good) => {
  const user = await open('half-configured', '#/connect/google', 'en', () =>
    demo.settings.set('connect-google', JSON.stringify({ step: 'file' })),
  );
  await at('file');
  const field = screen.getByTestId('client-paste');
  await user.click(field);
  await user.paste(text);
  if (good) return at('sign-in');
  await expect.poll(() => field.getAttribute('aria-invalid')).toBe('true');
  expect(field).toHaveAccessibleDescription(/json/i);
  expect(field).toHaveValue(text);
});

test("Google's id and secret can be entered without a file", async () => {
  const user = await open('half-configured', '#/connect/google', 'en', () =>
    demo.settings.set('connect-google', JSON.stringify({ step: 'file' })),
  );
  await at('file');
  await user.click(screen.getByText(/No file/));
  await user.type(screen.getByTestId('key-id'), '1-a.apps.googleusercontent.com');
  await user.click(screen.getByTestId('keys-save'));
  await expect.poll(() => document.activeElement).toBe(screen.getByTestId('key-secret'));
  await user.type(screen.getByTestId('key-secret'), 's');
  await user.click(screen.getByTestId('keys-save'));
  await at('sign-in');
});

test("an administrator's file, chosen: both services are ready, and the sign-in is next", async () => {
  const user = await open('unconfigured', '#/connect/zoho');
  await at('ways');
  await user.upload(screen.getByTestId('client-file'), file(organisation));
  await at('sign-in');
  expect(screen.queryByText(/Step \d/)).toBeNull();
  expect(screen.getByTestId('guide-back')).toHaveTextContent('Back to the accounts');
  expect(app.unregistered('google')).toBe(false);
});

test('a file with the other service alone is taken, and says so', async () => {
  const user = await open('unconfigured', '#/connect/zoho');
  await at('ways');
  await user.upload(screen.getByTestId('client-file'), file(googleFile));
  expect(await screen.findByTestId('file-other')).toHaveTextContent('no registration with Zoho');
  await at('ways');
});

test('a taken port leads to where another one is chosen, and from there on to the sign-in', async () => {
  const user = await open('unconfigured', '#/connect/zoho', 'en', () => {
    demo.settings.set('connect-zoho', JSON.stringify({ step: 'keys', id: zohoKeys.id }));
    demo.refusals.set('connect', failure('failed', 'error-port-taken', { port: '48620' }));
  });
  await at('keys');
  guides.zoho.secret = zohoKeys.secret;
  await user.click(screen.getByTestId('guide-next'));
  await at('sign-in');
  await user.click(screen.getByTestId('connect-zoho'));
  await user.click(await screen.findByTestId('other-port'));
  await at('form');
  const port = screen.getByTestId('redirect-port');
  await user.clear(port);
  await user.type(port, '50123');
  await user.click(screen.getByTestId('guide-next'));
  await at('keys');
  demo.refusals.delete('connect');
  await user.click(screen.getByTestId('guide-next'));
  await at('sign-in');
  expect(called('saveClient').at(-1)?.[1]).toMatchObject({ redirect: 'http://localhost:50123/callback' });
});

test("with a file's client a taken port leads to the place where the port alone is chosen", async () => {
  const user = await open('unconfigured', '#/connect', 'en', () => {
    demo.clients = { ...demo.clients, zoho: { ...demo.clients.zoho, source: 'file', client_id: zohoKeys.id, secret: true } };
    demo.refusals.set('connect', failure('failed', 'error-port-taken', { port: '48620' }));
  });
  await user.click(await screen.findByTestId('connect-zoho'));
  await user.click(await screen.findByTestId('other-port'));
  const own = within(await screen.findByTestId('own-zoho'));
  const port = await own.findByTestId('redirect-port');
  expect(screen.getByTestId('client-advanced')).toHaveAttribute('open');
  await expect.poll(() => document.activeElement).toBe(port);
  expect(own.getByTestId('redirect-alone')).toBeVisible();
  await user.clear(port);
  await user.type(port, '48700');
  await user.click(own.getByRole('button', { name: 'Save' }));
  await expect.poll(() => called('saveClient').at(-1)?.[1]).toMatchObject({ client_id: '', client_secret: '', redirect: 'http://localhost:48700/callback' });
  expect(screen.getByTestId('client-zoho')).toHaveAttribute('data-source', 'file');
  expect(screen.getByTestId('client-zoho')).toHaveTextContent('http://localhost:48700/callback');
});

for (const [take, command] of [
  ['other-account-take', 'takeOtherAccount'],
  ['other-account-leave', 'leaveOtherAccount'],
] as const) {
  test(`another account than the connected one is asked about (${command})`, async () => {
    const args = { service: 'Zoho', before: 'me@a.test (Aozora)', now: 'you@b.test (Other)' };
    const user = await open('lost', '#/connect', 'en', () =>
      demo.refusals.set('connect', failure('held', 'error-account-other', args)),
    );
    await user.click(await screen.findByTestId('connect-zoho').catch(() => screen.findByTestId('connect-google')));
    const dialog = await screen.findByTestId('other-account-dialog');
    expect(dialog).toHaveTextContent('me@a.test (Aozora)');
    expect(dialog).toHaveTextContent('you@b.test (Other)');
    expect(await barriers()).toEqual([]);
    await user.click(screen.getByTestId(take));
    await expect.poll(() => called(command).length).toBe(1);
    await expect.poll(() => screen.queryByTestId('other-account-dialog')).toBeNull();
  });
}

test('where the access is not taken back, it is said with the page to do it by hand', async () => {
  const user = await open('quiet', '#/settings', 'en', () =>
    demo.refusals.set('disconnect', failure('failed', 'error-not-revoked', { service: 'Zoho', address: 'https://accounts.zoho.jp/home' })),
  );
  await user.click(await screen.findByTestId('disconnect-zoho'));
  await user.click(within(await screen.findByTestId('disconnect-dialog')).getByRole('button', { name: 'Disconnect' }));
  await user.click(await screen.findByTestId('access-page-zoho'));
  expect(called('openLink').at(-1)).toEqual(['zoho_access']);
});

test("whoever sees Zoho's error page signs in without PKCE, at once or after the wait", async () => {
  const user = await open('unconfigured', '#/connect', 'en', () => {
    demo.clients = { ...demo.clients, zoho: { ...demo.clients.zoho, source: 'file', client_id: zohoKeys.id, secret: true, pkce: true } };
  });
  let late = (): void => undefined;
  const connect = vi.spyOn(demo.commands, 'connect').mockImplementationOnce(
    () => new Promise((_, refuse) => (late = () => refuse(failure('login_aborted', 'error-login-late', { pkce: 'yes' })))),
  );
  await user.click(await screen.findByTestId('connect-zoho'));
  expect(await screen.findByTestId('without-pkce')).toBeVisible();
  late();
  expect(await screen.findByTestId('failure')).toBeVisible();
  await user.click(screen.getByTestId('without-pkce'));
  await expect.poll(() => connect.mock.calls).toEqual([['zoho', false], ['zoho', true]]);
  await expect.poll(() => screen.queryByTestId('without-pkce')).toBeNull();
  connect.mockRestore();
});

test.each(['abc', '0', '99999', '80', ''])('the port %s is refused before there is an id', async (typed) => {
  const user = await open('unconfigured', '#/connect/zoho', 'en', () =>
    demo.settings.set('connect-zoho', JSON.stringify({ step: 'form' })),
  );
  await at('form');
  await user.click(screen.getByText('Another address than this one'));
  const port = screen.getByTestId('redirect-port');
  await user.clear(port);
  if (typed !== '') await user.type(port, typed);
  await user.click(screen.getByTestId('guide-next'));
  await expect.poll(() => document.activeElement).toBe(port);
  expect(port).toHaveAccessibleDescription(/1024 to 65535/);
  await at('form');
});

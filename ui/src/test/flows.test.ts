// What a person does in the window, step by step, on the demo.
import { screen, within } from '@testing-library/svelte';
import { expect, test, vi } from 'vitest';
import { app } from '$lib/app.svelte';
import { demo } from '$lib/backend/demo';
import { failure } from '$lib/backend/demo/demo';
import { called, onScreen, open } from './open';

test('both accounts are connected, Zoho first, and then the wizard can begin', async () => {
  const user = await open('fresh');
  expect(screen.getByTestId('connect-google')).toBeDisabled();
  expect(screen.getByTestId('start-wizard')).toBeDisabled();
  await user.click(screen.getByTestId('connect-zoho'));
  await screen.findByText('misaki.tanaka@aozora.example');
  expect(screen.getByText('Japan')).toBeVisible();
  await user.click(screen.getByTestId('connect-google'));
  await expect.poll(() => screen.getByTestId('start-wizard')).toBeEnabled();
  await user.click(screen.getByTestId('start-wizard'));
  expect(await onScreen('wizard')).toBeVisible();
});

test('a sign-in that waits for the browser is found again after a look elsewhere', async () => {
  const user = await open('fresh');
  let cancel = (): void => undefined;
  const connect = vi.spyOn(demo.commands, 'connect').mockImplementation(
    () => new Promise((_, reject) => (cancel = () => reject(failure('login_aborted', 'error-login-cancelled')))),
  );
  await user.click(screen.getByTestId('connect-zoho'));
  expect(await screen.findByText(/Waiting for you to sign in/)).toBeVisible();
  location.hash = '#/settings';
  await onScreen('settings');
  location.hash = '#/';
  await onScreen('welcome');
  expect(screen.getByText(/Waiting for you to sign in/)).toBeVisible();
  expect(screen.queryByTestId('connect-zoho')).toBeNull();
  await user.click(screen.getByRole('button', { name: 'Cancel' }));
  expect(called('stopLogin')).toEqual([['zoho']]);
  cancel();
  expect(await screen.findByTestId('connect-zoho')).toBeVisible();
  connect.mockRestore();
});

test('a sign-in without the right to contacts says what to do', async () => {
  const user = await open('zoho-only', '#/', 'en', () =>
    demo.refusals.set('connect', failure('scope_missing', 'error-scope-missing', { service: 'Google' })),
  );
  await user.click(screen.getByTestId('connect-google'));
  const told = await screen.findByTestId('failure');
  expect(told).toHaveTextContent('tick the box for contacts');
});

test('the wizard: choices, fields, a missing default, and the plan', async () => {
  const user = await open('connected', '#/wizard');
  await user.click(await screen.findByRole('radio', { name: /Google overwrites Zoho/ }));
  await user.click(screen.getByRole('radio', { name: /^Only those with a label/ }));
  await user.selectOptions(screen.getByTestId('google-label'), 'Customers');
  await user.selectOptions(screen.getByTestId('frequency'), '30');
  await user.click(screen.getByTestId('wizard-next'));
  expect(screen.getByRole('heading', { name: 'Map the fields' })).toHaveFocus();
  await user.click(screen.getByTestId('custom-Loyalty_ID'));
  await user.click(screen.getByTestId('wizard-next'));
  await user.click(screen.getByTestId('wizard-next'));
  const region = screen.getByTestId('default-Region');
  expect(region).toHaveAttribute('aria-invalid', 'true');
  await expect.poll(() => document.activeElement).toBe(region);
  await user.selectOptions(region, '東日本');
  await user.click(screen.getByTestId('wizard-next'));
  expect(await onScreen('plan')).toBeVisible();
  expect(called('setup')[0]?.[0]).toMatchObject({
    module: 'Contacts',
    conflict_winner: 'google',
    frequency_minutes: 30,
    google_label: 'Customers',
    mapping: 'default',
    custom_fields: ['Loyalty_ID'],
    defaults: { Last_Name: '-', Region: '東日本' },
  });
});

test('going back in the wizard loses nothing, and neither does closing the window', async () => {
  const user = await open('connected', '#/wizard/Leads');
  await user.click(await screen.findByRole('radio', { name: /^Zoho → Google/ }));
  await user.click(screen.getByTestId('wizard-next'));
  await user.click(screen.getByTestId('map-more'));
  await user.click(screen.getByTestId('wizard-back'));
  expect(screen.getByRole('radio', { name: /^Zoho → Google/ })).toBeChecked();
  await expect.poll(() => demo.settings.get('wizard-Leads')).toContain('zoho_to_google');
  await user.click(screen.getByTestId('wizard-next'));
  await expect.poll(() => demo.settings.get('wizard-Leads')).toContain('"step":2');
});

test('a wizard that was left opens where it was', async () => {
  await open('connected', '#/wizard/Vendors', 'en', () => {
    const edit = { module: 'Vendors', rows: [], defaults: { Vendor_Name: 'Unnamed' } };
    demo.settings.set('wizard-Vendors', JSON.stringify({ step: 3, edit }));
  });
  expect(await screen.findByTestId('default-Vendor_Name')).toHaveValue('Unnamed');
});

test('with rights that allow one direction only the others cannot be chosen, and it says why', async () => {
  await open('limited', '#/wizard');
  expect(await screen.findByTestId('limited')).toHaveTextContent('Your Zoho profile');
  expect(screen.getByRole('radio', { name: /Two-way/ })).toBeDisabled();
  expect(screen.getByRole('radio', { name: /^Zoho → Google/ })).toBeChecked();
});

test('the plan: totals, search, a contact opened; nothing is written before the approval', async () => {
  const user = await open('awaiting', '#/plan/Contacts');
  expect(await screen.findByTestId('total-google-create')).toHaveTextContent('171');
  await user.type(screen.getByTestId('plan-search'), '鈴木 翔太');
  await expect.poll(() => screen.getByTestId('plan-list').dataset['count']).toBe('3');
  const change = screen.getAllByTestId('planned')[0] as HTMLElement;
  await user.click(within(change).getByRole('button'));
  expect(within(change).getByRole('row', { name: /Phone/ })).toHaveTextContent('03-5550');
  expect(called('sync')).toEqual([]);
  await user.click(screen.getByTestId('approve'));
  expect(await screen.findByTestId('done')).toHaveTextContent('Both sides are in step');
  expect(called('sync')).toEqual([['Contacts', true]]);
  await user.click(screen.getByTestId('to-overview'));
  expect(await onScreen('overview')).toBeVisible();
  expect(screen.getByTestId('last-synced')).not.toHaveTextContent('Never');
});

test('a plan tells who was recognised, by what, and keeps apart who is not one person', async () => {
  const user = await open('awaiting', '#/plan/Contacts');
  await user.click(await screen.findByTestId('tab-matches'));
  const list = screen.getByTestId('matches-list');
  expect(list.dataset['count']).toBe('120');
  await user.type(screen.getByTestId('matches-search'), 'miller.6@');
  const row = await screen.findByTestId('match');
  expect(row).toHaveTextContent('Both have the same main e-mail. miller.6@example.com');
  await user.click(within(row).getByRole('button', { name: /not the same person/ }));
  expect(within(await screen.findByTestId('apart-who')).getAllByText(/ · miller\.6@example\.com$/), 'both, and by what they were taken for one').toHaveLength(2);
  await user.click(await screen.findByTestId('apart-confirm'));
  expect(called('separate')).toEqual([['Contacts', expect.any(String), expect.any(String)]]);
  await expect.poll(() => called('preview').length).toBe(2);
  expect(await screen.findByTestId('tab-matches')).toHaveTextContent('119 pairs recognised');
});

test('a run in the way leaves the two together, and the question says why', async () => {
  const user = await open('awaiting', '#/plan/Contacts', 'en', () =>
    demo.refusals.set('separate', failure('busy', 'error-busy')),
  );
  await user.click(await screen.findByTestId('tab-matches'));
  await user.click(screen.getAllByRole('button', { name: /not the same person/ })[0] as HTMLElement);
  await user.click(await screen.findByTestId('apart-confirm'));
  expect(within(screen.getByTestId('apart-dialog')).getByTestId('failure')).toBeVisible();
  expect(called('preview')).toHaveLength(1);
});

test('an approval that fails leaves the plan on screen with the reason', async () => {
  const user = await open('awaiting', '#/plan/Contacts', 'ja', () =>
    demo.refusals.set('sync', failure('offline', 'error-offline')),
  );
  await user.click(await screen.findByTestId('approve'));
  expect(await screen.findByTestId('failure')).toBeVisible();
  expect(screen.getByTestId('plan-list')).toBeVisible();
});

test('nothing is under way by an event alone: the engine says what is', async () => {
  await open('quiet');
  demo.tell({ event: 'progress', module: 'Contacts', phase: 'reading', side: 'zoho', done: 0, total: null, seconds_left: null, waiting_until: null });
  await Promise.resolve();
  expect(screen.queryByTestId('progress')).toBeNull();
  expect(screen.getByTestId('sync-now')).toBeEnabled();
});

test('progress is told with count and estimate, and ends with the run', async () => {
  await open('syncing');
  demo.tell({ event: 'progress', module: 'Contacts', phase: 'writing', side: 'google', done: 40, total: 160, seconds_left: 150, waiting_until: null });
  const progress = await screen.findByTestId('progress');
  expect(progress).toHaveTextContent('Writing to Google');
  expect(progress).toHaveTextContent('40 of 160');
  expect(progress).toHaveTextContent('about 3 minutes left');
  expect(screen.getByRole('progressbar')).toHaveAttribute('value', '25');
  demo.tell({ event: 'progress', module: 'Contacts', phase: 'waiting', side: 'google', done: 40, total: 160, seconds_left: null, waiting_until: '2026-11-22T01:32:00Z' });
  await expect.poll(() => progress.textContent).toContain('Google has asked Renraku to wait until');
  expect(progress).toHaveTextContent('40 of 160');
  demo.syncs = demo.syncs.map((sync) => ({ ...sync, state: 'up_to_date' }));
  const run = (await demo.commands.history(1)).runs[0];
  if (run) demo.tell({ event: 'finished', ...run });
  await expect.poll(() => screen.queryByTestId('progress')).toBeNull();
});

test('Sync now asks for everything, once', async () => {
  const user = await open('quiet');
  await user.click(screen.getByTestId('sync-now'));
  expect(called('sync')).toEqual([[null, false]]);
});

test('a failed run is never shown as fresh', async () => {
  await open('failed');
  expect(screen.getByTestId('status-sentence')).toHaveTextContent('The last run failed');
  expect(screen.getByTestId('sync-Contacts')).toHaveTextContent('Zoho CRM refused a request');
});

test('a plan that could not be read says why, and not that there is nobody to sync', async () => {
  const user = await open('offline', '#/plan/Contacts');
  expect(await screen.findByTestId('failure')).toHaveTextContent('Google cannot be reached');
  expect(screen.queryByTestId('empty')).toBeNull();
  expect(screen.queryByTestId('approve')).toBeNull();
  demo.fails = null;
  await user.click(screen.getByRole('button', { name: 'Try again' }));
  expect(await screen.findByTestId('approve')).toBeVisible();
});

test('offline, the time up to which everything is complete is told', async () => {
  await open('offline');
  expect(screen.getByTestId('status-sentence')).toHaveTextContent(/^Offline: complete as of .*22:02/);
  expect(screen.getByTestId('sync-Contacts')).toHaveTextContent('Google cannot be reached');
});

test('a sync whose first run is not over is named, also beside one that is up to date', async () => {
  await open('rich', '#/', 'en', () => {
    demo.syncs = demo.syncs.map((sync) => (sync.module === 'Leads' ? { ...sync, complete_as_of: null } : sync));
  });
  expect(screen.getByTestId('status-sentence')).toHaveTextContent('The first run is not finished yet: Leads.');
});

test('a question about a whole sync is asked about it, not about somebody without a name', async () => {
  await open('rich', '#/needs-you', 'en', () => {
    const [first] = demo.review;
    if (first) demo.review = [{ ...first, item: 'all', kind: 'scope', contact: '', zoho_id: null, google: null, module: 'Contacts', choices: ['leave', 'unlink', 'remove'] }];
  });
  const asked = await screen.findByTestId('review-all');
  expect(asked).toHaveTextContent(/^Contacts/);
  expect(asked).not.toHaveTextContent('no name');
});

test('a run that a guard held is shown with the way to its plan', async () => {
  const user = await open('held');
  const held = screen.getByTestId('held');
  // With its own reason: there are several guards.
  expect(held).toHaveTextContent('84 linked contacts are now outside it');
  await user.click(within(held).getByRole('button', { name: 'See the plan' }));
  expect(await onScreen('plan')).toBeVisible();
});

test('turning a sync off asks first; turning it on again does not', async () => {
  const user = await open('quiet');
  await user.click(screen.getByTestId('turn-off'));
  const dialog = await screen.findByTestId('turn-off-dialog');
  await user.click(within(dialog).getByRole('button', { name: 'Turn off' }));
  await user.click(await screen.findByRole('button', { name: 'Turn on' }));
  expect(called('setEnabled')).toEqual([['Contacts', false], ['Contacts', true]]);
});

test('many questions are decided at once, where they have an answer in common', async () => {
  const user = await open('rich', '#/needs-you');
  const list = await screen.findByTestId('review-list');
  await user.selectOptions(screen.getByRole('combobox', { name: 'Kind' }), 'deletion');
  const count = Number(list.dataset['count']);
  await user.click(screen.getByTestId('pick-all'));
  await user.click(screen.getByTestId('bulk-keep'));
  const [items, choice] = called('resolve')[0] as [string[], string];
  expect(choice).toBe('keep');
  expect(items).toHaveLength(count);
});

test('different kinds of questions have no answer in common, and it says so', async () => {
  const user = await open('rich', '#/needs-you');
  await user.click(await screen.findByTestId('pick-all'));
  expect(screen.getByText('No answer fits all that are selected.')).toBeVisible();
});

test('an undo that put everything back is shown as a success, later too', async () => {
  await open('rich', '#/history/61', 'en', () => {
    const [newest] = demo.runs;
    demo.runs = [{ ...newest!, run: 61, undo: true, outcome: 'completed', message: '242 of 242 changes are put back.' }, ...demo.runs];
  });
  const said = await screen.findByText('242 of 242 changes are put back.');
  expect(said.closest('.note')).toHaveClass('good');
});

test('a run is undone after a question; what was edited since is told', async () => {
  const user = await open('rich', '#/history/57');
  await user.click(await screen.findByTestId('undo'));
  expect(await screen.findByTestId('undo-stays')).toHaveTextContent('2 values were edited after the run');
  expect(called('undo')).toEqual([]);
  await user.click(screen.getByTestId('undo-confirm'));
  expect(await screen.findByTestId('undone')).toHaveTextContent('28 of 30 changes are put back. 2 fields are left as they are');
  expect(called('undo')).toEqual([[57, null]]);
});

test('the language changes everything on screen at once', async () => {
  const user = await open('rich', '#/settings');
  await user.click(screen.getByRole('radio', { name: '日本語' }));
  expect(await screen.findByRole('heading', { level: 1, name: '設定' })).toBeVisible();
  expect(document.documentElement.lang).toBe('ja');
  await user.click(screen.getByRole('radio', { name: 'ダーク' }));
  expect(document.documentElement.dataset['theme']).toBe('dark');
});

test('without a tray no text mentions one', async () => {
  await open('no-tray', '#/settings');
  expect(document.body.textContent).not.toMatch(/tray/i);
});

test('what takes the place of what had the focus, has the focus', async () => {
  const user = await open('quiet');
  await user.click(screen.getByTestId('turn-off'));
  await user.click(within(await screen.findByTestId('turn-off-dialog')).getByRole('button', { name: 'Turn off' }));
  await expect.poll(() => document.querySelector('[data-state="disabled"]')).not.toBeNull();
  expect(document.activeElement).toHaveTextContent('Edit');
  location.hash = '#/edit/Contacts';
  const row = await screen.findByTestId('pair-Email');
  const next = row.nextElementSibling as HTMLElement;
  await user.click(within(row).getByRole('button'));
  await expect.poll(() => document.activeElement).toBe(within(next).getAllByRole('combobox')[0]);
});

test('a limit that is no whole number is marked, and stays as it was typed', async () => {
  const user = await open('rich', '#/edit/Contacts');
  const limit = await screen.findByTestId('limit-later_run');
  for (const text of ['1.5', 'five hundred']) {
    await user.clear(limit);
    await user.type(limit, text);
    await user.tab();
    expect(limit).toHaveAttribute('aria-invalid', 'true');
    expect(limit).toHaveValue(text);
  }
});

test('editing a sync: a wrong limit is marked, kept, and nothing is saved', async () => {
  const user = await open('rich', '#/edit/Contacts');
  const limit = await screen.findByTestId('limit-later_run');
  await user.selectOptions(screen.getByTestId('default-Region'), '東日本');
  await user.clear(limit);
  await user.type(limit, '0');
  await user.tab();
  expect(limit).toHaveAttribute('aria-invalid', 'true');
  await user.click(screen.getByTestId('save'));
  expect(called('setup')).toEqual([]);
  await user.clear(limit);
  await user.type(limit, '800');
  await user.click(screen.getByTestId('save'));
  expect(await screen.findByTestId('saved')).toBeVisible();
  expect(called('setup')[0]?.[0]).toMatchObject({ limits: { later_run: 800 } });
  // Nothing is left to save or to call off.
  expect(screen.getByTestId('save')).toHaveAttribute('aria-disabled', 'true');
  expect(screen.getByRole('button', { name: 'Back' })).toBeVisible();
});

test('shared settings are read from a file and shown before they are saved', async () => {
  const user = await open('rich', '#/edit/Contacts');
  const file = await screen.findByTestId('load-settings');
  const upload = (text: string): Promise<void> => user.upload(file, new File([text], 's.json', { type: 'application/json' }));
  await upload('{"module": "Contacts", "frequenzy": 5}');
  expect(await screen.findByTestId('load-mistake')).toHaveTextContent('frequenzy');
  await upload('{"module": "Leads"}');
  await expect.poll(() => screen.getByTestId('load-mistake').textContent).toContain('Leads');
  await upload('{"module": "Contacts", "frequency_minutes": 180, "defaults": {"Region": "Overseas"}}');
  await expect.poll(() => screen.getByTestId('frequency')).toHaveValue('180');
  expect(called('setup')).toEqual([]);
});

test('closing for the first time asks; the answer is carried out', async () => {
  const user = await open('quiet');
  demo.tellClosing();
  const notice = await screen.findByTestId('close-notice');
  await user.click(within(notice).getByRole('button', { name: 'Keep running in the tray' }));
  expect(called('closeToTray')).toHaveLength(1);
});

test('the support file is shown in full and holds nobody', async () => {
  const user = await open('rich', '#/settings');
  await user.click(screen.getByTestId('support'));
  const dialog = await screen.findByTestId('support-dialog');
  expect(dialog).toHaveTextContent('"linked": 1204');
  for (const secret of ['misaki', 'アオゾラ', '/home/']) expect(dialog.textContent).not.toContain(secret);
});

test('25,000 rows: only those in sight are in the page', async () => {
  const user = await open('many', '#/needs-you');
  expect((await screen.findByTestId('review-list')).dataset['count']).toBe('25000');
  expect(document.querySelectorAll('[data-testid^="review-"]').length).toBeLessThan(60);
  await user.click(screen.getByTestId('pick-all'));
  expect(screen.getByText('25,000 of 25,000 selected')).toBeVisible();
  expect(app.needsYou).toBe(25_000);
});

// Every screen in the states that look different, by the demo's scenarios.

/** @typedef {import('playwright-core').Page} Page */

/** What the engine would tell. @param {object} event */
const tell = (event) => (/** @type {Page} */ page) => page.evaluate((told) => window.demo.tell(told), event);
const progress = { event: 'progress', module: 'Contacts', phase: 'writing', side: 'google', done: 640, total: 2300, seconds_left: 540, waiting_until: null };

/** So many steps along the way to a client. @param {number} steps */
const along = (steps) => async (/** @type {Page} */ page) => {
  if (steps > 0) await page.getByTestId('guide-begin').click();
  for (let step = 1; step < steps; step += 1) await page.getByTestId('guide-next').click();
};

/** @type {[name: string, scenario: string, hash: string, act?: (page: Page) => Promise<unknown>][]} */
export const screens = [
  ['welcome', 'fresh', '#/'],
  ['welcome-connected', 'connected', '#/'],
  ['welcome-no-client', 'unconfigured', '#/'],
  ['welcome-organisation', 'organisation', '#/'],
  ['guide-zoho-0-ways', 'unconfigured', '#/', (page) => page.getByTestId('connect-zoho').click()],
  ['guide-zoho-1-country', 'unconfigured', '#/connect/zoho', along(1)],
  ['guide-zoho-2-console', 'unconfigured', '#/connect/zoho', along(2)],
  ['guide-zoho-3-form', 'unconfigured', '#/connect/zoho', along(3)],
  ['guide-zoho-4-keys', 'unconfigured', '#/connect/zoho', async (page) => {
    await along(4)(page);
    await page.getByTestId('key-id').fill('1000.AOZORA 7K2M');
    await page.locator('.mistake').waitFor();
  }],
  ['guide-zoho-5-sign-in', 'unconfigured', '#/connect/zoho', async (page) => {
    await along(4)(page);
    await page.getByTestId('key-id').fill('1000.AOZORA7K2M');
    await page.getByTestId('key-secret').fill('3f9c81d2');
    await page.getByTestId('guide-next').click();
    await page.getByTestId('connect-zoho').waitFor();
  }],
  ['guide-letter', 'unconfigured', '#/connect/zoho', (page) => page.getByTestId('letter-open').click()],
  ...['ways', 'project', 'api', 'consent', 'publish', 'client', 'file'].map((step, index) => [`guide-google-${index}-${step}`, 'half-configured', '#/connect/google', along(index)]),
  ['guide-google-7-sign-in', 'half-configured', '#/connect/google', async (page) => {
    await along(6)(page);
    await page.getByTestId('client-paste').fill('{"installed": {"client_id": "1-a.apps.googleusercontent.com", "client_secret": "s"}}');
    await page.getByTestId('connect-google').waitFor();
  }],
  ['welcome-sandbox', 'sandbox', '#/'],
  ['wizard-1', 'connected', '#/wizard'],
  ['wizard-1-rights', 'limited', '#/wizard'],
  ['wizard-1-whose', 'connected', '#/wizard', async (page) => {
    await page.getByTestId('wizard-next').click();
    await page.locator('.mistake').waitFor();
  }],
  ['wizard-1-label', 'one-left', '#/wizard', async (page) => {
    await page.locator('input[name=whose][value=labelled]').click();
    await page.getByTestId('google-label').selectOption('Empty label');
    await page.getByTestId('google-label').scrollIntoViewIfNeeded();
  }],
  ['wizard-1-vendors', 'connected', '#/wizard', (page) => page.locator('input[name=module][value=Vendors]').click()],
  ['wizard-2', 'connected', '#/wizard', async (page) => {
    await page.locator('input[name=whose][value=labelled]').click();
    await page.getByTestId('wizard-next').click();
  }],
  ['wizard-3', 'connected', '#/wizard', async (page) => {
    await page.locator('input[name=whose][value=labelled]').click();
    for (const step of [1, 2, 3]) {
      void step;
      await page.getByTestId('wizard-next').click();
    }
  }],
  ['wizard-offline', 'offline', '#/wizard'],
  ['plan', 'awaiting', '#/plan/Contacts', (page) => page.getByTestId('planned').first().getByRole('button').click()],
  ['plan-left-out', 'awaiting', '#/plan/Contacts', async (page) => {
    await page.getByTestId('tick').nth(1).click();
    await page.getByTestId('tick').nth(4).click({ modifiers: ['Shift'] });
  }],
  ['plan-questions', 'rich', '#/plan/Contacts', (page) => page.getByTestId('tab-questions').click()],
  ['plan-held', 'held', '#/plan/Contacts'],
  ['plan-matches', 'awaiting', '#/plan/Contacts', (page) => page.getByTestId('tab-matches').click()],
  ['plan-apart', 'awaiting', '#/plan/Contacts', async (page) => {
    await page.getByTestId('tab-matches').click();
    await page.getByTestId('match').nth(1).getByRole('button').click();
  }],
  ['plan-superseded', 'awaiting', '#/plan/Contacts', async (page) => {
    await page.getByTestId('plan-list').waitFor();
    await page.evaluate(() => {
      window.demo.commands.sync('Contacts', false);
      window.demo.planned = 40;
    });
    await page.getByTestId('approve').click();
    await page.getByTestId('superseded').waitFor();
  }],
  ['plan-set-aside', 'set-aside', '#/plan/Contacts'],
  ['plan-offline', 'offline', '#/plan/Contacts'],
  ['plan-scope', 'held', '#/plan/Contacts', async (page) => {
    await page.getByTestId('tab-questions').click();
    await page.getByTestId('outsiders').click();
    await page.getByTestId('scope-person').first().waitFor();
  }],
  ['plan-deletions', 'quiet', '#/history', async (page) => {
    await page.evaluate(() => {
      const { demo } = window;
      const why = document.documentElement.lang === 'ja' ? 'Google で削除されました。' : 'It was deleted in Google.';
      demo.planned = 300;
      demo.commands.preview('Contacts').then(({ runs: [plan] }) => {
        demo.planned = 30;
        demo.beside = plan.operations.slice(30).map((one, index) => ({ ...one, side: 'zoho', kind: 'delete', zoho_id: String(index), google: null, fields: [], why }));
        location.hash = '#/plan/Contacts';
      });
    });
    await page.getByTestId('plan-list').waitFor();
  }],
  ['plan-many', 'many', '#/plan/Contacts'],
  ['plan-agree', 'agree', '#/plan/Contacts'],
  ['plan-nobody', 'nobody', '#/plan/Contacts'],
  ['plan-done', 'awaiting', '#/plan/Contacts', (page) => page.getByTestId('approve').click()],
  ['overview', 'rich', '#/'],
  ['overview-three', 'three', '#/'],
  ['overview-awaiting', 'awaiting', '#/'],
  ['overview-set-aside', 'set-aside', '#/'],
  ['overview-syncing', 'syncing', '#/', tell(progress)],
  ['overview-throttled', 'throttled', '#/', async (page) => {
    await tell(progress)(page);
    await tell({ ...progress, phase: 'waiting', done: 0, total: null, seconds_left: null, waiting_until: '2026-11-22T01:32:00Z' })(page);
  }],
  ['overview-failed', 'failed', '#/'],
  ['overview-offline', 'offline', '#/'],
  ['overview-held', 'held', '#/'],
  ['overview-alarm', 'vanished', '#/'],
  ['overview-paused', 'paused', '#/'],
  ['overview-signed-out', 'lost', '#/'],
  ['overview-off', 'off', '#/'],
  ['overview-pause', 'quiet', '#/', async (page) => {
    await page.getByTestId('pause').press('Enter');
    await page.locator('.menu-item').first().waitFor();
  }],
  ['turn-off', 'quiet', '#/', (page) => page.getByTestId('turn-off').click()],
  ['needs-you', 'rich', '#/needs-you', (page) => page.getByTestId('review-list').getByRole('checkbox').nth(2).check()],
  ['needs-you-decided', 'rich', '#/needs-you', async (page) => {
    await page.getByTestId('group-deletion').getByRole('checkbox').check();
    await page.getByTestId('bulk-keep').click();
    await page.getByTestId('chosen').first().waitFor();
  }],
  ['needs-you-compared', 'rich', '#/needs-you', (page) => page.getByTestId(/^compare-/).first().click()],
  ['needs-you-scope', 'held', '#/needs-you', async (page) => {
    await page.getByTestId('outsiders').click();
    await page.getByTestId('scope-person').nth(1).getByRole('button').click();
    await page.getByTestId('open-google').waitFor();
  }],
  ['needs-you-troubled', 'troubled', '#/needs-you'],
  ['needs-you-troubled-more', 'troubled', '#/needs-you', (page) => page.evaluate(() => document.querySelector('[data-testid=review-list] [role=group]').scrollTo(0, 700))],
  ['needs-you-signed-out', 'lost', '#/needs-you'],
  ['needs-you-alarm', 'vanished', '#/needs-you'],
  ['needs-you-many', 'many', '#/needs-you'],
  ['needs-you-empty', 'quiet', '#/needs-you'],
  ['history', 'rich', '#/history'],
  ['history-search', 'rich', '#/history', async (page) => {
    await page.getByTestId('history-search').fill('Kowalski');
    await page.getByRole('status').filter({ hasText: '20' }).waitFor();
  }],
  ['history-day', 'three', '#/history/2026-11-20'],
  ['history-many', 'many', '#/history'],
  ['history-empty', 'connected', '#/history'],
  ['run', 'rich', '#/history/60', (page) => page.getByTestId('change').first().getByRole('button').click()],
  ['undo', 'rich', '#/history/60', async (page) => {
    await page.getByTestId('undo').click();
    await page.getByTestId('undo-preview').waitFor();
  }],
  ['undone', 'rich', '#/history/60', async (page) => {
    await page.getByTestId('undo').click();
    await page.getByTestId('undo-preview').waitFor();
    await page.getByTestId('undo-confirm').click();
    await page.getByTestId('undone').waitFor();
  }],
  ['contacts', 'rich', '#/contacts', (page) => page.getByTestId('contact').nth(2).waitFor()],
  ['contacts-one', 'rich', '#/contacts', async (page) => {
    await page.getByTestId('contact-show').nth(3).click();
    await page.getByTestId('contact-history').waitFor();
  }],
  ['contacts-many-at-once', 'rich', '#/contacts', async (page) => {
    await page.getByTestId('contact').nth(1).getByRole('checkbox').click();
    await page.getByTestId('contact').nth(3).getByRole('checkbox').click({ modifiers: ['Shift'] });
    await page.getByTestId('bulk-leave-out').waitFor();
  }],
  ['contacts-state', 'rich', '#/contacts', (page) => page.getByTestId('state-kept_out').click()],
  ['contacts-search', 'many', '#/contacts', (page) => page.getByTestId('contacts-search').fill('Kowalski')],
  ['contacts-none', 'rich', '#/contacts', (page) => page.getByTestId('contacts-search').fill('nobody at all')],
  ['contacts-unlink', 'rich', '#/contacts', async (page) => {
    await page.getByTestId('contact-show').first().click();
    await page.getByTestId('contact-unlink').click();
  }],
  ['edit', 'rich', '#/edit/Contacts'],
  ['edit-offline', 'offline', '#/edit/Contacts'],
  ['edit-scope', 'held', '#/edit/Contacts', async (page) => {
    await page.locator('input[name=whose][value=labelled]').click();
    await page.getByTestId('google-label').selectOption('Customers');
    await page.getByTestId('default-Region').selectOption('東日本');
    await page.getByTestId('save').click();
    await page.getByTestId('scope-person').nth(1).getByRole('button').click();
    await page.getByTestId('open-google').waitFor();
  }],
  ['edit-mistake', 'rich', '#/edit/Contacts', async (page) => {
    await page.getByTestId('limit-later_run').fill('0');
    await page.getByTestId('limit-later_run').blur();
    await page.getByTestId('save').click();
  }],
  ['settings', 'rich', '#/settings'],
  ['settings-files', 'rich', '#/settings', (page) => page.getByTestId('files').evaluate((node) => node.scrollIntoView({ block: 'start' }))],
  ['settings-clients', 'organisation', '#/settings', (page) => page.getByTestId('clients').evaluate((node) => node.scrollIntoView({ block: 'start' }))],
  ['settings-clients-none', 'unconfigured', '#/settings', (page) => page.getByTestId('clients').evaluate((node) => node.scrollIntoView({ block: 'start' }))],
  ['settings-clients-own', 'organisation', '#/settings', async (page) => {
    await page.getByTestId('client-advanced').locator('summary').click();
    await page.getByTestId('client-advanced').evaluate((node) => node.scrollIntoView({ block: 'start' }));
  }],
  ['client-dropped', 'unconfigured', '#/', (page) => page.evaluate(() => window.demo.drag({ drag: 'dropped', x: 500, y: 500, text: '{"zoho": {"client_id": "1000.A"}, "google": {"client_id": "1.apps"}}' }))],
  ['client-over', 'unconfigured', '#/', (page) => page.evaluate(() => window.demo.drag({ drag: 'over', x: 500, y: 500 }))],
  ['support', 'rich', '#/settings', (page) => page.getByTestId('support').click()],
  ['no-browser', 'sandbox', '#/', async (page) => {
    await page.evaluate(() => window.demo.refusals.set('openLink', { code: 'failed', id: 'error-no-browser', message: '', args: { address: 'http://127.0.0.1:48621/zoho' } }));
    await page.getByTestId('sandbox_zoho').click();
    await page.getByTestId('copy-address').waitFor();
  }],
  ['contacts-failed', 'rich', '#/contacts', async (page) => {
    await page.getByTestId('state-failed').click();
    await page.getByTestId('contact-show').first().click();
    await page.getByTestId('contact-history').waitFor();
  }],
  ['close-notice', 'rich', '#/', (page) => page.evaluate(() => window.demo.tellClosing())],
  ['blocked', 'broken', '#/'],
];

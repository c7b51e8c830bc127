// Every screen in the states that look different, by the demo's scenarios.

/** @typedef {import('playwright-core').Page} Page */

/** What the engine would tell. @param {object} event */
const tell = (event) => (/** @type {Page} */ page) => page.evaluate((told) => window.demo.tell(told), event);
const progress = { event: 'progress', module: 'Contacts', phase: 'writing', side: 'google', done: 640, total: 2300, seconds_left: 540, waiting_until: null };

/** @type {[name: string, scenario: string, hash: string, act?: (page: Page) => Promise<unknown>][]} */
export const screens = [
  ['welcome', 'fresh', '#/'],
  ['welcome-connected', 'connected', '#/'],
  ['welcome-no-client', 'unconfigured', '#/', (page) => page.getByTestId('connect-zoho').click()],
  ['welcome-sandbox', 'sandbox', '#/'],
  ['wizard-1', 'connected', '#/wizard'],
  ['wizard-1-rights', 'limited', '#/wizard'],
  ['wizard-1-label', 'one-left', '#/wizard', async (page) => {
    await page.getByTestId('google-label').selectOption('Empty label');
    await page.getByTestId('google-label').scrollIntoViewIfNeeded();
  }],
  ['wizard-2', 'connected', '#/wizard', (page) => page.getByTestId('wizard-next').click()],
  ['wizard-3', 'connected', '#/wizard', async (page) => {
    for (const step of [1, 2, 3]) {
      void step;
      await page.getByTestId('wizard-next').click();
    }
  }],
  ['wizard-offline', 'offline', '#/wizard'],
  ['plan', 'awaiting', '#/plan/Contacts', (page) => page.getByTestId('change').nth(1).getByRole('button').click()],
  ['plan-matches', 'awaiting', '#/plan/Contacts', (page) => page.getByTestId('tab-matches').click()],
  ['plan-apart', 'awaiting', '#/plan/Contacts', async (page) => {
    await page.getByTestId('tab-matches').click();
    await page.getByTestId('match').nth(1).getByRole('button').click();
  }],
  ['plan-many', 'many', '#/plan/Contacts'],
  ['plan-agree', 'agree', '#/plan/Contacts'],
  ['plan-nobody', 'nobody', '#/plan/Contacts'],
  ['plan-done', 'awaiting', '#/plan/Contacts', (page) => page.getByTestId('approve').click()],
  ['overview', 'rich', '#/'],
  ['overview-syncing', 'syncing', '#/', tell(progress)],
  ['overview-throttled', 'throttled', '#/', async (page) => {
    await tell(progress)(page);
    await tell({ ...progress, phase: 'waiting', done: 0, total: null, seconds_left: null, waiting_until: '2026-11-22T01:32:00Z' })(page);
  }],
  ['overview-failed', 'failed', '#/'],
  ['overview-offline', 'offline', '#/'],
  ['overview-held', 'held', '#/'],
  ['overview-paused', 'paused', '#/'],
  ['overview-signed-out', 'lost', '#/'],
  ['overview-off', 'off', '#/'],
  ['turn-off', 'quiet', '#/', (page) => page.getByTestId('turn-off').click()],
  ['needs-you', 'rich', '#/needs-you', (page) => page.getByTestId('review-list').getByRole('checkbox').nth(2).check()],
  ['needs-you-decided', 'rich', '#/needs-you', async (page) => {
    await page.getByTestId('group-deletion').getByRole('checkbox').check();
    await page.getByTestId('bulk-keep').click();
    await page.getByTestId('chosen').first().waitFor();
  }],
  ['needs-you-empty', 'quiet', '#/needs-you'],
  ['history', 'rich', '#/history'],
  ['history-search', 'rich', '#/history', async (page) => {
    await page.getByTestId('history-search').fill('Kowalski');
    await page.getByRole('status').filter({ hasText: '20' }).waitFor();
  }],
  ['history-empty', 'connected', '#/history'],
  ['run', 'rich', '#/history/60', (page) => page.getByTestId('change').first().getByRole('button').click()],
  ['undo', 'rich', '#/history/60', (page) => page.getByTestId('undo').click()],
  ['why', 'rich', '#/why', async (page) => {
    await page.getByTestId('why-query').fill('Kowalski');
    await page.getByTestId('why-ask').click();
  }],
  ['why-empty', 'rich', '#/why'],
  ['edit', 'rich', '#/edit/Contacts'],
  ['edit-mistake', 'rich', '#/edit/Contacts', async (page) => {
    await page.getByTestId('limit-later_run').fill('0');
    await page.getByTestId('limit-later_run').blur();
    await page.getByTestId('save').click();
  }],
  ['settings', 'rich', '#/settings'],
  ['settings-files', 'rich', '#/settings', (page) => page.getByTestId('files').evaluate((node) => node.scrollIntoView({ block: 'start' }))],
  ['settings-clients', 'rich', '#/settings', (page) => page.getByTestId('clients').scrollIntoViewIfNeeded()],
  ['support', 'rich', '#/settings', (page) => page.getByTestId('support').click()],
  ['close-notice', 'rich', '#/', (page) => page.evaluate(() => window.demo.tellClosing())],
  ['blocked', 'broken', '#/'],
];

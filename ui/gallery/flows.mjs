// Every flow by keyboard alone: whatever is used is reached with Tab, shows that it has the focus,
// and the focus is never lost. And the long lists, of which only what is in sight may be in the page.
import { painted } from './demo.mjs';

/** @typedef {import('playwright-core').Page} Page */

/** Whether what has the focus shows it: itself, or the card or button that it is drawn as. */
const shown = () => {
  let node = document.activeElement;
  if (!node || node === document.body) return 'nothing has the focus';
  const box = node.getBoundingClientRect();
  if (box.bottom < 0 || box.top > window.innerHeight) return `out of sight: ${node.outerHTML.slice(0, 120)}`;
  for (let level = 0; node && level < 3; level += 1, node = node.parentElement) {
    const { outlineStyle, outlineWidth, borderTopColor } = getComputedStyle(node);
    if (outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2) return null;
    if (node.matches('.drop') && borderTopColor !== 'rgb(125, 143, 147)') return null;
    if (node.matches('[data-highlighted], h1, h2, main, [tabindex="-1"]')) return null;
  }
  return `the focus cannot be seen: ${document.activeElement?.outerHTML.slice(0, 160)}`;
};

/** A hand on the keyboard of one page. */
export function hand(/** @type {Page} */ page) {
  const look = async () => {
    if (!(await page.evaluate(shown))) return;
    await painted(page);
    const fault = await page.evaluate(shown);
    if (fault) throw new Error(fault);
  };
  const press = async (...keys) => {
    for (const key of keys) await page.keyboard.press(key);
    await painted(page);
  };
  /** Tab until this has the focus. */
  const reach = async (selector, back = false) => {
    for (let step = 0; step < 120; step += 1) {
      if (await page.evaluate((wanted) => document.activeElement?.matches(wanted), selector)) return look();
      await page.keyboard.press(back ? 'Shift+Tab' : 'Tab');
      // Past the last one the browser itself has its turn.
      if (!(await page.evaluate(() => document.activeElement === document.body))) await look();
    }
    throw new Error(`${selector} cannot be reached`);
  };
  const use = async (selector, key = 'Enter') => {
    await reach(selector);
    await press(key);
  };
  const at = (id) => `[data-testid="${id}"]`;
  const there = (id) => page.getByTestId(id).waitFor();
  /** The focus is somewhere, after what had it may have gone. */
  const kept = async () => {
    await page.waitForFunction(() => document.activeElement !== document.body);
  };
  return { page, press, reach, use, at, there, kept, type: (text) => page.keyboard.type(text) };
}

/** @type {[name: string, scenario: string, hash: string, walk: (hand: ReturnType<typeof hand>) => Promise<unknown>][]} */
export const flows = [
  ['connect', 'fresh', '#/', async ({ use, at, there, kept, page }) => {
    await use(at('connect-zoho'));
    await kept();
    await page.locator(`${at('connect-google')}:not([disabled])`).waitFor();
    await use(at('connect-google'));
    await page.locator(`${at('start-wizard')}:not([disabled])`).waitFor();
    await use(at('start-wizard'));
    await there('wizard');
  }],
  ['guide to a client', 'unconfigured', '#/', async ({ use, reach, press, at, there, kept, type, page }) => {
    const step = (name) => page.locator(`[data-testid="guide-step"][data-step="${name}"]`).waitFor();
    await use(at('connect-zoho'));
    await step('ways');
    await kept();
    await use(at('letter-open'));
    await there('letter-dialog');
    await press('Escape');
    await page.getByTestId('letter-dialog').waitFor({ state: 'detached' });
    await kept();
    await use(at('guide-begin'), 'Enter');
    await step('country');
    await reach('input[name="data-centre"]');
    await press('ArrowDown');
    await use(at('guide-next'));
    await step('console');
    await use(at('open-page'));
    await use(at('guide-next'));
    await step('form');
    await use('[data-testid="copy-value"] button');
    await kept();
    await use('summary');
    await reach(at('redirect-port'));
    await use(at('guide-back'));
    await step('console');
    await use(at('guide-next'));
    await use(at('guide-next'));
    await step('keys');
    await reach(at('key-id'));
    await type('1000.AOZORA7K2M');
    await reach(at('key-secret'));
    await type('3f9c81d2');
    await use(at('guide-next'));
    await step('sign-in');
    await use(at('connect-zoho'));
    await use(at('guide-onward'));
    await step('ways');
  }],
  ['skip the navigation', 'rich', '#/', async ({ reach, press, page }) => {
    await reach('.skip', true);
    await press('Enter');
    if (!(await page.evaluate(() => document.activeElement?.id === 'main'))) throw new Error('the content is not reached');
  }],
  ['wizard', 'connected', '#/wizard', async ({ use, reach, press, at, there, kept, type }) => {
    await reach('input[name="module"]');
    await press('ArrowDown');
    await there('zoho-view');
    await press('ArrowUp');
    await there('zoho-view');
    await reach('input[name="direction"]');
    await press('ArrowDown', 'ArrowUp');
    await reach('input[name="whose"]');
    await press(' ');
    await reach(at('google-label'));
    await type('A new');
    await press('Tab');
    await type('Trade fair');
    await use(at('wizard-next'));
    await kept();
    await use(at('map-more'));
    await kept();
    await use('[data-testid="pair-new"] button');
    await kept();
    await use(at('custom-Loyalty_ID'), ' ');
    await use(at('wizard-next'));
    await use(at('wizard-next'));
    await reach(at('default-Region'));
    await type('Over');
    await use(at('wizard-next'));
    await there('plan');
    await kept();
  }],
  ['plan', 'awaiting', '#/plan/Contacts', async ({ use, reach, at, there, kept, type, press, page }) => {
    await reach(at('plan-search'));
    await type('Suzuki');
    await press('Control+A', 'Delete');
    await use('[data-testid="planned"] button');
    await page.locator('.detail').waitFor();
    await use('[data-testid="planned"]:nth-child(1) [data-testid="tick"]');
    await reach(at('approve'), true);
    await press('Enter');
    await there('done');
    await kept();
    await use(at('to-overview'));
    await there('overview');
  }],
  ['overview', 'quiet', '#/', async ({ use, press, at, there, kept, page }) => {
    await use(at('sync-now'));
    await kept();
    await use(at('pause'));
    await page.getByText('Pause the automatic syncs').waitFor();
    await press('ArrowDown', 'Enter');
    await there('resume');
    await kept();
    await use(at('turn-off'));
    await there('turn-off-dialog');
    await press('Escape');
    await page.getByTestId('turn-off-dialog').waitFor({ state: 'detached' });
    await kept();
    await use(at('turn-off'));
    await there('turn-off-dialog');
    await use('[data-testid="turn-off-dialog"] .danger');
    await page.locator('[data-state="disabled"]').waitFor();
    await kept();
    await use(at('edit-Contacts'));
    await there('edit');
    await kept();
  }],
  ['edit', 'rich', '#/edit/Contacts', async ({ use, reach, press, at, there, kept, type }) => {
    await reach(at('default-Region'));
    await type('Over');
    await reach(at('limit-later_run'));
    await press('Control+A');
    await type('800');
    await use(at('save'));
    await there('saved');
    await kept();
  }],
  ['needs you', 'rich', '#/needs-you', async ({ use, reach, press, at, there, kept, page }) => {
    await use('[data-testid="review-1"] [data-testid="choose-keep"]');
    await there('chosen');
    await kept();
    await reach('[data-testid="group-deletion"] input', true);
    await press(' ');
    // The answers for many stand above the list.
    await reach(at('bulk-keep'), true);
    await press('Enter');
    await page.getByTestId('bulk-keep').waitFor({ state: 'detached' });
    await kept();
    // So does the run.
    await reach(at('sync-now'), true);
    await press('Enter');
    await kept();
  }],
  ['history and undo', 'rich', '#/history', async ({ use, reach, press, at, there, kept, type }) => {
    await reach(at('history-search'));
    await type('Kowalski');
    await use(at('run-60'));
    await there('run-list');
    await kept();
    await use('[data-testid="change"] button');
    await use(at('undo'));
    await there('undo-preview');
    await use(at('undo-confirm'));
    await there('undone');
    await kept();
    await press('Tab');
  }],
  ['contacts', 'rich', '#/contacts', async ({ reach, press, at, there, type, use, kept }) => {
    await reach(at('contacts-search'));
    await type('Nguyen');
    await use(at('contact-show'));
    await there('contact-detail');
    await kept();
    await use(at('contact-leave-out'));
    await there('contact-resume');
    await kept();
    await use(at('contact-resume'));
    await kept();
    await press('Escape');
    await kept();
  }],
  ['settings', 'rich', '#/settings', async ({ reach, press, use, at, there, kept, page }) => {
    await reach('input[name="language"]');
    await press('ArrowUp');
    await page.locator('h1', { hasText: '設定' }).waitFor();
    await reach('input[name="theme"]');
    await press('ArrowDown');
    await use(at('notifications'), ' ');
    await reach('input[name="whose"]');
    await press('ArrowDown');
    await use(at('export-contacts'));
    await use('[data-testid="snapshots"] button');
    await use(at('support'));
    await there('support-dialog');
    await press('Escape');
    await kept();
  }],
];

/** The lists of 25,000 rows, and where they are. */
export const lists = [
  ['plan-list', '#/plan/Contacts'],
  ['review-list', '#/needs-you'],
  ['history-list', '#/history'],
];

/**
 * Scrolls a list from its top to far down: by hand at first, then by the bar. Tells how many elements
 * it had at most, and in how many of the frames by hand its middle had nothing to show.
 */
export const scroll = (/** @type {Page} */ page, list) =>
  page.evaluate(async (id) => {
    const scroller = document.querySelector(`[data-testid="${id}"] [role="group"]`);
    if (!scroller) throw new Error('no list');
    const frame = () => new Promise((at) => requestAnimationFrame(at));
    let nodes = 0;
    let bare = 0;
    for (let step = 0; step < 240; step += 1) {
      const byHand = step < 220;
      scroller.scrollTop += byHand ? 90 : scroller.scrollHeight / 40;
      await frame();
      nodes = Math.max(nodes, scroller.querySelectorAll('*').length);
      const { top, height } = scroller.getBoundingClientRect();
      const rows = [...(scroller.firstElementChild?.children ?? [])].map((row) => row.getBoundingClientRect());
      const middle = top + height / 2;
      if (byHand && !rows.some((row) => row.top <= middle && row.bottom >= middle)) bare += 1;
    }
    return { nodes, bare };
  }, list);

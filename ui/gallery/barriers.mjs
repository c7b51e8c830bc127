// No barriers: every screen is looked at with axe in both languages and both themes, and at every size
// down to a zoom of 400 % nothing is cut off; every flow is walked by keyboard alone; 25,000 rows are
// scrolled through. Ends with 1 where anything is found. Nothing here depends on how fast it goes.
//
//   npm run barriers            everything
//   npm run barriers -- plan    only what has this in its name
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { demo, painted } from './demo.mjs';
import { flows, hand, lists, scroll } from './flows.mjs';
import { screens } from './screens.mjs';

/** @typedef {import('playwright-core').Page} Page */
/** @typedef {(fault: (text: string) => void) => Promise<void>} Work */

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
/** As it opens, on a large screen, as small as it can be made, and both zooms that WCAG asks about. */
const sizes = [[1120, 760], [2560, 1440], [900, 600], [640, 512], [320, 256]];

/** What axe finds wrong by these rules. @param {Page} page @param {string[]} runOnly */
const violations = (page, runOnly) =>
  page.evaluate(async (only) => {
    const found = await window.axe.run(document, { runOnly: only, resultTypes: ['violations'] });
    return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => `${node.html} ${node.any[0]?.message ?? ''}`).join('\n   ')}`);
  }, runOnly);

/** What is cut off or wider than its window. */
const misfits = () => {
  const found = [];
  if (document.documentElement.scrollWidth > window.innerWidth) found.push('the window scrolls sideways');
  const main = document.querySelector('main');
  // Two columns side by side scroll each for itself; otherwise both would leave the window.
  if (main && getComputedStyle(main).overflow !== 'visible' && document.documentElement.scrollHeight > window.innerHeight) {
    found.push('the window scrolls beneath its screen');
  }
  if (main && main.scrollWidth > main.clientWidth) found.push('the screen scrolls sideways');
  const { innerHeight } = window;
  if (innerHeight >= 600) {
    // Whatever stands above it, a list begins in sight, and a question has its answers there.
    for (const list of document.querySelectorAll('.page.fill .rows:not(.rows .rows)')) {
      if (list.checkVisibility() && list.getBoundingClientRect().top > innerHeight - 60) found.push('no row of the list is in sight');
    }
    for (const button of document.querySelectorAll('.modal > .foot button')) {
      if (button.getBoundingClientRect().bottom > innerHeight) found.push(`out of sight: ${button.textContent?.trim()}`);
    }
  }
  // What does not need the width stands in the middle of it.
  const page = document.querySelector('.page')?.getBoundingClientRect();
  const room = main?.getBoundingClientRect();
  for (const part of document.querySelectorAll('.page:not(.columns) > *')) {
    const next = part.nextElementSibling;
    if (next && part.checkVisibility() && next.checkVisibility() && next.getBoundingClientRect().top < part.getBoundingClientRect().top + part.scrollHeight - 2) found.push(`lies over what is above it: ${next.className}`);
  }
  if (page && room && Math.abs(page.left - room.left - (room.right - page.right)) > 24) found.push('the screen hangs to one side');
  const parts = [...document.querySelectorAll('.page > *')].map((part) => part.getBoundingClientRect());
  if (page && page.right - Math.max(...parts.map(({ right }) => right)) > page.width / 4) found.push('half of the width is empty');
  for (const node of document.querySelectorAll('button, .chip, h1, h2, dd, .marks')) {
    if (node.scrollWidth > node.clientWidth + 1 && getComputedStyle(node).overflow === 'visible' && getComputedStyle(node).display !== 'inline') {
      found.push(`does not fit: ${node.textContent?.trim()}`);
    }
  }
  return found;
};

const stage = await demo();
const spoken = { en: await stage.context({ language: 'en' }), ja: await stage.context({ language: 'ja' }) };

/** One screen in one language; the other theme differs in its colours alone. @returns {Work} */
const look = ([, scenario, hash, act], language) => async (fault) => {
  const page = await spoken[language].open(scenario, hash, fault);
  await act?.(page);
  await painted(page);
  await page.evaluate(axe);
  for (const one of await violations(page, rules)) fault(one);
  await page.evaluate(() => void (document.documentElement.dataset.theme = 'dark'));
  await painted(page);
  for (const one of await violations(page, ['color-contrast', 'link-in-text-block'])) fault(`dark: ${one}`);
  for (const [width, height] of sizes) {
    await page.setViewportSize({ width, height });
    await painted(page);
    for (const misfit of await page.evaluate(misfits)) fault(`${width} × ${height}: ${misfit}`);
  }
  await page.close();
};

/** @returns {Work} */
const walk = ([, scenario, hash, steps]) => async (fault) => {
  const page = await spoken.en.open(scenario, hash, fault);
  await steps(hand(page));
  await page.close();
};

/** @returns {Work} */
const roll = ([list, hash]) => async (fault) => {
  const page = await spoken.en.open('many', hash, fault);
  await page.getByTestId(list).waitFor();
  const { nodes, bare } = await scroll(page, list);
  if (nodes > 3000) fault(`rows out of sight are in the page: ${nodes} elements`);
  if (bare > 20) fault(`${bare} of 220 frames had nothing to show`);
  await page.close();
};

const wanted = process.argv.slice(2).find((word) => !word.startsWith('-')) ?? '';
/** @type {[name: string, work: Work][]} */
const jobs = [
  ...lists.map((one) => [`25,000 rows: ${one[0]}`, roll(one)]),
  ...flows.map((one) => [`by keyboard: ${one[0]}`, walk(one)]),
  ...screens.flatMap((one) => ['en', 'ja'].map((language) => [`${one[0]} (${language})`, look(one, language)])),
].filter(([name]) => name.includes(wanted));

let faults = 0;
const waiting = [...jobs];
/** Does what is next until nothing waits; two of these keep a small machine busy, not drowned. */
async function lane() {
  for (let job = waiting.shift(); job; job = waiting.shift()) {
    const [name, work] = job;
    const fault = (text) => {
      faults += 1;
      console.error(`${name}: ${text}`);
    };
    await work(fault).catch((error) => fault(error instanceof Error ? error.message : String(error)));
  }
}
await Promise.all([lane(), lane()]);
await stage.close();
console.log(faults === 0 ? `No barrier in ${jobs.length} looks and walks.` : `${faults} faults.`);
process.exitCode = faults === 0 ? 0 : 1;

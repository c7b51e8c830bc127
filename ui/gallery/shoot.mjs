// Pictures of every screen, in both languages and both themes, from the demo in a real browser;
// and axe on each of them, colour contrast included. Ends with 1 when axe finds anything.
//
//   npm run gallery              all pictures into ../docs/screenshots
//   npm run gallery -- --check   axe only
//   npm run gallery -- plan      only the screens whose name has this in it
import AxeBuilder from '@axe-core/playwright';
import { mkdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { chromium } from 'playwright-core';
import { build } from 'vite';

const here = join(import.meta.dirname, '..');
const built = join(here, 'dist-demo');
const target = join(here, '../docs/screenshots');
const words = process.argv.slice(2);
const checkOnly = words.includes('--check');
const wanted = words.find((word) => !word.startsWith('-')) ?? '';

/** The window's own policy, so that the pictures cannot show what the app would not. */
const csp = JSON.parse(readFileSync(join(here, '../tauri.conf.json'), 'utf8')).app.security.csp;
const policy = Object.entries(csp)
  .map(([name, value]) => `${name} ${value}`)
  .join('; ');

/** @typedef {import('playwright-core').Page} Page */
/** @type {[name: string, scenario: string, hash: string, act?: (page: Page) => Promise<unknown>][]} */
const screens = [
  ['welcome', 'fresh', '#/'],
  ['welcome-connected', 'connected', '#/'],
  ['wizard-1', 'connected', '#/wizard'],
  ['wizard-1-rights', 'limited', '#/wizard'],
  ['wizard-2', 'connected', '#/wizard', (page) => page.getByTestId('wizard-next').click()],
  ['wizard-3', 'connected', '#/wizard', async (page) => {
    for (const step of [1, 2, 3]) {
      void step;
      await page.getByTestId('wizard-next').click();
    }
  }],
  ['plan', 'awaiting', '#/plan/Contacts', (page) => page.getByTestId('change').nth(1).getByRole('button').click()],
  ['plan-agree', 'agree', '#/plan/Contacts'],
  ['plan-done', 'awaiting', '#/plan/Contacts', (page) => page.getByTestId('approve').click()],
  ['overview', 'rich', '#/'],
  ['overview-syncing', 'syncing', '#/', (page) => page.evaluate(() => window.demo.tell({ event: 'progress', module: 'Contacts', phase: 'writing', side: 'google', done: 640, total: 2300, seconds_left: 540, waiting_until: null }))],
  ['overview-throttled', 'throttled', '#/', (page) => page.evaluate(() => window.demo.tell({ event: 'progress', module: 'Contacts', phase: 'waiting', side: 'google', done: 640, total: 2300, seconds_left: null, waiting_until: '2026-11-22T01:32:00Z' }))],
  ['overview-failed', 'failed', '#/'],
  ['overview-held', 'held', '#/'],
  ['overview-signed-out', 'lost', '#/'],
  ['overview-off', 'off', '#/'],
  ['needs-you', 'rich', '#/needs-you', (page) => page.getByTestId('review-list').getByRole('checkbox').nth(1).check()],
  ['needs-you-empty', 'quiet', '#/needs-you'],
  ['history', 'rich', '#/history'],
  ['history-empty', 'connected', '#/history'],
  ['run', 'rich', '#/history/60', (page) => page.getByTestId('change').first().getByRole('button').click()],
  ['undo', 'rich', '#/history/60', (page) => page.getByTestId('undo').click()],
  ['why', 'rich', '#/why', async (page) => {
    await page.getByTestId('why-query').fill('Kowalski');
    await page.getByTestId('why-ask').click();
  }],
  ['edit', 'rich', '#/edit/Contacts'],
  ['settings', 'rich', '#/settings'],
  ['settings-clients', 'rich', '#/settings', (page) => page.getByTestId('clients').scrollIntoViewIfNeeded()],
  ['support', 'rich', '#/settings', (page) => page.getByTestId('support').click()],
  ['close-notice', 'rich', '#/', (page) => page.evaluate(() => window.demo.tellClosing())],
  ['blocked', 'broken', '#/'],
];

const types = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' };

await build({ root: here, mode: 'demo', logLevel: 'warn', build: { outDir: built, emptyOutDir: true } });
const server = createServer((request, response) => {
  const path = new URL(request.url ?? '/', 'http://localhost').pathname;
  const file = join(built, path === '/' ? 'index.html' : path);
  try {
    const body = readFileSync(file);
    response.setHeader('content-type', types[extname(file)] ?? 'application/octet-stream');
    response.setHeader('content-security-policy', policy);
    response.end(body);
  } catch {
    response.statusCode = 404;
    response.end();
  }
});
await new Promise((ready) => server.listen(0, '127.0.0.1', () => ready(undefined)));
const base = `http://127.0.0.1:${server.address().port}/`;
const browser = await chromium.launch({
  executablePath: process.env['RENRAKU_CHROMIUM'] ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--password-store=basic', '--force-color-profile=srgb'],
});
let faults = 0;

for (const language of ['en', 'ja']) {
  for (const theme of ['light', 'dark']) {
    const context = await browser.newContext({
      viewport: { width: 1120, height: 760 },
      timezoneId: 'Asia/Tokyo',
      locale: language,
      reducedMotion: 'reduce',
    });
    for (const [name, scenario, hash, act] of screens.filter(([name]) => name.includes(wanted))) {
      const page = await context.newPage();
      page.on('console', (message) => {
        if (message.type() === 'error' && !message.text().includes('404')) {
          faults += 1;
          console.error(`${name} ${language} ${theme}: ${message.text()}`);
        }
      });
      await page.clock.setFixedTime(new Date('2026-11-22T01:12:00Z'));
      await page.goto(`${base}?scenario=${scenario}&lang=${language}&theme=${theme}${hash}`);
      await page.locator('h1').waitFor();
      await page.locator('.busy').waitFor({ state: 'detached' });
      await act?.(page);
      await page.evaluate(() => new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted))));
      const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']).analyze();
      for (const { id, nodes } of violations) {
        faults += 1;
        console.error(`${name} ${language} ${theme}: ${id}: ${nodes.map((node) => `${node.html} ${node.any[0]?.message ?? ''}`).join('\n   ')}`);
      }
      if (!checkOnly) {
        const folder = join(target, `${language}-${theme}`);
        mkdirSync(folder, { recursive: true });
        await page.mouse.move(0, 0);
        await page.screenshot({ path: join(folder, `${name}.png`) });
      }
      await page.close();
    }
    await context.close();
  }
}
await browser.close();
server.close();
console.log(faults === 0 ? 'No barrier found.' : `${faults} faults.`);
process.exitCode = faults === 0 ? 0 : 1;

// The demo in a real browser, under the window's own policy: what cannot be shown there cannot be
// shown in the app.
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { chromium } from 'playwright-core';
import { build } from 'vite';

export const ui = join(import.meta.dirname, '..');
/** Where Debian and Ubuntu keep the browser; `RENRAKU_CHROMIUM` names another place. */
const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser'];
const types = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' };

const csp = JSON.parse(readFileSync(join(ui, '../tauri.conf.json'), 'utf8')).app.security.csp;
const policy = Object.entries(csp)
  .map(([name, value]) => `${name} ${value}`)
  .join('; ');

/** @typedef {import('playwright-core').Page} Page */
/** @typedef {{ language?: string, theme?: string, width?: number, height?: number }} Look */

/** In the page: it is always this moment. Timers and frames go on. @param {number} moment */
function standStill(moment) {
  window.Date = class extends Date {
    constructor(...given) {
      super(...(given.length === 0 ? [moment] : given));
    }
    static now() {
      return moment;
    }
  };
}

/** The built files by name. They stay in memory: whoever else builds at this time is not disturbed. */
async function built() {
  const { output } = await build({ root: ui, mode: 'demo', logLevel: 'warn', build: { write: false } });
  return new Map(output.map((file) => [file.fileName, file.type === 'chunk' ? file.code : file.source]));
}

/** Builds the demo and serves it, at a moment that stands still. */
export async function serve() {
  const files = await built();
  files.set('still.js', `(${standStill})(${Date.parse('2026-11-22T01:12:00Z')})`);
  files.set('index.html', String(files.get('index.html')).replace('<head>', '<head><script src="still.js"></script>'));
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname.slice(1) || 'index.html';
    const body = files.get(path);
    if (body === undefined) response.statusCode = 404;
    response.setHeader('content-type', types[extname(path)] ?? 'application/octet-stream');
    response.setHeader('content-security-policy', policy);
    response.end(body);
  });
  await new Promise((ready) => server.listen(0, '127.0.0.1', () => ready(undefined)));
  const at = `http://127.0.0.1:${server.address().port}/`;
  /** @param {string} scenario @param {Look} look @param {string} hash */
  const address = (scenario, { language = 'en', theme = 'light' }, hash) => `${at}?scenario=${scenario}&lang=${language}&theme=${theme}${hash}`;
  return { address, close: () => server.close() };
}

/** The demo in Chromium: `context` opens windows of one look, `close` ends everything. */
export async function demo() {
  const { address, close: end } = await serve();
  const browser = await chromium.launch({
    executablePath: process.env['RENRAKU_CHROMIUM'] ?? places.find((place) => existsSync(place)),
    args: ['--no-sandbox', '--password-store=basic', '--force-color-profile=srgb'],
  });

  /** @param {Look} look */
  const context = async ({ language = 'en', theme = 'light', width = 1120, height = 760 }) => {
    const made = await browser.newContext({
      viewport: { width, height },
      timezoneId: 'Asia/Tokyo',
      locale: language,
      colorScheme: theme,
      reducedMotion: 'reduce',
    });
    /** @param {string} scenario @param {string} hash @param {(fault: string) => void} told */
    const open = async (scenario, hash, told) => {
      const page = await made.newPage();
      page.setDefaultTimeout(120_000);
      page.on('pageerror', (error) => told(String(error)));
      page.on('console', (message) => {
        if (message.type() === 'error' && !message.text().includes('404')) told(message.text());
      });
      await page.goto(address(scenario, { language, theme }, hash));
      await page.locator('h1').waitFor();
      await page.locator('.busy').waitFor({ state: 'detached' });
      return page;
    };
    return { open, close: () => made.close() };
  };

  const close = async () => {
    await browser.close();
    end();
  };
  return { context, close };
}

/** Until what was asked for is painted, and nothing is on its way to another colour or place. @param {Page} page */
export function painted(page) {
  return page.evaluate(async () => {
    const frame = () => new Promise((done) => requestAnimationFrame(done));
    await frame();
    await frame();
    await Promise.all(document.getAnimations().map((one) => one.finished.catch(() => undefined)));
  });
}

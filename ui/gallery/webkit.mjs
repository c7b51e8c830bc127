// The demo in WebKitGTK, the web view that shows the app on Linux, driven by its own WebDriver. A page
// here knows as much of Playwright's language as the screens need.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';

/** Where Debian and Ubuntu keep the small browser around the web view. */
const places = ['x86_64', 'aarch64'].map((kind) => `/usr/lib/${kind}-linux-gnu/webkit2gtk-4.1/MiniBrowser`);

/** What a locator's steps find; given to the page as a text, so that it stands alone. */
const FIND = `const find = (steps) => steps.reduce((found, [kind, ...what]) => {
  const all = (css) => found.flatMap((one) => [...one.querySelectorAll(css)]);
  if (kind === 'css') return all(what[0]);
  if (kind === 'testid') return all('[data-testid]').filter((one) => what[1] ? new RegExp(what[0]).test(one.dataset.testid) : one.dataset.testid === what[0]);
  if (kind === 'role') return all({ button: 'button,[role=button]', checkbox: 'input[type=checkbox]', status: '[role=status]' }[what[0]]);
  if (kind === 'text') return found.filter((one) => one.textContent.includes(what[0]));
  return found.slice(what[0], what[0] + 1);
}, [document]);
const [element] = find(arguments[0]);`;

/** A pixel that is drawn anew all the time and never seen. */
const BEAT = `if (window.beat) return;
const dot = document.body.appendChild(document.createElement('i'));
dot.ariaHidden = 'true';
dot.style.cssText = 'position: fixed; top: 0; left: 0; width: 1px; height: 1px; pointer-events: none';
let turn = 0;
window.beat = setInterval(() => (dot.style.background = 'color(srgb 0 0 0 / 0.00' + (1 + (turn = 1 - turn)) + ')'), 20);`;

class Locator {
  constructor(page, steps) {
    this.page = page;
    this.steps = steps;
  }
  with(...step) {
    return new Locator(this.page, [...this.steps, step]);
  }
  getByTestId(id) {
    return this.with('testid', id instanceof RegExp ? id.source : id, id instanceof RegExp);
  }
  getByRole(role) {
    return this.with('role', role);
  }
  locator(css) {
    return this.with('css', css);
  }
  filter({ hasText }) {
    return this.with('text', hasText);
  }
  nth(index) {
    return this.with('nth', index);
  }
  first() {
    return this.nth(0);
  }
  /** Does something to the element, once it is there. @param {string} body @param {unknown[]} more */
  async run(body, ...more) {
    const end = Date.now() + 60_000;
    for (;;) {
      const found = await this.page.execute(`${FIND} if (!element) return false; ${body}; return true;`, this.steps, ...more);
      if (found) return;
      if (Date.now() > end) throw new Error(`not found: ${JSON.stringify(this.steps)}`);
    }
  }
  waitFor() {
    return this.run('');
  }
  click() {
    return this.run(`if (element.disabled || element.ariaDisabled === 'true') return false; element.focus(); element.click()`);
  }
  check() {
    return this.click();
  }
  fill(text) {
    return this.run(`element.focus(); element.value = arguments[1]; element.dispatchEvent(new Event('input', { bubbles: true })); element.dispatchEvent(new Event('change', { bubbles: true }))`, text);
  }
  selectOption(text) {
    return this.run(`const option = [...element.options].find((one) => one.text.startsWith(arguments[1]) || one.value === arguments[1]); if (!option) return false; element.value = option.value; element.dispatchEvent(new Event('change', { bubbles: true }))`, text);
  }
  press(key) {
    return this.run(`element.focus(); element.dispatchEvent(new KeyboardEvent('keydown', { key: arguments[1], bubbles: true }))`, key);
  }
  blur() {
    return this.run('element.blur()');
  }
  scrollIntoViewIfNeeded() {
    return this.run(`element.scrollIntoView({ block: 'center' })`);
  }
  evaluate(act) {
    return this.run(`(${act})(element)`);
  }
}

class Page extends Locator {
  constructor(ask) {
    super(null, []);
    this.page = this;
    this.ask = ask;
  }
  execute(script, ...args) {
    return this.ask('POST', '/execute/sync', { script, args });
  }
  evaluate(act, given = null) {
    return this.execute(`(${act})(arguments[0])`, given);
  }
  /** The web view takes a picture with its next frame: where nothing moves there would be none. */
  async screenshot() {
    await this.execute(BEAT);
    return Buffer.from(await this.ask('GET', '/screenshot'), 'base64');
  }
}

/** Opens the browser with a page of this size. @param {{ width: number, height: number }} size */
export async function webkit({ width, height }) {
  const port = 20_000 + (process.pid % 20_000);
  const driver = spawn('WebKitWebDriver', [`--port=${port}`], {
    stdio: 'ignore',
    env: { ...process.env, TZ: 'Asia/Tokyo', WEBKIT_DISABLE_DMABUF_RENDERER: '1', WEBKIT_DISABLE_COMPOSITING_MODE: '1' },
  });
  const call = async (method, path, body) => {
    const signal = AbortSignal.timeout(120_000);
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, { method, signal, ...(body && { body: JSON.stringify(body) }) });
    const { value } = await answer.json();
    if (value?.error) throw new Error(`${path}: ${value.message}`);
    return value;
  };
  const end = Date.now() + 20_000;
  for (;;) {
    try {
      await call('GET', '/status');
      break;
    } catch (late) {
      if (Date.now() > end) throw late;
      await new Promise((soon) => setTimeout(soon, 50));
    }
  }
  const binary = places.find((place) => existsSync(place));
  const { sessionId } = await call('POST', '/session', {
    capabilities: { alwaysMatch: { 'webkitgtk:browserOptions': { binary, args: ['--automation'] } } },
  });
  const ask = (method, path, body) => call(method, `/session/${sessionId}${path}`, body);
  const page = new Page(ask);
  const resize = async ({ width, height }) => {
    await ask('POST', '/window/rect', { width, height });
    // The frame around the page takes its part.
    const [wide, high] = await page.execute('return [innerWidth, innerHeight]');
    await ask('POST', '/window/rect', { width: 2 * width - wide, height: 2 * height - high });
  };
  await resize({ width, height });
  return {
    page,
    resize,
    visit: (url) => ask('POST', '/url', { url }),
    close: async () => {
      await ask('DELETE', '').catch(() => undefined);
      driver.kill();
      await once(driver, 'exit');
    },
  };
}

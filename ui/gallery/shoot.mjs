// Pictures of every screen, in both languages and both themes, from the demo in a real browser.
//
//   npm run gallery                       all pictures into ../docs/screenshots
//   npm run gallery -- plan               only the screens whose name has this in it
//   npm run gallery -- --small --to DIR   the smallest window (or --full, a whole screen), elsewhere
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { demo, painted, ui } from './demo.mjs';
import { screens } from './screens.mjs';

const words = process.argv.slice(2);
const after = (flag) => (words.includes(flag) ? words[words.indexOf(flag) + 1] : undefined);
const target = after('--to') ?? join(ui, '../docs/screenshots');
const wanted = words.find((word) => !word.startsWith('-') && word !== after('--to')) ?? '';
const size = words.includes('--small') ? { width: 900, height: 600 } : words.includes('--full') ? { width: 1920, height: 1080 } : {};

/** The picture of a page, once two in a row are the same: a busy browser may show half of one. @param {import('playwright-core').Page} page */
async function settled(page) {
  let last = await page.screenshot();
  for (;;) {
    const next = await page.screenshot();
    if (next.equals(last)) return next;
    last = next;
  }
}

const stage = await demo();
let faults = 0;
for (const language of ['en', 'ja']) {
  for (const theme of ['light', 'dark']) {
    const folder = join(target, `${language}-${theme}`);
    mkdirSync(folder, { recursive: true });
    const { open, close } = await stage.context({ language, theme, ...size });
    for (const [name, scenario, hash, act] of screens.filter(([one]) => one.includes(wanted))) {
      const page = await open(scenario, hash, (text) => {
        faults += 1;
        console.error(`${name} ${language} ${theme}: ${text}`);
      });
      await act?.(page);
      await page.mouse.move(0, 0);
      await painted(page);
      writeFileSync(join(folder, `${name}.png`), await settled(page));
      await page.close();
    }
    await close();
  }
}
await stage.close();
process.exitCode = faults === 0 ? 0 : 1;

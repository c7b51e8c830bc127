// Pictures of every screen, in both languages and both themes, from the demo in the web view that shows
// the app on Linux.
//
//   npm run gallery                       all pictures into ../docs/screenshots
//   npm run gallery -- plan,undo          only the screens whose name has one of these in it
//   npm run gallery -- --to DIR           elsewhere
//   npm run gallery -- --size 900x600     in a window of another size
//   npm run gallery -- --text 1.5         with larger text
//   npm run gallery -- --look ja-dark     in one language and theme only
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { serve, ui } from './demo.mjs';
import { screens } from './screens.mjs';
import { webkit } from './webkit.mjs';

const words = process.argv.slice(2);
const values = new Map(words.flatMap((word, index) => (word.startsWith('--') ? [[word, words[index + 1] ?? '']] : [])));
const wanted = words.find((word, index) => !word.startsWith('--') && !words[index - 1]?.startsWith('--')) ?? '';
const target = values.get('--to') ?? join(ui, '../docs/screenshots');
const [width = 1120, height = 760] = (values.get('--size') ?? '1120x760').split('x').map(Number);
const looks = ['en-light', 'en-dark', 'ja-light', 'ja-dark'].filter((look) => look === (values.get('--look') ?? look));

/** The picture of a page, once two in a row are the same. @param {import('./webkit.mjs').Page} page */
async function settled(page) {
  let last = await page.screenshot();
  for (let tries = 0; tries < 20; tries += 1) {
    const next = await page.screenshot();
    if (next.equals(last)) break;
    last = next;
  }
  return last;
}

const site = await serve();
const { page, visit, close } = await webkit({ width, height });
let faults = 0;
for (const look of looks) {
  const [language, theme] = look.split('-');
  const folder = join(target, look);
  mkdirSync(folder, { recursive: true });
  for (const [name, scenario, hash, act] of screens.filter(([one]) => wanted.split(',').some((part) => one.includes(part)))) {
    try {
      await visit('about:blank');
      await visit(site.address(scenario, { language, theme }, hash));
      await page.execute(`document.documentElement.style.fontSize = '${16 * Number(values.get('--text') ?? 1)}px'`);
      await page.locator('h1').waitFor();
      await page.locator('body:not(:has(.busy))').waitFor();
      await act?.(page);
      writeFileSync(join(folder, `${name}.png`), await settled(page));
    } catch (fault) {
      faults += 1;
      console.error(`${name} ${look}: ${fault}`);
    }
  }
}
await close();
site.close();
process.exitCode = faults === 0 ? 0 : 1;

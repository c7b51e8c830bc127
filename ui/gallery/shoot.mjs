// Pictures of every screen, in both languages and both themes, from the demo in the web view that shows
// the app on Linux.
//
//   npm run gallery                       those that the README and the guide show, into ../docs/screenshots
//   npm run gallery -- --to DIR           every screen
//   npm run gallery -- --to DIR plan,undo only the screens whose name has one of these in it
//   npm run gallery -- --size 900x600     in a window of another size
//   npm run gallery -- --text 1.5         with larger text
//   npm run gallery -- --look ja-dark     in one language and theme only
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { serve, ui } from './demo.mjs';
import { screens } from './screens.mjs';
import { webkit } from './webkit.mjs';

const words = process.argv.slice(2);
const values = new Map(words.flatMap((word, index) => (word.startsWith('--') ? [[word, words[index + 1] ?? '']] : [])));
const wanted = words.find((word, index) => !word.startsWith('--') && !words[index - 1]?.startsWith('--')) ?? '';
const root = join(ui, '..');
const shown = values.has('--to') ? null : linked();
const target = values.get('--to') ?? join(root, 'docs/screenshots');
const [width = 1120, height = 760] = (values.get('--size') ?? '1120x760').split('x').map(Number);
const looks = ['en-light', 'en-dark', 'ja-light', 'ja-dark'].filter((look) => look === (values.get('--look') ?? look));

/** What the README and the guide show, as `en-light/plan`. */
function linked() {
  const guide = readdirSync(join(root, 'docs/guide'), { recursive: true, encoding: 'utf8' }).map((file) => join('docs/guide', file));
  const texts = ['README.md', ...guide].filter((file) => file.endsWith('.md')).map((file) => readFileSync(join(root, file), 'utf8'));
  return new Set(texts.flatMap((text) => [...text.matchAll(/screenshots\/([\w-]+\/[\w-]+)\.png/g)].map(([, name]) => name)));
}

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
// Nobody looks at an old picture that nothing shows.
if (shown) rmSync(target, { recursive: true, force: true });
for (const look of looks) {
  const [language, theme] = look.split('-');
  const folder = join(target, look);
  for (const [name, scenario, hash, act] of screens.filter(([one]) => (shown ? shown.delete(`${look}/${one}`) : wanted.split(',').some((part) => one.includes(part))))) {
    mkdirSync(folder, { recursive: true });
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
for (const name of shown ?? []) {
  faults += 1;
  console.error(`${name} is shown, but no screen has this name`);
}
await close();
site.close();
process.exitCode = faults === 0 ? 0 : 1;

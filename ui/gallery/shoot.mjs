// Pictures of every screen, in both languages and both themes, from the demo in a real browser; and
// axe on each of them, colour contrast included, with a look for what does not fit its window. Ends
// with 1 where anything is found.
//
//   npm run gallery                       all pictures into ../docs/screenshots
//   npm run gallery -- --check            no pictures; the smallest window, too
//   npm run gallery -- --pictures         pictures alone, quickly
//   npm run gallery -- plan               only the screens whose name has this in it
//   npm run gallery -- --small --to DIR   the smallest window, into another folder
import AxeBuilder from '@axe-core/playwright';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { demo, painted, ui } from './demo.mjs';
import { screens } from './screens.mjs';

const words = process.argv.slice(2);
const after = (flag) => (words.includes(flag) ? words[words.indexOf(flag) + 1] : undefined);
const target = after('--to') ?? join(ui, '../docs/screenshots');
const checkOnly = words.includes('--check');
const picturesOnly = words.includes('--pictures');
const small = { width: 900, height: 600 };
const size = words.includes('--small') ? small : words.includes('--full') ? { width: 1920, height: 1080 } : {};
const wanted = words.find((word) => !word.startsWith('-') && word !== after('--to')) ?? '';
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** What is cut off or wider than its window. */
const misfits = () => {
  const found = [];
  if (document.documentElement.scrollWidth > window.innerWidth) found.push('the window scrolls sideways');
  const main = document.querySelector('main');
  if (main && main.scrollWidth > main.clientWidth) found.push('the screen scrolls sideways');
  for (const node of document.querySelectorAll('button, .chip, h1, h2, dd')) {
    if (node.scrollWidth > node.clientWidth + 1 && getComputedStyle(node).overflow === 'visible' && getComputedStyle(node).display !== 'inline') {
      found.push(`does not fit: ${node.textContent?.trim()}`);
    }
  }
  return found;
};

const stage = await demo();
let faults = 0;

/** All screens in one look. */
async function shoot(look) {
  const { language, theme } = look;
  const { open, close } = await stage.context(look);
  for (const [name, scenario, hash, act] of screens.filter(([one]) => one.includes(wanted))) {
    const fault = (text) => {
      faults += 1;
      console.error(`${name} ${language} ${theme} ${look.width ?? ''}: ${text}`);
    };
    const page = await open(scenario, hash, fault);
    await act?.(page);
    await painted(page);
    if (!picturesOnly) {
      const { violations } = await new AxeBuilder({ page }).withTags(rules).analyze();
      for (const { id, nodes } of violations) {
        fault(`${id}: ${nodes.map((node) => `${node.html} ${node.any[0]?.message ?? ''}`).join('\n   ')}`);
      }
    }
    for (const misfit of await page.evaluate(misfits)) fault(misfit);
    if (!checkOnly) {
      const folder = join(target, `${language}-${theme}`);
      mkdirSync(folder, { recursive: true });
      await page.mouse.move(0, 0);
      await page.screenshot({ path: join(folder, `${name}.png`) });
    }
    await page.close();
  }
  await close();
}

const looks = ['en', 'ja'].flatMap((language) => [
  { language, theme: 'light', ...size },
  { language, theme: 'dark', ...size },
  ...(checkOnly ? [{ language, theme: 'light', ...small }] : []),
]);
// A picture wants the browser for itself; looking for barriers does not.
if (checkOnly) await Promise.all(looks.map(shoot));
else for (const look of looks) await shoot(look);
await stage.close();
console.log(faults === 0 ? 'No barrier found.' : `${faults} faults.`);
process.exitCode = faults === 0 ? 0 : 1;

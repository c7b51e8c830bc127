// Desktop habits: keys that are shown where they act, and Japanese that breaks between phrases.
import { screen } from '@testing-library/svelte';
import { expect, test } from 'vitest';
import { breakBetweenPhrases, phrased } from '$lib/phrases';
import { keys } from '$lib/shortcuts';
import { called, onScreen, open } from './open';

const MARK = '\u200b';

test.each([['1', 'overview'], ['2', 'needs-you'], ['3', 'history'], ['4', 'contacts'], ['5', 'settings'], [',', 'settings']])(
  'Ctrl+%s opens %s, as the menu says',
  async (key, name) => {
    const user = await open('rich', name === 'overview' ? '#/history' : '#/');
    const entry = screen.getByTestId(`nav-${name}`);
    expect(entry.getAttribute('aria-keyshortcuts')?.split(' ')).toContain(`Control+${key}`);
    await user.keyboard(`{Control>}${key}{/Control}`);
    expect(await onScreen(name)).toBeVisible();
  },
);

test.each([['#/needs-you', 'rich'], ['#/history', 'rich'], ['#/history/60', 'rich'], ['#/plan/Contacts', 'awaiting'], ['#/contacts', 'rich']] as const)(
  'Ctrl+F searches at %s, and Escape clears the search first',
  async (hash, scenario) => {
    const user = await open(scenario, hash);
    const search = await screen.findByRole('searchbox');
    expect(search.getAttribute('placeholder')).toContain(keys('f'));
    await user.keyboard('{Control>}f{/Control}');
    expect(search).toHaveFocus();
    await user.keyboard('田中{Escape}');
    expect(search).toHaveValue('');
    expect(location.hash).toBe(hash);
  },
);

test('Ctrl+R syncs, from anywhere, and reloads nothing', async () => {
  const user = await open('quiet', '#/settings');
  await user.keyboard('{Control>}r{/Control}');
  expect(await onScreen('overview')).toBeVisible();
  await expect.poll(() => called('sync')).toEqual([[null, false]]);
  expect(screen.getByTestId('sync-now')).toHaveTextContent('Ctrl+R');
});

test.each([['#/history/60', 'history'], ['#/edit/Contacts', 'overview'], ['#/plan/Contacts', 'overview']])('Escape goes back from %s', async (hash, to) => {
  const user = await open('rich', hash);
  await expect.poll(() => document.querySelector('.busy')).toBeNull();
  await user.keyboard('{Escape}');
  expect(await onScreen(to)).toBeVisible();
});

test('a question keeps the keys to itself', async () => {
  const user = await open('quiet');
  await user.click(screen.getByTestId('turn-off'));
  await screen.findByTestId('turn-off-dialog');
  await user.keyboard('{Control>}3{/Control}');
  expect(location.hash).toBe('#/');
});

test('a line may end between phrases only, and nothing is changed but for that', () => {
  const text = 'Google から 291 件の連絡先がなくなりました。Zoho では何も削除していません。';
  const phrases = phrased(text).split(MARK);
  expect(phrases.join('').replaceAll('\u00a0', ' ')).toBe(text);
  expect(phrased('1 件ずつ')).toMatch(/^1\u00a0件/);
  expect(phrases.length).toBeGreaterThan(4);
  for (const word of ['連絡先', '削除', 'なくなりました', '291']) expect(phrases.some((one) => one.includes(word)), word).toBe(true);
  expect(phrases.some((one) => /^[。、）」]/.test(one))).toBe(false);
  expect(phrased('Nothing Japanese')).toBe('Nothing Japanese');
});

test('what is shown later is marked too, contact data never, and marking twice changes nothing', async () => {
  const root = document.createElement('div');
  const stop = breakBetweenPhrases(root);
  root.innerHTML = '<p>前回の同期は保留中です。計画を確認してください。</p><p class="value">株式会社アオゾラ商事の東京支店</p>';
  const [said, value] = [...root.children] as [HTMLElement, HTMLElement];
  await expect.poll(() => said.textContent).toContain(MARK);
  const once = said.textContent;
  said.firstChild!.textContent = once;
  await new Promise((done) => setTimeout(done));
  expect(said.textContent).toBe(once);
  expect(value.textContent).not.toContain(MARK);
  stop();
});

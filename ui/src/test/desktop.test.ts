// Desktop habits: keys that are shown where they act, and Japanese that breaks between phrases.
import { screen } from '@testing-library/svelte';
import { expect, test } from 'vitest';
import { app } from '$lib/app.svelte';
import { demo } from '$lib/backend/demo';
import { ownContextMenu } from '$lib/context-menu';
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

test.each([
  ['#/history', 'history-search', 'nav-overview', 'nav-history'],
  ['#/needs-you', 'needs-you-search', 'nav-overview', 'nav-needs-you'],
  ['#/contacts', 'contacts-search', 'nav-overview', 'nav-contacts'],
])('what is searched for at %s is there on return, and taken back with one press', async (hash, search, away, back) => {
  const user = await open('rich', hash);
  await user.type(await screen.findByTestId(search), '鈴木');
  await user.click(screen.getByTestId(away));
  await user.click(screen.getByTestId(back));
  expect(await screen.findByTestId(search)).toHaveValue('鈴木');
  await user.click(screen.getByTestId('filters-off'));
  expect(screen.getByTestId(search)).toHaveValue('');
  expect(screen.queryByTestId('filters-off')).toBeNull();
});

test('a shortcut is shown where it acts', async () => {
  await open('rich', '#/settings');
  for (const name of ['overview', 'needs-you', 'history', 'contacts', 'settings']) {
    expect(screen.getByTestId(`nav-${name}`).title, name).toMatch(/^Ctrl\+\d/);
  }
});

test.each([['Macintosh', true], ['X11; Linux x86_64', false]])('the menu of the right button on %s: asked for %s', async (agent, asks) => {
  const was = navigator.userAgent;
  Object.defineProperty(navigator, 'userAgent', { value: agent, configurable: true });
  const root = document.createElement('div');
  root.innerHTML = '<p class="value">青空 太郎</p><input value="x">';
  document.body.append(root);
  const end = ownContextMenu(root);
  demo.calls.length = 0;
  const menu = new MouseEvent('contextmenu', { bubbles: true, cancelable: true });
  root.querySelector('p')!.dispatchEvent(new MouseEvent('mousedown', { bubbles: true, button: 2 }));
  root.querySelector('p')!.dispatchEvent(menu);
  // What is pointed at is marked as a whole, so that copying takes no aiming.
  expect(document.getSelection()?.toString()).toBe('青空 太郎');
  expect(menu.defaultPrevented).toBe(asks);
  expect(called('contextMenu')).toEqual(asks ? [[false, true]] : []);
  end();
  root.remove();
  Object.defineProperty(navigator, 'userAgent', { value: was, configurable: true });
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
  expect(phrased('パスワードが Renraku に渡ることはありません。')).toContain(' Renraku\u00a0に');
  expect(phrased('Google コンタクト')).not.toContain('\u00a0');
  for (const word of ['姓のふりがな', 'その他の電話', 'メール（その他）']) {
    const apart = phrased(word).split(MARK);
    expect(apart.some((one) => /^(な|他)|（$/.test(one) || one.startsWith('）')), apart.join('|')).toBe(false);
  }
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

test('in another language the fields are asked for anew, and what was said falls silent', async () => {
  await open('rich', '#/history/60');
  await screen.findAllByTestId('change');
  app.said = 'The plan is ready.';
  const before = called('fields').length;
  await app.setPreferences({ language: 'ja' });
  expect(app.said).toBe('');
  location.hash = '#/plan/Contacts';
  await expect.poll(() => called('fields').length).toBeGreaterThan(before);
});

// The pure pieces, as tables.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fields } from '$lib/backend/demo/fields';
import { changes, operations } from '$lib/backend/demo/people';
import { left, lasted, time, wrote } from '$lib/format';
import { isolated } from '$lib/isolated';
import { speak, t } from '$lib/l10n.svelte';
import { inNameOrder, placeName } from '$lib/places';
import { address, parse } from '$lib/route.svelte';
import { byContact, folded, mentions, planCsv, totals } from '$lib/runs';
import { defaultMistakes, defaultRows, editing, freeGoogle, limitMistakes, mappingMistakes, readCount, saved, scopeMistakes, suggestedLabel, type Editing } from '$lib/setup';
import { run } from '$lib/backend/demo/people';
import { readSetup } from '$lib/shared';

const contacts = fields('Contacts');
const draft = (): Editing => editing({ setup: { module: 'Contacts', defaults: { Last_Name: '-' } }, saved: false }, contacts);

describe('a setup on screen', () => {
  test('what was left out takes the defaults, and comes back out as it went in', () => {
    const edit = draft();
    expect(edit.rows).toEqual(defaultRows(contacts));
    expect(edit.defaults).toEqual({ Last_Name: '-', Region: '' });
    expect(saved(edit, contacts)).toMatchObject({ mapping: 'default', defaults: { Last_Name: '-' }, frequency_minutes: 60 });
  });

  test('an own mapping is saved as its rows, unfinished rows left out', () => {
    const edit = draft();
    edit.rows = [{ zoho: 'Email', google: 'emailAddresses[work]' }, { zoho: '', google: '' }];
    expect(saved(edit, contacts).mapping).toEqual([{ zoho: 'Email', google: 'emailAddresses[work]' }]);
  });

  test.each<[string, (edit: Editing) => void, string[]]>([
    ['a mandatory field without a value', () => undefined, ['mistake-default-needed']],
    ['the same where Zoho is never written', (edit) => (edit.direction = 'zoho_to_google'), []],
    ['a value that is not in the list', (edit) => (edit.defaults['Region'] = 'Mars'), ['mistake-not-in-list']],
    ['a value of the list', (edit) => (edit.defaults['Region'] = '西日本'), []],
    ['a value that is too long', (edit) => Object.assign(edit.defaults, { Region: '西日本', Loyalty_ID: 'x'.repeat(21) }), ['mistake-too-long']],
    ['no e-mail address', (edit) => Object.assign(edit.defaults, { Region: '西日本', Email: 'nobody' }), ['mistake-email']],
  ])('default values: %s', (_, change, expected) => {
    const edit = draft();
    change(edit);
    expect(defaultMistakes(edit, contacts).map((one) => one.id)).toEqual(expected);
  });

  test.each<[string, (edit: Editing) => void, string[]]>([
    ['as suggested', () => undefined, []],
    ['a row without a Google field', (edit) => edit.rows.push({ zoho: 'Skype_ID', google: '' }), ['mistake-no-google']],
    ['nothing', (edit) => (edit.rows = []), ['mistake-no-rows']],
    ['a new row, untouched', (edit) => edit.rows.push({ zoho: '', google: '' }), []],
  ])('mapping: %s', (_, change, expected) => {
    const edit = draft();
    change(edit);
    expect(mappingMistakes(edit).map((one) => one.id)).toEqual(expected);
  });

  test.each([
    [0, 1], [1, 0], [500, 0], [1.5, 1], [Number.NaN, 1],
  ])('a limit of %s has %s mistakes', (value, expected) => {
    const edit = draft();
    edit.limits.later_run = value;
    expect(limitMistakes(edit)).toHaveLength(expected);
  });

  test.each([
    ['800', 800], ['10,000', 10_000], ['１２', 12], [' 5 ', 5], ['1.5', Number.NaN], ['12 a', Number.NaN], ['', Number.NaN], ['-3', Number.NaN],
  ])('the limit %j is read as %s', (text, expected) => expect(readCount(text)).toBe(expected));

  test.each<[type: string, value: string, expected: string[]]>([
    ['integer', '12', []],
    ['double', '-12.5', []],
    ['double', '12,5', ['mistake-number']],
    ['date', '2026-02-28', []],
    ['date', '2026-02-30', ['mistake-date']],
    ['date', 'tomorrow', ['mistake-date']],
    ['multiselectpicklist', 'A; B', []],
    ['multiselectpicklist', 'A;C', ['mistake-not-in-list']],
  ])('a default of the type %s: %s', (data_type, value, expected) => {
    const [first] = contacts.zoho;
    if (!first) throw new Error('no field');
    const field = { ...first, api_name: 'Own', data_type, choices: data_type === 'multiselectpicklist' ? ['A', 'B'] : [] };
    const edit = { ...draft(), defaults: { Own: value } };
    expect(defaultMistakes(edit, { ...contacts, zoho: [field] }).map((one) => one.id)).toEqual(expected);
  });

  test.each([
    [null, true, 0], [null, false, 1], ['Customers', false, 0], ['', false, 1], ['  ', false, 1],
  ])('the label %j, all contacts chosen %s: %s mistakes', (label, everybody, expected) => {
    const edit = { ...draft(), google_label: label, everybody };
    expect(scopeMistakes(edit)).toHaveLength(expected);
  });

  test.each([
    [['Family', 'Customers', 'VIP customers'], 'VIP customers'], [['お得意先', '家族'], 'お得意先'], [['Family'], null], [[], null],
  ])('of the labels %j the one of work is suggested: %s', (names, expected) => {
    const labels = names.map((name, index) => ({ id: String(index), name, members: index + 1 }));
    expect(suggestedLabel(labels)).toBe(expected);
  });

  test('a Google place is offered to one row only', () => {
    const edit = draft();
    const phone = edit.rows.find((row) => row.zoho === 'Phone');
    if (!phone) throw new Error('no phone row');
    const offered = freeGoogle(contacts, edit, phone);
    expect(offered).toContain('phoneNumbers[work]');
    expect(offered).not.toContain('phoneNumbers[mobile]');
    expect(offered).not.toContain('emailAddresses[work]');
  });
});

describe('runs', () => {
  test('totals count by side and kind', () => {
    const sums = totals(operations(30));
    const all = Object.values(sums).flatMap((side) => Object.values(side));
    expect(all.reduce((sum, one) => sum + one, 0)).toBe(30);
  });

  test.each([
    ['ＭＩＬＬＥＲ', 'miller', 'width and case do not count'],
    ['  佐藤 ', '佐藤', 'nor does space around'],
    ['佐藤　はるな', '佐藤ハルナ', 'nor do kana or the space in a name'],
    ['Anna  Miller', 'anna  miller', 'a space between Latin words does'],
  ])('%s is found as %s: %s', (typed, expected) => expect(folded(typed)).toBe(expected));

  test('a search looks at names and values', () => {
    const [first] = operations(1);
    if (!first) throw new Error('no operation');
    expect(mentions(first, '佐藤')).toBe(true);
    expect(mentions(first, '営業部長')).toBe(true);
    expect(mentions(first, 'nobody')).toBe(false);
  });

  test('the lines of a run are gathered by contact', () => {
    const lines = changes(12);
    const gathered = byContact(lines);
    expect(gathered).toHaveLength(12);
    expect(gathered.reduce((sum, one) => sum + one.fields.length, 0)).toBe(lines.length);
  });

  test('a table cannot carry a formula or break its quotes', () => {
    const [one] = operations(1);
    if (!one) throw new Error('no operation');
    const table = planCsv(run(1, '2026-11-22T00:00:00Z', {
      operations: [{ ...one, contact: '=1+1', fields: [{ field: 'Title', before: null, after: 'a "b"' }] }],
      matches: [{ zoho_id: '7', google: 'people/c7', contact: 'Ada', counterpart: 'A. Byron', shared: 'ada@a.test', why: 'Same e-mail.' }],
    }));
    expect(table).toContain(`"'=1+1"`);
    expect(table).toContain('"a ""b"""');
    expect(table).toContain('"","match","Ada","7","people/c7","","ada@a.test","ada@a.test","Same e-mail."');
    expect(table.startsWith('\uFEFF')).toBe(true);
  });
});

describe('words', () => {
  test('times show the day only where it is another', () => {
    speak('en');
    const now = new Date(2026, 10, 22, 10, 30);
    expect(time(new Date(2026, 10, 22, 10, 5).toISOString(), now)).toBe('10:05');
    expect(time(new Date(2026, 10, 21, 10, 5).toISOString(), now)).toBe('Nov 21, 10:05');
    expect(time(new Date(2025, 10, 21, 10, 5).toISOString(), now)).toContain('2025');
    speak('ja');
    expect(time(new Date(2026, 10, 21, 10, 5).toISOString(), now)).toBe('11月21日 10:05');
    expect(time('nonsense', now)).toBe('nonsense');
  });

  test.each([
    [20, 'less than a minute left'], [61, 'about 2 minutes left'], [3600, 'about one hour left'], [5400, 'about 1.5 hours left'],
  ])('%s seconds are said as "%s"', (seconds, expected) => {
    speak('en');
    expect(left(seconds)).toBe(expected);
  });

  test('how long a run took', () => {
    speak('en');
    expect(lasted('2026-11-22T10:00:00Z', '2026-11-22T10:00:04Z')).toBe('took 4 seconds');
    expect(lasted('2026-11-22T10:00:00Z', '2026-11-22T11:30:00Z')).toBe('took 90 minutes');
    expect(lasted('2026-11-22T10:00:00Z', null)).toBeNull();
  });

  test.each([
    ['phoneNumbers[work]', 'Phone (work)', '電話（勤務先）'],
    ['addresses[home].city', 'City (home)', '市区町村（自宅）'],
    ['names.familyName', 'Last name', '姓'],
    ['phoneNumbers[grandPrix]', 'Phone (grandPrix)', '電話（grandPrix）'],
    ['unheard.of', 'unheard.of', 'unheard.of'],
  ])('%s is called %s and %s', (path, en, ja) => {
    speak('en');
    expect(placeName(path)).toBe(en);
    speak('ja');
    expect(placeName(path)).toBe(ja);
  });

  test('plurals follow the language', () => {
    speak('en');
    expect(t('done-waiting', { count: 1 })).toBe('One contact is left for the next run.');
    expect(t('done-waiting', { count: 12_000 })).toBe('12,000 contacts are left for the next run.');
    speak('ja');
    expect(t('done-waiting', { count: 12_000 })).toBe('12,000 件は次回の同期で処理します。');
  });
});

test.each(['#/', '#/connect', '#/connect/zoho', '#/connect/google', '#/wizard', '#/wizard/Leads', '#/plan/Contacts', '#/edit/Vendors', '#/needs-you', '#/history', '#/history/12', '#/history/12/O\'Brien%20%E4%BD%90%E8%97%A4%2F1', '#/contacts', '#/contacts/Contacts%3A5725767000001', '#/contacts/Contacts%3Apeople%2Fc1', '#/settings', '#/settings/redirect'])(
  'the address %s leads back to itself', (hash) => expect(address(parse(hash))).toBe(hash),
);

test.each([['#/nowhere', '#/'], ['#/connect/nobody', '#/connect'], ['#/plan/Deals', '#/'], ['#/history/x', '#/history'], ['#/history/12/%', '#/history/12']])(
  'the unknown address %s leads to %s', (hash, expected) => expect(address(parse(hash))).toBe(expected),
);

describe('a shared settings file', () => {
  test.each([
    ['{', 'mistake-file-not-json'],
    ['[]', 'mistake-file-other'],
    ['{"module": "Contacts", "frequenzy": 5}', 'mistake-file-key'],
    ['{"module": "Deals"}', 'mistake-file-value'],
    ['{"module": "Vendors"}', 'mistake-file-module'],
    ['{"module": "Contacts", "frequency_minutes": "often"}', 'mistake-file-value'],
    ['{"module": "Contacts", "mapping": 5}', 'mistake-file-value'],
    ['{"module": "Contacts", "mapping": [{"zoho": "Email"}]}', 'mistake-file-value'],
    ['{"module": "Contacts", "custom_fields": "all"}', 'mistake-file-value'],
    ['{"module": "Contacts", "defaults": {"Last_Name": null}}', 'mistake-file-value'],
    ['{"module": "Contacts", "limits": {"first_run": -1}}', 'mistake-file-value'],
  ])('%s', (text, expected) => expect(readSetup(text, ['Contacts', 'Leads'])).toMatchObject({ id: expected }));

  test('what was saved can be loaded', () => {
    const edit = draft();
    edit.rows.pop();
    const setup = saved(edit, contacts);
    expect(readSetup(JSON.stringify(setup), ['Contacts'])).toEqual(setup);
  });
});

test('the dark theme is the same, whether it was chosen or is the system\'s', () => {
  const css = readFileSync(join(import.meta.dirname, '../styles/tokens.css'), 'utf8');
  const tokens = (selector: string): string[] => {
    const block = css.split(`${selector} {`)[1]?.split('}')[0] ?? '';
    return block.trim().split(/\s*\n\s*/);
  };
  const chosen = tokens(":root[data-theme='dark']");
  expect(chosen.length).toBeGreaterThan(20);
  expect(tokens(":root[data-theme='system']")).toEqual(chosen);
});

test('a name does not turn a sentence around', () => {
  const cases = [
    ['Anna Müller', 'Anna Müller'],
    ['山田 太郎', '山田 太郎'],
    ['דוד לוי', '\u2068דוד לוי\u2069'],
    ['أحمد', '\u2068أحمد\u2069'],
    ['Anna\u202egnp.exe', '\u2068Annagnp.exe\u2069'],
    ['Anna\u2069\u2067', '\u2068Anna\u2069'],
  ];
  for (const [text, shown] of cases) expect(isolated(text as string)).toBe(shown);
});

test('what a run wrote is said kind by kind, so that a deletion is called one', () => {
  const none = { created: 0, updated: 0, deleted: 0, requests: 0 };
  const table: [Parameters<typeof wrote>[0], string, string][] = [
    [{ zoho: { ...none, deleted: 38 }, google: none }, '38 deleted in Zoho', 'Zoho の 38 件を削除'],
    [{ zoho: { ...none, created: 2, deleted: 1 }, google: { ...none, updated: 3 } }, '1 deleted in Zoho, 2 added to Zoho, and 3 changed in Google', 'Zoho の 1 件を削除、Zoho に 2 件を追加、Google の 3 件を変更'],
    [{ zoho: none, google: none }, '', ''],
  ];
  for (const [run, en, ja] of table) {
    speak('en');
    expect(wrote(run)).toBe(en);
    speak('ja');
    expect(wrote(run)).toBe(ja);
  }
  speak('en');
});

test('every kind that Google has a name for is named', () => {
  const kinds = {
    phoneNumbers: ['home', 'work', 'mobile', 'homeFax', 'workFax', 'otherFax', 'pager', 'workMobile', 'workPager', 'main', 'googleVoice', 'other'],
    urls: ['home', 'work', 'blog', 'profile', 'homePage', 'ftp', 'reservations', 'appInstallPage', 'other'],
    emailAddresses: ['home', 'work', 'other'],
  };
  for (const language of ['en', 'ja'] as const) {
    speak(language);
    for (const [group, all] of Object.entries(kinds)) for (const kind of all) expect(placeName(`${group}[${kind}]`)).not.toMatch(/[a-z][A-Z]/);
  }
  speak('en');
});

test('in Japanese the family name stands before the given name', () => {
  const order = (names: string[]): string[] => inNameOrder(names, (name) => name);
  const names = ['Email', 'First_Name', 'Title', 'Last_Name', 'Phone'];
  expect(order(names)).toEqual(names);
  speak('ja');
  expect(order(names)).toEqual(['Email', 'Last_Name', 'First_Name', 'Title', 'Phone']);
  expect(order(['Last_Name', 'First_Name'])).toEqual(['Last_Name', 'First_Name']);
  expect(order(['First_Name', 'Email'])).toEqual(['First_Name', 'Email']);
  speak('en');
});

// Sample people, always the same: Japanese and Western names, long ones, empty ones.
import { t } from '$lib/l10n.svelte';
import type { Change, Difference, Evidence, Match, Operation, ReviewItem, ReviewKind, Run, Seen, Side } from '../door';

interface Person {
  name: string;
  email: string | null;
  phone: string;
  mobile: string;
  company: string;
  title: string;
  city: string;
}

const families = ['佐藤', '鈴木', '高橋', '田中', '伊藤', '渡辺', 'Miller', 'García', 'Nguyen', "O'Brien", 'Schäfer', 'Kowalski'];
const givens = ['陽菜', '蓮', '美咲', '大翔', '結衣', '翔太', 'Anna', 'José', 'Linh', 'Seán', 'Jürgen', 'Zofia'];
const romaji = ['sato', 'suzuki', 'takahashi', 'tanaka', 'ito', 'watanabe', 'miller', 'garcia', 'nguyen', 'obrien', 'schaefer', 'kowalski'];
const companies = ['株式会社アオゾラ商事', '東都精機株式会社', 'Northwind Traders', '(株)みなと設計', 'Blue Harbor Logistics GmbH & Co. KG', '合同会社ひなた'];
const titles = ['営業部長', 'Purchasing manager', '購買担当', 'CTO', '代表取締役'];
const cities = ['札幌市', '横浜市', '福岡市', 'Berlin', 'Dublin', 'Valencia'];

function pick<T>(list: readonly T[], index: number): T {
  return list[index % list.length] as T;
}

export function person(index: number): Person {
  const family = pick(families, index);
  const given = pick(givens, index * 5 + Math.floor(index / 12));
  const japanese = /[\u3040-\u9fff]/.test(family);
  const mail = `${pick(romaji, index)}.${index}@${japanese ? 'example.co.jp' : 'example.com'}`;
  return {
    name: japanese ? `${family} ${given}` : `${given} ${family}`,
    email: index % 17 === 0 ? null : mail,
    phone: `03-5550-${String(1000 + (index % 9000))}`,
    mobile: `+81 90-1234-${String(1000 + ((index * 7) % 9000))}`,
    company: pick(companies, index),
    title: pick(titles, index),
    city: pick(cities, index),
  };
}

/** What tells somebody apart from others of the same name. */
export function details(index: number): string[] {
  const { email, company, phone } = person(index);
  return [...(email === null ? [] : [email]), company, phone];
}

export function operation(index: number): Operation {
  const who = person(index);
  const side: Side = index % 3 === 0 ? 'zoho' : 'google';
  const creates = index % 5 !== 0;
  const zohoId = side === 'zoho' && creates ? null : `5725767000000${String(100000 + index)}`;
  const google = side === 'google' && creates ? null : `people/c${String(9000000 + index)}`;
  if (creates) {
    const values: [string, string | null][] = [
      ['Last_Name', who.name.split(' ')[0] ?? who.name],
      ['First_Name', who.name.split(' ')[1] ?? null],
      ['Email', who.email],
      ['Phone', who.phone],
      ['Mobile', who.mobile],
      ['Account_Name', who.company],
      ['Title', who.title],
      ['Mailing_City', who.city],
    ];
    return {
      side,
      kind: 'create',
      contact: who.name,
      details: details(index),
      zoho_id: zohoId,
      google,
      fields: values.flatMap(([field, after]) => (after === null ? [] : [{ field, before: null, after }])),
      why: t('engine-new', { service: side === 'zoho' ? 'Google' : 'Zoho' }),
    };
  }
  return {
    side,
    kind: 'update',
    contact: who.name,
    details: details(index),
    zoho_id: zohoId,
    google,
    fields: [
      { field: 'Mobile', before: null, after: who.mobile },
      { field: 'Title', before: 'Sales', after: who.title },
      ...(index % 10 === 0
        ? [{ field: 'Description', before: 'Met in Osaka.', after: 'Met in Osaka.\n2 回目の打ち合わせは 11 月。\nPrefers e-mail; never call before ten in the morning, and ask for the invoice address first.' }]
        : []),
    ],
    why: t('engine-changed', { service: side === 'zoho' ? 'Google' : 'Zoho' }),
  };
}

export function operations(count: number): Operation[] {
  return Array.from({ length: count }, (_, index) => operation(index));
}

/** Every tenth contact of a plan has another title on each side. */
export function differences(count: number): Difference[] {
  return operations(count).flatMap((one, index) => {
    const title = one.fields.find((line) => line.field === 'Title');
    if (one.kind !== 'update' || index % 10 !== 0 || !title || one.zoho_id === null || one.google === null) return [];
    const [here, there] = [title.before, title.after];
    const [zoho_value, google_value] = one.side === 'zoho' ? [here, there] : [there, here];
    return [{ contact: one.contact, zoho_id: one.zoho_id, google: one.google, fields: ['Title'], zoho_value, google_value, taken: one.side === 'zoho' ? 'google' as const : 'zoho' as const }];
  });
}

/** The same plan where the other value of these is taken: the title is written to the other side. */
export function turned(planned: Operation[], all: Difference[], taken: ReadonlyMap<string, Side>): Operation[] {
  return planned.flatMap((one) => {
    const difference = all.find((other) => other.zoho_id === one.zoho_id);
    if (!difference || (taken.get(difference.zoho_id) ?? difference.taken) === difference.taken) return [one];
    const title = { field: 'Title', before: one.fields.find((line) => line.field === 'Title')?.after ?? null, after: 'Sales' };
    const other: Side = one.side === 'zoho' ? 'google' : 'zoho';
    return [
      { ...one, fields: one.fields.filter((line) => line.field !== 'Title') },
      { ...one, side: other, fields: [title], why: t('engine-chosen', { service: one.side === 'zoho' ? 'Zoho' : 'Google' }) },
    ];
  });
}

export function matches(count: number): Match[] {
  return Array.from({ length: count }, (_, index) => {
    const who = person(index);
    const [reason, shared] = index % 4 === 3 || who.email === null ? ['name-and-phone', who.phone] : ['email', who.email];
    return {
      zoho_id: `5725767000000${String(300000 + index)}`,
      google: `people/c${String(9500000 + index)}`,
      contact: who.name,
      counterpart: index % 3 === 1 ? pick(romaji, index) : who.name,
      shared,
      why: t('engine-alike', { reason }),
    };
  });
}

export function changes(count: number): Change[] {
  return operations(count).flatMap((one, index) =>
    one.fields.map((field) => ({
      contact: one.contact,
      zoho_id: one.zoho_id ?? `z${index}`,
      google: one.google ?? `g${index}`,
      side: one.side,
      kind: one.kind,
      ...field,
      overwritten: field.field === 'Title' && field.before ? 'Sales lead' : null,
      why: one.why,
    })),
  );
}

const questions: [ReviewKind, () => string, string | null, string[]][] = [
  ['deletion', () => t('engine-ask-deleted', { service: 'Google', other: 'Zoho' }), null, ['delete', 'put_back', 'keep']],
  ['match', () => t('engine-ask-doubtful', { reason: 'name-only' }), null, ['link', 'separate']],
  ['invalid', () => t('engine-ask-misfit', { named: 'yes', field: 'Phone', service: 'Zoho', misfit: 'too-long', detail: 30 }), 'Phone', ['retry', 'ignore']],
  ['deletion', () => t('engine-ask-deleted-edited', { service: 'Zoho', other: 'Google' }), null, ['delete', 'put_back', 'keep']],
];

/** What else may be asked: one of each kind that the others lack. */
const rare: typeof questions = [
  ['match', () => t('engine-ask-duplicate', { service: 'Google', other: 'Zoho', why: 'twin' }), null, ['separate', 'ignore']],
  ['difference', () => t('engine-ask-difference', { field: 'Title', zoho: '営業部長', google: 'Sales' }), 'Title', ['zoho', 'google']],
  ['refused', () => t('engine-ask-refused', { service: 'Zoho', named: 'yes', field: 'Email', by: 'record', who: '鈴木 翔太' }), 'Email', ['link', 'retry', 'ignore']],
  ['refused', () => t('engine-ask-on-hold', { hold: 'locked' }), null, []],
  ['unreadable', () => t('engine-ask-unreadable', { service: 'Google' }), null, ['retry']],
  ['frozen', () => t('engine-ask-frozen', { field: 'Mobile' }), 'Mobile', ['retry', 'ignore']],
  ['invalid', () => t('engine-ask-misfit', { named: 'yes', field: 'Account Name', service: 'Zoho', misfit: 'no-account', detail: '' }), 'Account_Name', ['retry', 'ignore']],
  ['undo', () => t('engine-ask-undo-left', { field: 'Title', obstacle: 'edited' }), 'Title', ['ignore']],
];

export const reviewItems = (count: number): ReviewItem[] => asking(questions, count);
export const troubles = (): ReviewItem[] => asking(rare, rare.length);

function asking(kinds: typeof questions, count: number): ReviewItem[] {
  return Array.from({ length: count }, (_, index) => {
    const [kind, reason, field, choices] = pick(kinds, index);
    return {
      item: String(index + 1),
      module: 'Contacts',
      kind,
      contact: person(index * 3).name,
      zoho_id: `57257670000001${index}`,
      google: `people/c${index}`,
      field,
      reason: reason(),
      choices,
      chosen: null,
    };
  });
}

/** What a side holds of somebody. */
export function seen(index: number, side: Side, id: string, gone = false, change: Partial<Record<string, string>> = {}): Seen {
  const who = person(index);
  return {
    id,
    name: who.name,
    details: details(index),
    changed_at: side === 'zoho' ? '2026-11-20T02:14:00Z' : '2026-11-21T23:40:00Z',
    gone,
    fields: Object.entries({
      Last_Name: who.name.split(' ')[0], First_Name: who.name.split(' ')[1], Email: who.email, Phone: who.phone, Mobile: who.mobile,
      Account_Name: who.company, Title: who.title, Mailing_City: who.city, ...change,
    }).flatMap(([field, value]) => (value ? [{ field, value }] : [])),
  };
}

/** Both contacts of a question. */
export function evidence(item: ReviewItem): Evidence {
  const index = (Number(item.item) - 1) * 3;
  const of = (side: Side, change: Partial<Record<string, string>> = {}): Seen => {
    const [service, other] = side === 'zoho' ? ['Zoho', 'Google'] : ['Google', 'Zoho'];
    return seen(index, side, (side === 'zoho' ? item.zoho_id : item.google) ?? '', item.reason === t('engine-ask-deleted', { service, other }), change);
  };
  if (item.kind === 'match' && item.choices.includes('ignore')) {
    const other = seen(index, 'google', `people/c${index + 1}`, false, { Email: `private.${index}@mail.example`, Mobile: '', Title: '' });
    return { zoho: null, google: of('google'), beside: { side: 'google', contact: other } };
  }
  return { beside: null, zoho: of('zoho'), google: of('google', item.kind === 'match' ? { Email: `private.${index}@mail.example`, Account_Name: '' } : { Title: 'Sales' }) };
}

export function run(number: number, at: string, change: Partial<Run> = {}): Run {
  const busy = number % 3 === 0;
  return {
    run: number,
    module: number % 7 === 0 ? 'Leads' : 'Contacts',
    outcome: 'completed',
    started_at: at,
    finished_at: new Date(Date.parse(at) + 4000 + (number % 5) * 1000).toISOString(),
    last_synced_at: at,
    zoho: { created: busy ? 1 : 0, updated: busy ? 2 : 0, deleted: 0, requests: 2 },
    google: { created: 0, updated: busy ? 3 : 0, deleted: 0, requests: 1 },
    matched: 0,
    conflicts: busy ? 1 : 0,
    review: 0,
    failed: 0,
    waiting: 0,
    message: null,
    ...change,
  };
}

// A sync's configuration while it is being edited: what it means, and what is wrong with it. Pure.
import type {
  Fields,
  Limits,
  MappingRow,
  Module,
  Scope,
  Setup,
  SetupDraft,
  Winner,
  ZohoField,
} from './backend/door';

export const modules: Module[] = ['Contacts', 'Leads', 'Vendors'];

/** Minutes that are offered; 0 is only when asked. */
export const frequencies = [15, 30, 60, 180, 720, 1440, 0];

/** A configuration with nothing left out, its mapping as rows. An empty label is a new one whose
    name is not typed yet. */
export interface Editing extends Omit<Required<Setup>, 'mapping' | 'limits' | 'conflict_winner'> {
  conflict_winner: Winner;
  rows: MappingRow[];
  limits: Required<Limits>;
  /** Whether somebody chose that all of Google's contacts take part. */
  everybody: boolean;
}

/** The module's own mapping: every field's default place. */
export function defaultRows(fields: Fields): MappingRow[] {
  return fields.zoho.flatMap((field) =>
    field.default_google === null ? [] : [{ zoho: field.api_name, google: field.default_google }],
  );
}

/** What a draft becomes on screen. */
export function editing(draft: SetupDraft, fields: Fields): Editing {
  const { setup } = draft;
  const rows =
    setup.mapping && typeof setup.mapping !== 'string' ? setup.mapping : defaultRows(fields);
  return {
    module: setup.module,
    direction: setup.direction ?? 'two_way',
    conflict_winner: setup.conflict_winner ?? 'zoho',
    frequency_minutes: setup.frequency_minutes ?? 60,
    zoho_view: setup.zoho_view ?? null,
    google_label: setup.google_label ?? null,
    everybody: draft.saved && (setup.google_label ?? null) === null,
    rows: rows.map((row) => ({ ...row })),
    custom_fields: [...(setup.custom_fields ?? [])],
    defaults: {
      ...Object.fromEntries(needed(fields).map((field) => [field.api_name, ''])),
      ...setup.defaults,
    } as Record<string, string>,
    on_delete: setup.on_delete ?? 'ask',
    match_without_email: setup.match_without_email ?? true,
    limits: {
      first_run: setup.limits?.first_run ?? 10_000,
      later_run: setup.limits?.later_run ?? 500,
      google_contacts: setup.limits?.google_contacts ?? 25_000,
    },
  };
}

/** Whether a change of a setup may make its next plan wait for approval: other contacts, other fields,
    another direction. */
export function reachesFurther(before: Setup, after: Setup): boolean {
  const parts = ['zoho_view', 'google_label', 'direction', 'mapping', 'custom_fields'] as const;
  return parts.some((part) => JSON.stringify(before[part] ?? null) !== JSON.stringify(after[part] ?? null));
}

/** Whether a change of a setup may leave out somebody who was in it. */
export function scopeMoves(before: Setup, after: Setup): boolean {
  return (['zoho_view', 'google_label'] as const).some((part) => (before[part] ?? null) !== (after[part] ?? null));
}

/** What is saved; the module's own mapping is saved as such, so that it follows the fields. */
export function saved(edit: Editing, fields: Fields): Setup {
  const { rows: written, everybody: _chosen, ...rest } = edit;
  const rows = written.filter((row) => row.zoho !== '' && row.google !== '');
  const isDefault = JSON.stringify(rows) === JSON.stringify(defaultRows(fields));
  const kept = Object.entries(edit.defaults).filter(([, value]) => value.trim() !== '');
  return {
    ...rest,
    // In one direction its source wins: the choice is not on screen.
    conflict_winner: rest.direction === 'two_way' ? rest.conflict_winner : null,
    zoho_view: rest.zoho_view || null,
    google_label: rest.google_label?.trim() || null,
    mapping: isDefault ? 'default' : rows,
    defaults: Object.fromEntries(kept),
  };
}

/** Zoho fields that every record must have. */
export function needed(fields: Fields): ZohoField[] {
  return fields.zoho.filter((field) => field.mandatory && field.writable);
}

/** Whether this direction can create records in Zoho. */
export function writesZoho(edit: Editing): boolean {
  return edit.direction !== 'zoho_to_google';
}

/** Zoho fields that can be synced at all and are not in use yet, but for the one in this row. */
export function freeZoho(fields: Fields, edit: Editing, own: string): ZohoField[] {
  const used = new Set([...edit.rows.map((row) => row.zoho), ...edit.custom_fields]);
  return fields.zoho.filter(
    (field) => field.google.length > 0 && (field.api_name === own || !used.has(field.api_name)),
  );
}

/** The Google places that a Zoho field can take and that no other row has. */
export function freeGoogle(fields: Fields, edit: Editing, row: MappingRow): string[] {
  const used = new Set(edit.rows.filter((other) => other !== row).map((other) => other.google));
  const field = fields.zoho.find((zoho) => zoho.api_name === row.zoho);
  const places = field?.google ?? [];
  const own = row.google !== '' && !places.includes(row.google) ? [row.google] : [];
  return [...own, ...places.filter((place) => !place.startsWith('userDefined') && !used.has(place))];
}

/** Something that is wrong, at a field on screen: a message's id with its arguments. */
export interface Mistake {
  at: string;
  id: string;
  args?: Record<string, string | number>;
}

/** Which of Google's contacts take part; nothing where the choice is the person's and not made yet.
    Where nobody is copied into Zoho, there is nothing to choose knowingly. */
export function whose(edit: Editing): 'labelled' | 'everybody' | null {
  if (edit.google_label !== null) return 'labelled';
  return edit.everybody || !writesZoho(edit) ? 'everybody' : null;
}

/** What people call the label of those whom they know from work. */
const WORK = /crm|zoho|customer|client|business|work|顧客|客|取引|得意|仕事|業務/i;

/** The label that most likely holds the people of work; none where no name says so. */
export function suggestedLabel(labels: Scope[]): string | null {
  const work = labels.filter((label) => WORK.test(label.name) && label.members !== 0);
  work.sort((a, b) => (b.members ?? 0) - (a.members ?? 0));
  return work[0]?.name ?? null;
}

/** What is wrong with the choice of contacts; a label that is to be made needs a name. */
export function scopeMistakes(edit: Editing): Mistake[] {
  if (whose(edit) === null) return [{ at: 'whose', id: 'mistake-whose' }];
  return edit.google_label !== null && edit.google_label.trim() === ''
    ? [{ at: 'label', id: 'mistake-label-name' }]
    : [];
}

/** What is wrong with the fields' pairing. */
export function mappingMistakes(edit: Editing): Mistake[] {
  const mistakes: Mistake[] = [];
  edit.rows.forEach((row, index) => {
    if (row.zoho === '' && row.google === '') return;
    if (row.zoho === '') mistakes.push({ at: `row-${index}`, id: 'mistake-no-zoho' });
    if (row.google === '') mistakes.push({ at: `row-${index}`, id: 'mistake-no-google' });
  });
  if (!edit.rows.some((row) => row.zoho !== '' && row.google !== '')) {
    mistakes.push({ at: 'rows', id: 'mistake-no-rows' });
  }
  return mistakes;
}

const numeric = new Set(['integer', 'bigint', 'double', 'currency', 'percent']);

/** A day that there is, as Zoho writes it: 2026-04-01. */
function isDate(text: string): boolean {
  const day = new Date(`${text}T00:00:00Z`);
  return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}

/** What is wrong with the values that fill empty fields. */
export function defaultMistakes(edit: Editing, fields: Fields): Mistake[] {
  const mistakes: Mistake[] = [];
  for (const field of fields.zoho) {
    const value = (edit.defaults[field.api_name] ?? '').trim();
    const at = `default-${field.api_name}`;
    const name = field.label;
    if (value === '') {
      if (field.mandatory && field.writable && writesZoho(edit)) {
        mistakes.push({ at, id: 'mistake-default-needed', args: { field: name } });
      }
      continue;
    }
    if (field.length !== null && [...value].length > field.length) {
      mistakes.push({ at, id: 'mistake-too-long', args: { field: name, max: field.length } });
    }
    if (field.data_type === 'email' && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value)) {
      mistakes.push({ at, id: 'mistake-email', args: { field: name } });
    }
    if (numeric.has(field.data_type) && !/^[+-]?(\d+(\.\d*)?|\.\d+)$/.test(value)) {
      mistakes.push({ at, id: 'mistake-number', args: { field: name } });
    }
    if (field.data_type === 'date' && !isDate(value)) {
      mistakes.push({ at, id: 'mistake-date', args: { field: name } });
    }
    const several = field.data_type === 'multiselectpicklist';
    const picked = several ? value.split(';').map((one) => one.trim()) : [value];
    if (field.choices.length > 0 && !picked.every((one) => field.choices.includes(one))) {
      mistakes.push({ at, id: 'mistake-not-in-list', args: { field: name } });
    }
  }
  return mistakes;
}

const bounds: Record<keyof Limits, { min: number; max: number }> = {
  first_run: { min: 1, max: 100_000 },
  later_run: { min: 1, max: 100_000 },
  google_contacts: { min: 1, max: 25_000 },
};

/** A whole number as people type it, grouped or in wide digits; not a number where it is none. */
export function readCount(text: string): number {
  const plain = text.normalize('NFKC').replaceAll(/[\s,]/g, '');
  return /^\d+$/.test(plain) ? Number(plain) : Number.NaN;
}

/** What is wrong with the limits. */
export function limitMistakes(edit: Editing): Mistake[] {
  return (Object.keys(bounds) as (keyof Limits)[]).flatMap((key) => {
    const { min, max } = bounds[key];
    const value = edit.limits[key];
    return Number.isInteger(value) && value >= min && value <= max
      ? []
      : [{ at: `limit-${key}`, id: 'mistake-limit', args: { min, max } }];
  });
}

/** Which side's value is kept where both changed, in the order in which it is asked. */
export const winners: Winner[] = ['zoho', 'google', 'ask'];

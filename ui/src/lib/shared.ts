// A settings file that someone shared: the command line's setup file. Pure.
import type { Module, Setup } from './backend/door';
import { modules, type Mistake } from './setup';

type Is = (value: unknown) => boolean;

const isText: Is = (value) => typeof value === 'string';
const isCount: Is = (value) => Number.isInteger(value) && (value as number) >= 0;
const isOneOf = (...words: unknown[]): Is => (value) => words.includes(value);
const isListOf = (is: Is): Is => (value) => Array.isArray(value) && value.every(is);
const isRecordOf = (is: Is): Is => (value) =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && Object.values(value).every(is);
const isRow: Is = (value) => isRecordOf(isText)(value) && 'zoho' in Object(value) && 'google' in Object(value);

/** What each entry can be; whether it makes sense with the live accounts is judged when it is saved. */
const shapes: Record<keyof Setup, Is> = {
  module: isOneOf(...modules),
  direction: isOneOf('two_way', 'zoho_to_google', 'google_to_zoho'),
  conflict_winner: isOneOf('zoho', 'google', 'ask'),
  frequency_minutes: isCount,
  zoho_view: (value) => value === null || isText(value),
  google_label: (value) => value === null || isText(value),
  mapping: (value) => value === 'default' || isListOf(isRow)(value),
  custom_fields: isListOf(isText),
  defaults: isRecordOf(isText),
  on_delete: isOneOf('ask', 'delete', 'keep'),
  match_without_email: (value) => typeof value === 'boolean',
  limits: isRecordOf(isCount),
};

/** The settings in a file, for one of these modules; or what is wrong with it. */
export function readSetup(text: string, offered: Module[]): Setup | Mistake {
  const wrong = (id: string, args?: Mistake['args']): Mistake => ({ at: 'file', id, ...(args ? { args } : {}) });
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return wrong('mistake-file-not-json');
  }
  if (typeof parsed !== 'object' || parsed === null || !('module' in parsed)) {
    return wrong('mistake-file-other');
  }
  for (const [key, value] of Object.entries(parsed)) {
    if (!(key in shapes)) return wrong('mistake-file-key', { key });
    if (!shapes[key as keyof Setup](value)) return wrong('mistake-file-value', { key });
  }
  const setup = parsed as Setup;
  return offered.includes(setup.module) ? setup : wrong('mistake-file-module', { module: setup.module });
}

// The demo's list of contacts: every state, always in the same order.
import { t } from '$lib/l10n.svelte';
import { folded } from '$lib/runs';
import type { Contact, ContactAction, ContactCounts, ContactDetail, ContactPage, ContactQuery, ContactState } from '../door';
import { changes, person, seen } from './people';

type Standing = [ContactState, () => string, ContactAction[]];
const inStep: Standing = ['in_step', () => t('engine-why-matched', { reason: 'email' }), ['leave-out', 'unlink', 'separate']];
const leftOut: Standing = ['kept_out', () => t('engine-contact-left-out'), ['resume']];
const waiting: Standing = ['waiting', () => t('engine-why-waits'), ['sync', 'leave-out', 'unlink']];
const unlinked: Standing = ['unlinked', () => t('engine-contact-unlinked'), ['resume']];
const others: Standing[] = [
  ['needs_you', () => t('engine-ask-deleted', { service: 'Google', other: 'Zoho' }), ['review', 'leave-out', 'unlink']],
  ['kept_out', () => t('engine-asleep-label'), ['edit']],
  ['differs', () => t('engine-why-undone', { field: 'Title' }), ['resume', 'leave-out', 'unlink']],
  waiting,
  leftOut,
  ['unlinked', () => t('engine-contact-kept', { service: 'Zoho' }), ['resume']],
  ['failed', () => t('engine-ask-unreadable', { service: 'Google' }), ['review', 'leave-out']],
];

/** The list and what was done to it. */
export class ContactList {
  private changed = new Map<string, Standing>();

  constructor(private readonly count: number) {}

  private at(index: number): Contact {
    const who = person(index);
    const zoho = `57257670000${String(100_000 + index)}`;
    const contact = `Contacts:${zoho}`;
    const standing = index % 5 === 4 ? others[Math.floor(index / 5) % others.length] : inStep;
    const [state, reason, actions] = this.changed.get(contact) ?? standing ?? inStep;
    return {
      contact, module: 'Contacts', name: who.name, state, reason: reason(), zoho_id: zoho, google: `people/c${9_000_000 + index}`,
      emails: who.email === null ? [] : [who.email], company: who.company, actions,
    };
  }

  page(query: ContactQuery): ContactPage {
    const terms = query.find.split(/\s+/).map(folded).filter((term) => term !== '');
    const counts: ContactCounts = { in_step: 0, waiting: 0, needs_you: 0, differs: 0, kept_out: 0, unlinked: 0, failed: 0 };
    const found: Contact[] = [];
    if (query.module === null || query.module === 'Contacts') {
      for (let index = 0; index < this.count; index += 1) {
        const one = this.at(index);
        const text = folded(`${one.name} ${one.emails.join(' ')} ${one.company ?? ''}`);
        if (!terms.every((term) => text.includes(term))) continue;
        counts[one.state] += 1;
        if (query.state === null || one.state === query.state) found.push(one);
      }
    }
    return { contacts: found.slice(query.offset, query.offset + query.most), total: found.length, counts };
  }

  detail(contact: string): ContactDetail | null {
    const index = Number(contact.slice(-6)) - 100_000;
    if (!(index >= 0 && index < this.count)) return null;
    const one = this.at(index);
    const evidence = {
      beside: null,
      zoho: seen(index, 'zoho', one.zoho_id ?? ''),
      google: seen(index, 'google', one.google ?? '', one.state === 'needs_you', one.state === 'waiting' ? { Title: 'Sales' } : {}),
    };
    const written = changes(6).filter((change) => change.kind === 'update').slice(0, 2).map((change) => ({ ...change, contact: one.name }));
    return { contact: one, evidence, history: [{ run: 60, at: '2026-11-22T00:05:00Z', undo: false, changes: written }] };
  }

  isLeftOut(contact: string): boolean {
    return this.changed.get(contact) === leftOut;
  }

  change(contacts: string[], how: 'left_out' | 'taken_up' | 'unlinked'): void {
    const standing = { left_out: leftOut, taken_up: waiting, unlinked }[how];
    for (const contact of contacts) this.changed.set(contact, standing);
  }
}

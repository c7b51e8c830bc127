// Every screen in every state it can be in: it opens, in both languages, without a barrier, and
// without a message that the catalogue lacks.
import { expect, test } from 'vitest';
import type { Scenario } from '$lib/backend/demo/demo';
import { barriers, onScreen, open } from './open';

const states: [screen: string, scenario: Scenario, hash: string][] = [
  ['welcome', 'fresh', '#/'],
  ['welcome', 'zoho-only', '#/'],
  ['welcome', 'connected', '#/'],
  ['welcome', 'sandbox', '#/'],
  ['welcome', 'unconfigured', '#/'],
  ['welcome', 'organisation', '#/'],
  ['guide', 'unconfigured', '#/connect/zoho'],
  ['guide', 'half-configured', '#/connect/google'],
  ['welcome', 'lost', '#/connect'],
  ['overview', 'awaiting', '#/'],
  ['overview', 'rich', '#/'],
  ['overview', 'quiet', '#/'],
  ['overview', 'three', '#/'],
  ['history', 'three', '#/history/2026-11-20'],
  ['overview', 'syncing', '#/'],
  ['overview', 'lost', '#/'],
  ['overview', 'failed', '#/'],
  ['overview', 'offline', '#/'],
  ['overview', 'held', '#/'],
  ['overview', 'offline', '#/'],
  ['overview', 'throttled', '#/'],
  ['overview', 'vanished', '#/'],
  ['needs-you', 'vanished', '#/needs-you'],
  ['history', 'vanished', '#/history'],
  ['run-detail', 'vanished', '#/history/13'],
  ['plan', 'vanished', '#/plan/Contacts'],
  ['overview', 'paused', '#/'],
  ['overview', 'off', '#/'],
  ['wizard', 'connected', '#/wizard'],
  ['wizard', 'limited', '#/wizard/Leads'],
  ['wizard', 'one-left', '#/wizard'],
  ['wizard', 'no-rights', '#/wizard'],
  ['wizard', 'offline', '#/wizard'],
  ['plan', 'nobody', '#/plan/Contacts'],
  ['plan', 'offline', '#/plan/Contacts'],
  ['plan', 'awaiting', '#/plan/Contacts'],
  ['plan', 'agree', '#/plan/Contacts'],
  ['plan', 'many', '#/plan/Contacts'],
  ['needs-you', 'rich', '#/needs-you'],
  ['needs-you', 'quiet', '#/needs-you'],
  ['needs-you', 'lost', '#/needs-you'],
  ['history', 'rich', '#/history'],
  ['needs-you', 'held', '#/needs-you'],
  ['history', 'connected', '#/history'],
  ['history', 'many', '#/history'],
  ['run-detail', 'rich', '#/history/60'],
  ['run-detail', 'rich', '#/history/59'],
  ['run-detail', 'rich', '#/history/999'],
  ['contacts', 'rich', '#/contacts'],
  ['edit', 'rich', '#/edit/Contacts'],
  ['settings', 'rich', '#/settings'],
  ['settings', 'fresh', '#/settings'],
  ['settings', 'no-tray', '#/settings'],
  ['settings', 'unconfigured', '#/settings'],
  ['settings', 'organisation', '#/settings'],
  ['edit', 'offline', '#/edit/Contacts'],
  ['blocked', 'broken', '#/'],
  ['needs-you', 'troubled', '#/needs-you'],
  ['overview', 'set-aside', '#/'],
  ['plan', 'set-aside', '#/plan/Contacts'],
];

for (const language of ['en', 'ja'] as const) {
  test.each(states)(`%s when %s at %s (${language})`, async (name, scenario, hash) => {
    await open(scenario, hash, language);
    const shown = await onScreen(name);
    expect(shown).toBeVisible();
    expect(document.documentElement.lang).toBe(language);
    await expect.poll(() => shown.querySelector('.busy')).toBeNull();
    expect(await barriers()).toEqual([]);
    const heading = document.querySelector('h1');
    expect(heading).toHaveFocus();
  });
}

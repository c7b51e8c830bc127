// The situations that the demo can show.
const scenarios = [
  'fresh', 'zoho-only', 'connected', 'awaiting', 'rich', 'quiet', 'three', 'agree', 'many', 'syncing', 'throttled', 'lost', 'failed', 'held', 'vanished',
  'offline', 'paused', 'off', 'limited', 'no-tray', 'sandbox', 'nobody', 'one-left', 'no-rights', 'unconfigured', 'half-configured', 'organisation', 'broken', 'troubled', 'set-aside',
] as const;
export type Scenario = (typeof scenarios)[number];
export function isScenario(text: string): text is Scenario {
  return (scenarios as readonly string[]).includes(text);
}

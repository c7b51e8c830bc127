// What the engine writes for somebody who helps, in the demo: counts and states.
import type { About, Run, Sync } from '../bindings';

export function supportText(about: About, syncs: Sync[], runs: Run[]): string {
  const document = {
    renraku: about.version,
    system: 'linux',
    sandbox: about.sandbox !== null,
    desktop: { tray: about.tray, paused: about.paused },
    retention_days: 90,
    syncs: syncs.map(({ module, enabled, direction, state, last_synced_at, linked, waiting, needs_you }) => ({
      module, enabled, direction, state, last_synced_at, linked, waiting, needs_you,
    })),
    runs: runs.slice(0, 50).map(({ run, module, started_at, outcome, zoho, google, review, failed }) => ({
      run, module, started_at, outcome, zoho, google, review, failed,
    })),
  };
  return JSON.stringify(document, null, 2) + '\n';
}

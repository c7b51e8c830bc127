// The demo's picture of the overview: both ends of each sync, and thirty days as its runs were.
import type { Day, Ends, Run, Setup, Sync } from '../door';
import { dayOf } from '$lib/format';
import { written } from '$lib/runs';
import { run } from './people';

/** The demo's own time; fixed, so that pictures are the same every day. */
export const NOW = '2026-11-22T01:12:00Z';

export function ends(sync: Sync, setup?: Setup): Ends {
  const read = sync.last_synced_at !== null || sync.linked > 0;
  return {
    module: sync.module,
    zoho: { contacts: read ? sync.linked + 19 : null, within: setup?.zoho_view ?? null },
    google: { contacts: read ? sync.linked + 61 : null, within: setup?.google_label ?? (sync.module === 'Leads' ? '見込み客' : null) },
    kept_out: sync.module === 'Leads' ? 42 : 0,
  };
}

export function days(runs: Run[]): Day[] {
  return Array.from({ length: 30 }, (_, index) => {
    const date = dayOf(new Date(Date.parse(NOW) - (29 - index) * 86_400_000).toISOString());
    const of = runs.filter((run) => dayOf(run.started_at) === date);
    const sum = (of: Run[], count: (run: Run) => number): number => of.reduce((all, run) => all + count(run), 0);
    const plain = of.filter((run) => !run.undo);
    return {
      date, runs: of.length,
      written: sum(plain, ({ zoho, google }) => zoho.created + zoho.updated + google.created + google.updated),
      deleted: sum(plain, ({ zoho, google }) => zoho.deleted + google.deleted),
      undone: sum(of.filter((run) => run.undo), ({ zoho, google }) => written(zoho) + written(google)),
      failed: of.filter((run) => run.outcome === 'failed').length,
      held: of.filter((run) => run.outcome === 'held' || run.alarm).length,
    };
  });
}

/** A month before these runs as it may have been: a big first day, quiet weekends, a deletion that was
    undone, a failure, and twice a plan that had to be looked at. */
export function month(newest: Run[]): Run[] {
  const none = { created: 0, updated: 0, deleted: 0, requests: 1 };
  const before = Array.from({ length: 25 }, (_, index): Run => {
    const number = 25 - index;
    const began = new Date(Date.parse(NOW) - (index + 1) * 86_400_000);
    const weekend = [0, 6].includes(began.getUTCDay());
    const change: Partial<Run> = {
      module: 'Contacts',
      zoho: { ...none, created: number === 2 ? 412 : weekend ? 0 : (number * 7) % 23, deleted: number === 15 ? 12 : 0 },
      google: number === 2 ? { ...none, created: 618 } : { ...none, updated: weekend ? 0 : (number * 5) % 17 },
    };
    if (number === 10) Object.assign(change, { outcome: 'failed', zoho: none, google: none });
    if (number === 1 || number === 19) Object.assign(change, { outcome: 'held', zoho: none, google: none });
    if (number === 16) Object.assign(change, { undo: true, zoho: { ...none, created: 12 }, google: none });
    return run(number, began.toISOString(), change);
  });
  return [...newest.map((one) => ({ ...one, run: one.run + before.length })), ...before];
}

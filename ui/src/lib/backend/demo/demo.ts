// The demo's engine: keeps its state in memory and answers like the real one.
import type {
  About, Account, Accounts, Backend, Clients, Commands, EngineEvent, Events, Failure, FileDrag, Held, Language, Module,
  Navigate, Operation, Preferences, ReviewItem, Run, Setup, Side, Snapshot, Stop, Sync, Theme, WayOut,
} from '../door';
import { speak, t } from '$lib/l10n.svelte';
import { folded, planned } from '$lib/runs';
import { builtIn, centres, mistake, none, organisations, withDraft, withFile } from './clients';
import { google, nobody, zoho } from './accounts';
import { ContactList } from './contacts';
import { fields, filled, newcomers, scopes } from './fields';
import { days, ends, month, NOW } from './overview';
import { differences, evidence, matches, operations, reviewItems, run, troubles, turned } from './people';
import { ago, failure, linesOf, named, narrowed, outsiders, sync, undoing, vanished } from './samples';
import type { Scenario } from './scenarios';
import { supportText } from './support';

export { isScenario, type Scenario } from './scenarios';

export { NOW } from './overview';
export { failure } from './samples';

export class Demo implements Backend {
  accounts: Accounts = { zoho, google };
  clients: Clients = builtIn;
  syncs: Sync[] = [];
  review: ReviewItem[] = [];
  people = new ContactList(240);
  runs: Run[] = [];
  settings = new Map<string, string>();
  setups = new Map<Module, Setup>();
  preferences: Preferences;
  about: About = {
    version: '0.1.0', data_dir: '/home/misaki/.local/share/renraku', sandbox: null, tray: true, system_language: 'en',
    paused: false, paused_until: null,
  };
  atLogin = false;
  planned = 320;
  /** What a run writes beside those. */
  beside: Operation[] = [];
  /** Whose value the person took of two. */
  taken = new Map<string, Side>();
  /** What a guard holds the next run for. */
  holds: Held | null = null;
  /** How many a change of the label leaves out. */
  outsiders = 0;
  /** What every run fails with. */
  fails: string | null = null;
  /** Pairs that a plan finds. */
  found = 120;
  scopes = scopes;
  /** What the next call of a command throws instead of answering. */
  refusals = new Map<keyof Commands, Failure>();
  /** Every call, for tests. */
  calls: { command: keyof Commands; args: unknown[] }[] = [];
  saved: { name: string; text: string }[] = [];
  kept: Snapshot[] = [];
  private hearers = { engine: new Set<(event: EngineEvent) => void>(), navigate: new Set<(screen: Navigate) => void>(), closeNotice: new Set<() => void>(), endAsked: new Set<() => void>(), signInAddress: new Set<(address: string) => void>(), leaveAsked: new Set<(way: WayOut) => void>(), fileDrag: new Set<(drag: FileDrag) => void>() };

  constructor(scenario: Scenario, look: { language: Language | null; theme: Theme } = { language: 'en', theme: 'light' }) {
    this.preferences = { language: look.language, theme: look.theme, close_to_tray: true, notifications: true, close_notice_seen: false };
    // The engine speaks the person's language from the start.
    speak(look.language ?? this.about.system_language);
    this.play(scenario);
  }

  /** Puts everything into the state that a scenario is about; whoever listens goes on listening. */
  play(scenario: Scenario): void {
    this.accounts = { zoho, google };
    this.clients = builtIn;
    [this.syncs, this.review, this.runs, this.calls, this.saved, this.kept] = [[], [], [], [], [], []];
    [this.fails, this.planned, this.found] = [null, 320, 120];
    this.people = new ContactList(scenario === 'many' ? 25_000 : scenario === 'nobody' ? 0 : 240);
    [this.holds, this.outsiders, this.beside] = [null, 0, []];
    this.atLogin = false;
    for (const kept of [this.taken, this.settings, this.setups, this.refusals]) kept.clear();
    this.scopes = scopes;
    this.about = { ...this.about, sandbox: null, tray: true, paused: false, paused_until: null };
    const contacts = (change: Partial<Sync> = {}): void => void (this.syncs = [sync('Contacts', change)]);
    switch (scenario) {
      case 'fresh':
        this.accounts = { zoho: nobody, google: nobody };
        return;
      case 'zoho-only':
        this.accounts = { zoho, google: nobody };
        return;
      case 'sandbox':
        this.accounts = { zoho: nobody, google: nobody };
        this.about = { ...this.about, sandbox: { google: 'http://127.0.0.1:1/', zoho: 'http://127.0.0.1:2/' } };
        return;
      case 'connected':
        return;
      case 'limited':
        this.scopes = {
          ...this.scopes, directions: ['zoho_to_google'],
          limited_because: t('engine-rights-write', { rights: 'create-edit', module: 'Contacts' }),
        };
        return;
      case 'awaiting':
      case 'nobody':
      case 'set-aside':
        contacts({
          state: 'awaiting_approval', last_synced_at: null, complete_as_of: null, next_run_at: null, linked: 0,
          message: scenario === 'set-aside' ? t('engine-set-aside', { file: 'renraku.damaged-1.db', kept: 'everything' }) : null,
        });
        if (scenario === 'nobody') [this.planned, this.found] = [0, 0];
        return;
      case 'troubled':
        this.review = troubles();
        contacts({ state: 'needs_you', needs_you: this.review.length });
        this.runs = this.past(12);
        return;
      case 'rich':
        this.syncs = [
          sync('Contacts', { state: 'needs_you', needs_you: 26, waiting: 12 }),
          sync('Leads', { direction: 'zoho_to_google', linked: 318, last_synced_at: ago(31), complete_as_of: ago(31), next_run_at: ago(-29) }),
        ];
        this.review = reviewItems(26);
        this.runs = this.past(60);
        this.kept = (['Contacts', 'Leads'] as const).map((module, index) => ({
          name: `2026-10-0${8 - index}T01-20-00Z-${module}`, module, taken_at: `2026-10-0${8 - index}T01:20:00Z`,
          zoho: 1180 - index * 800, google: 1265, folder: `/home/misaki/.local/share/renraku/snapshots/2026-10-0${8 - index}T01-20-00Z-${module}`,
        }));
        return;
      case 'many':
        contacts({ state: 'needs_you', needs_you: 25_000, linked: 25_000 });
        this.planned = 25_000;
        this.review = reviewItems(25_000);
        this.runs = this.past(25_000);
        return;
      case 'quiet':
        contacts();
        this.runs = this.past(12);
        return;
      case 'three':
        this.syncs = [sync('Contacts'), sync('Leads', { direction: 'zoho_to_google', linked: 318 }), sync('Vendors', { direction: 'google_to_zoho', linked: 25_000, frequency_minutes: 0, next_run_at: null })];
        this.runs = month(this.past(5));
        return;
      case 'agree':
        contacts();
        [this.planned, this.found] = [0, 0];
        return;
      case 'syncing':
      case 'throttled':
        contacts({ state: 'syncing' });
        this.runs = this.past(12);
        return;
      case 'lost':
        this.accounts = { zoho, google: { ...google, connected: false, needs_sign_in: true } };
        contacts({ state: 'signed_out', next_run_at: null });
        this.runs = this.past(12);
        return;
      case 'failed':
      case 'offline': {
        const message = scenario === 'offline' ? t('error-offline', { service: 'Google' }) : t('error-refused', { service: 'Zoho CRM', code: 'INVALID_DATA' });
        contacts({ state: scenario, last_synced_at: ago(190), complete_as_of: ago(190), next_run_at: ago(-8), message });
        this.runs = [run(13, ago(7), { outcome: 'failed', module: 'Contacts', message, failure: scenario }), ...this.past(12)];
        if (scenario === 'failed') return;
        this.fails = message;
        for (const command of ['fields', 'scopes'] as const) {
          this.refusals.set(command, failure('offline', 'error-offline', { service: 'Google' }));
        }
        return;
      }
      case 'one-left':
        this.syncs = [sync('Contacts'), sync('Leads')];
        return;
      case 'no-rights':
        this.scopes = {
          ...this.scopes, directions: [],
          limited_because: t('engine-rights-sync'),
        };
        return;
      case 'unconfigured':
        this.accounts = { zoho: nobody, google: nobody };
        this.clients = none;
        return;
      case 'half-configured':
        this.accounts = { zoho, google: nobody };
        this.clients = { ...none, zoho: organisations.zoho };
        return;
      case 'organisation':
        this.accounts = { zoho: nobody, google: nobody };
        this.clients = organisations;
        return;
      case 'held':
        this.outsiders = 84;
        contacts({ state: 'needs_you', needs_you: 1, held: true, message: t('engine-narrowed', { contacts: 84 }) });
        this.review = [narrowed('Contacts', 84)];
        this.runs = [run(13, ago(7), { outcome: 'held', module: 'Contacts' }), ...this.past(12)];
        this.holds = { reason: 'narrowed_scope', creates: 0, updates: 0, deletes: 0, gone: { google: 0, zoho: 0 } };
        return;
      case 'vanished': {
        const { asked, message, alarm } = vanished();
        contacts({ state: 'needs_you', needs_you: 1, linked: 291, message, alarms: [alarm] });
        this.review = [asked];
        this.runs = [run(13, ago(7), { module: 'Contacts', alarm: true, review: 1, message }), ...this.past(12)];
        this.planned = 0;
        return;
      }
      case 'paused':
        contacts();
        this.runs = this.past(12);
        this.about = { ...this.about, paused: true, paused_until: ago(-60) };
        return;
      case 'off':
        contacts({ enabled: false, state: 'disabled', next_run_at: null });
        this.runs = this.past(12);
        return;
      case 'no-tray':
        contacts();
        this.about = { ...this.about, tray: false };
        return;
      case 'broken':
        this.refusals.set('accounts', failure('store', 'error-database-newer'));
    }
  }

  private past(count: number): Run[] {
    return Array.from({ length: count }, (_, index) => run(count - index, ago(7 + index * 60)));
  }

  private hear<T>(hearers: Set<T>, hear: T): Promise<Stop> {
    hearers.add(hear);
    return Promise.resolve(() => void hearers.delete(hear));
  }

  readonly events: Events = {
    engine: (hear) => this.hear(this.hearers.engine, hear),
    navigate: (hear) => this.hear(this.hearers.navigate, hear),
    closeNotice: (hear) => this.hear(this.hearers.closeNotice, hear),
    endAsked: (hear) => this.hear(this.hearers.endAsked, hear),
    signInAddress: (hear) => this.hear(this.hearers.signInAddress, hear),
    leaveAsked: (hear) => this.hear(this.hearers.leaveAsked, hear),
    fileDrag: (hear) => this.hear(this.hearers.fileDrag, hear),
  };

  /** What the engine would tell. */
  tell(event: EngineEvent): void {
    for (const hear of this.hearers.engine) hear(event);
  }

  /** The person closed the window: for the first time, or in the middle of a run that would end with it. */
  tellClosing(how: 'closeNotice' | 'endAsked' = 'closeNotice'): void {
    this.hearers[how].forEach((hear) => hear());
  }

  /** No browser opened a sign-in's page. */
  tellAddress = (address: string): void => this.hearers.signInAddress.forEach((hear) => hear(address));

  /** The person wants to be gone. */
  tellLeaving(way: WayOut): void {
    for (const hear of this.hearers.leaveAsked) hear(way);
  }

  /** A file is dragged over the window. */
  drag(what: FileDrag): void {
    for (const hear of this.hearers.fileDrag) hear(what);
  }

  private answer<K extends keyof Commands>(command: K, make: (...args: Parameters<Commands[K]>) => Awaited<ReturnType<Commands[K]>>): Commands[K] {
    const call = async (...args: Parameters<Commands[K]>): Promise<Awaited<ReturnType<Commands[K]>>> => {
      this.calls.push({ command, args });
      const refusal = this.refusals.get(command);
      if (refusal) throw refusal;
      return Promise.resolve(make(...args));
    };
    return call as unknown as Commands[K];
  }

  private change(module: Module | null, change: Partial<Sync>): void {
    this.syncs = this.syncs.map((one) => (module === null || one.module === module ? { ...one, ...change } : one));
    this.tell({ event: 'changed' });
  }

  private plan(module: Module | null): Run[] {
    const of = module ?? 'Contacts';
    if (this.fails) return [this.failed(of)];
    const decided = differences(this.planned);
    return [run(0, NOW, { module: of, preview: true, matched: this.found, conflicts: this.planned === 0 ? 0 : 3, waiting: 0, review: this.review.length, operations: turned(this.writes(), decided, this.taken), differences: decided.map((one) => ({ ...one, taken: this.taken.get(one.zoho_id) ?? one.taken })), matches: matches(this.found), outside: outsiders(this.outsiders), held: this.holds, message: this.syncs[0]?.message ?? null, zoho: { created: 0, updated: 0, deleted: 0, requests: 1 } })];
  }

  /** What a run writes. */
  private writes(): Operation[] {
    return [...operations(this.planned), ...this.beside].filter((one) => !this.people.isLeftOut(planned('Contacts', one)));
  }

  /** A run, or a plan, that came to nothing: the engine answers with it as with any other. */
  private failed(module: Module): Run {
    const none = { created: 0, updated: 0, deleted: 0, requests: 1 };
    return run(0, NOW, { module, outcome: 'failed', failure: 'offline', message: this.fails, matched: 0, conflicts: 0, waiting: 0, operations: [], zoho: none, google: none });
  }

  private write(module: Module | null): Run[] {
    const of = module ?? 'Contacts';
    if (this.fails) return [this.failed(of)];
    const sums = this.writes();
    const count = (side: Side, kind: string): number => sums.filter((one) => one.side === side && one.kind === kind).length;
    const done = run(this.runs.length + 1, NOW, {
      module: of, matched: 120, last_synced_at: NOW,
      zoho: { created: count('zoho', 'create'), updated: count('zoho', 'update'), deleted: 0, requests: 4 },
      google: { created: count('google', 'create'), updated: count('google', 'update'), deleted: 0, requests: 3 },
    });
    this.runs = [done, ...this.runs];
    this.change(of, { state: 'up_to_date', last_synced_at: NOW, complete_as_of: NOW, next_run_at: ago(-60), linked: 440 });
    return [done];
  }

  /** Tells that what was just done has changed something. */
  private changed(..._done: unknown[]): null {
    this.tell({ event: 'changed' });
    return null;
  }

  private account(side: Side, account: Account): null {
    this.accounts = { ...this.accounts, [side]: account };
    return this.changed();
  }

  readonly commands: Commands = {
    about: this.answer('about', () => this.about),
    accounts: this.answer('accounts', () => this.accounts),
    clients: this.answer('clients', () => this.clients),
    dataCentres: this.answer('dataCentres', () => ({ centres, suggested: 'jp' as const })),
    checkClient: this.answer('checkClient', (side, draft) => mistake(this.clients, side, draft)),
    saveClient: this.answer('saveClient', (side, draft) => {
      const wrong = draft.client_id === '' && draft.client_secret === '' ? null : mistake(this.clients, side, draft);
      if (wrong) throw wrong;
      return this.clients = withDraft(this.clients, side, draft);
    }),
    takeClientFile: this.answer('takeClientFile', (text) => this.clients = withFile(this.clients, text)),
    saveClientFile: this.answer('saveClientFile', (name) => {
      this.saved.push({ name, text: JSON.stringify({ zoho: { client_id: this.clients.zoho.client_id } }, null, 1) });
      return true;
    }),
    connect: this.answer('connect', (side) => {
      if (this.clients[side].source === 'none') throw failure('no_client', 'error-no-client', { service: side === 'zoho' ? 'Zoho' : 'Google' });
      this.account(side, side === 'zoho' ? zoho : google);
      return this.accounts[side];
    }),
    stopLogin: this.answer('stopLogin', () => null),
    takeOtherAccount: this.answer('takeOtherAccount', (side) => this.accounts[side]),
    leaveOtherAccount: this.answer('leaveOtherAccount', () => null),
    disconnect: this.answer('disconnect', (side) => this.account(side, nobody)),
    fields: this.answer('fields', (module) => fields(module, this.preferences.language ?? 'en')),
    scopes: this.answer('scopes', (module) => ({ module, ...this.scopes })),
    contextMenu: this.answer('contextMenu', () => null),
    holdWindow: this.answer('holdWindow', () => null),
    leaveWindow: this.answer('leaveWindow', () => null),
    newcomers: this.answer('newcomers', () => newcomers),
    setupDraft: this.answer('setupDraft', (module) => ({ setup: this.setups.get(module) ?? { module, defaults: filled[module] }, saved: this.setups.has(module) })),
    leavesOut: this.answer('leavesOut', (setup) => outsiders(setup.google_label ? this.outsiders : 0)),
    setupLeaving: this.answer('setupLeaving', (setup, contacts, choice) => {
      this.setups.set(setup.module, setup);
      return this.changed((this.review = [{ ...narrowed(setup.module, contacts), chosen: choice }]));
    }),
    setup: this.answer('setup', (setup) => {
      this.setups.set(setup.module, setup);
      if (!this.syncs.some((one) => one.module === setup.module)) {
        this.syncs = [...this.syncs, sync(setup.module, { state: 'awaiting_approval', last_synced_at: null, complete_as_of: null, next_run_at: null, linked: 0, direction: setup.direction ?? 'two_way' })];
      }
      return this.changed();
    }),
    syncs: this.answer('syncs', () => this.syncs),
    overview: this.answer('overview', () => ({ syncs: this.syncs.map((one) => ends(one, this.setups.get(one.module))), days: days(this.runs) })),
    preview: this.answer('preview', (module) => ({ runs: this.plan(module) })),
    sync: this.answer('sync', (module) => ({ runs: this.write(module) })),
    stop: this.answer('stop', () => null),
    review: this.answer('review', (module) => ({ items: this.review.filter((item) => module === null || item.module === module) })),
    resolve: this.answer('resolve', (items, choice) => {
      this.review = this.review.map((item) => (items.includes(item.item) ? { ...item, chosen: choice } : item));
      const open = (module: Module): number => this.review.filter((item) => item.module === module && item.chosen == null).length;
      this.syncs = this.syncs.map((one) => ({ ...one, needs_you: open(one.module), alarms: (one.alarms ?? []).filter((alarm) => !items.includes(alarm.item)) }));
      return this.changed();
    }),
    takeBack: this.answer('takeBack', (items) => this.changed((this.review = this.review.map((item) => (items.includes(item.item) ? { ...item, chosen: null } : item))))),
    separate: this.answer('separate', () => this.changed((this.found -= 1))),
    takeValue: this.answer('takeValue', (_, difference, side) => this.changed(this.taken.set(difference.zoho_id, side))),
    history: this.answer('history', (newest) => ({ runs: newest === null ? this.runs : this.runs.slice(0, newest) })),
    runsAbout: this.answer('runsAbout', (text) =>
      this.runs.filter(({ run: number }) => linesOf(number).some((line) => folded(`${line.contact} ${line.after ?? ''}`).includes(folded(text)))).map((one) => one.run)),
    changes: this.answer('changes', (number) => ({ run: number, changes: linesOf(number) })),
    undo: this.answer('undo', (number) => {
      const undone = run(this.runs.length + 1, NOW, number % 2
        ? { undo: true, outcome: 'held', review: 2, message: t('engine-undo-left-some', { done: 28, all: 30, left: 2 }) }
        : { undo: true, message: t('engine-undone', { done: 30, all: 30 }) });
      this.runs = [undone, ...this.runs];
      return undone;
    }),
    undoPreview: this.answer('undoPreview', (number, contact) =>
      run(0, NOW, { run: 0, preview: true, undo: true, review: number % 2 ? 2 : 0, operations: undoing(number, contact !== null) })),
    setEnabled: this.answer('setEnabled', (module, enabled) => {
      this.change(module, { enabled, state: enabled ? 'up_to_date' : 'disabled' });
      return null;
    }),
    keptHere: this.answer('keptHere', () => [t('forget-snapshots'), t('forget-database')]),
    retention: this.answer('retention', () => 90),
    setRetention: this.answer('setRetention', () => null),
    forgetEverything: this.answer('forgetEverything', () => {
      this.accounts = { zoho: nobody, google: nobody };
      this.syncs = [];
      this.runs = [];
      this.review = [];
      return { gone: [t('forget-snapshots')], left: [t('forget-database')] };
    }),
    evidence: this.answer('evidence', (item) => {
      const asked = this.review.find((one) => one.item === item);
      return asked ? evidence(asked) : { zoho: null, google: null, beside: null };
    }),
    openContact: this.answer('openContact', () => null),
    contacts: this.answer('contacts', (query) => this.people.page(query)),
    contact: this.answer('contact', (contact) => {
      const found = this.people.detail(contact);
      if (found) return found;
      throw failure('invalid', 'error-no-contact', { contact });
    }),
    leaveOut: this.answer('leaveOut', (contacts) => this.changed(this.people.change(contacts, 'left_out'))),
    takeUp: this.answer('takeUp', (contacts) => this.changed(this.people.change(contacts, 'taken_up'))),
    unlink: this.answer('unlink', (contact) => this.changed(this.people.change([contact], 'unlinked'))),
    draft: this.answer('draft', (of) => this.settings.get(named(of)) || null),
    keepDraft: this.answer('keepDraft', (of, text) => (this.settings.set(named(of), text ?? ''), null)),
    preferences: this.answer('preferences', () => this.preferences),
    setPreferences: this.answer('setPreferences', (preferences) => {
      this.preferences = preferences;
      return null;
    }),
    startAtLogin: this.answer('startAtLogin', () => this.atLogin),
    setStartAtLogin: this.answer('setStartAtLogin', (on) => {
      this.atLogin = on;
      return null;
    }),
    pause: this.answer('pause', (how) => {
      this.about = { ...this.about, paused: true, paused_until: how === 'resumed' ? null : ago(-60) };
      return null;
    }),
    resume: this.answer('resume', () => {
      this.about = { ...this.about, paused: false, paused_until: null };
      return null;
    }),
    openLink: this.answer('openLink', () => null),
    trySandbox: this.answer('trySandbox', () => null),
    supportText: this.answer('supportText', () => supportText(this.about, this.syncs, this.runs)),
    saveText: this.answer('saveText', (name, text) => this.saved.push({ name, text }) > 0),
    exportContacts: this.answer('exportContacts', () => 1204),
    snapshots: this.answer('snapshots', () => this.kept),
    openSnapshot: this.answer('openSnapshot', () => null),
    closeToTray: this.answer('closeToTray', () => null),
    quit: this.answer('quit', () => null),
  };
}

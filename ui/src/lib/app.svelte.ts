// What is true for the whole window: accounts, syncs, the run under way. Asked for again whenever
// the engine says that something changed; never guessed.
import { asFailure, backend } from '$lib/backend';
import type {
  About,
  Alarm,
  Accounts,
  Clients,
  EngineEvent,
  Failure,
  Module,
  Preferences,
  Progress,
  Run,
  Side,
  Sync,
} from '$lib/backend';
import { go, leaveBy } from './route.svelte';
import { speak, spoken } from './l10n.svelte';
import { unopened } from './links.svelte';
import { sides } from './runs';

/** How many of the newest runs are kept at hand. */
export const RECENT = 20;

/** Contacts that vanished at once, and the sync they belong to. */
export type Vanished = Alarm & { module: Module };

export class App {
  about = $state.raw<About | null>(null);
  accounts = $state.raw<Accounts | null>(null);
  /** Where the OAuth clients in force come from. */
  clients = $state.raw<Clients | null>(null);
  /** Why they cannot be told: a file of them has a mistake. */
  clientsFailure = $state.raw<Failure | null>(null);
  syncs = $state.raw<Sync[]>([]);
  preferences = $state.raw<Preferences | null>(null);
  /** The newest runs, of all modules. */
  recent = $state.raw<Run[]>([]);
  progress = $state.raw<Partial<Record<Module, Progress>>>({});
  /** Counts up when history or review may have new answers. */
  version = $state(0);
  /** What keeps the window from showing anything. */
  failure = $state.raw<Failure | null>(null);
  ready = $state(false);
  closeNotice = $state(false);
  /** Whether the person is asked if the program is to end in the middle of a run. */
  endAsked = $state(false);
  /** Said to screen readers; the latest sentence. */
  said = $state('');

  needsYou = $derived(this.syncs.reduce((sum, sync) => sum + sync.needs_you, 0));
  connected = $derived(
    this.accounts !== null && this.accounts.zoho.connected && this.accounts.google.connected,
  );
  /** The accounts that ask to be signed in to again. */
  signInsLost = $derived(sides.filter((side) => this.accounts?.[side].needs_sign_in));
  /** What vanished and waits for a choice: until then nothing is said to be in step. */
  alarms = $derived<Vanished[]>(
    this.syncs.flatMap((sync) => (sync.alarms ?? []).map((alarm) => ({ ...alarm, module: sync.module }))),
  );
  running = $derived(this.syncs.some((sync) => sync.state === 'syncing'));

  /** Whether nobody has given an OAuth client of this service yet: the way to one comes before the sign-in. */
  unregistered(side: Side): boolean {
    return this.clients?.[side].source === 'none';
  }

  /** Asks for everything and listens from then on. */
  async start(): Promise<() => void> {
    const stops = await Promise.all([
      backend.events.engine((event) => this.hear(event)),
      backend.events.navigate((screen) => go({ at: screen })),
      backend.events.closeNotice(() => (this.closeNotice = true)),
      backend.events.endAsked(() => (this.endAsked = true)),
      backend.events.signInAddress((address) => {
        unopened.signIn = { code: 'failed', id: 'error-no-browser', args: { address } };
        unopened.failure = unopened.signIn;
      }),
      backend.events.leaveAsked(leaveBy),
    ]);
    // Whoever comes back may have signed in elsewhere meanwhile: at the command line.
    const back = () => void this.refresh();
    window.addEventListener('focus', back);
    stops.push(() => window.removeEventListener('focus', back));
    await this.refresh();
    return () => stops.forEach((stop) => stop());
  }

  /** Asks for everything again. However often this is wished while an answer is on its way, one
      more asking is enough. */
  refresh(): Promise<void> {
    this.wishes += 1;
    this.asking ??= this.askAll();
    return this.asking;
  }
  private wishes = 0;
  private asking: Promise<void> | null = null;

  private async askAll(): Promise<void> {
    let heard = -1;
    while (heard !== this.wishes) {
      heard = this.wishes;
      await this.ask();
    }
    this.asking = null;
  }

  private async ask(): Promise<void> {
    try {
      const [about, preferences] = await Promise.all([
        backend.commands.about(),
        backend.commands.preferences(),
      ]);
      this.about = about;
      this.apply(preferences);
      const [accounts, syncs, history] = await Promise.all([
        backend.commands.accounts(),
        backend.commands.syncs(),
        backend.commands.history(RECENT),
        this.askClients(),
      ]);
      // Whoever is signed out elsewhere is not said to be connected.
      if (sides.some((side) => this.accounts?.[side].connected && !accounts[side].connected)) this.said = '';
      this.accounts = accounts;
      this.syncs = syncs;
      const atWork = syncs.filter((sync) => sync.state === 'syncing').map((sync) => sync.module);
      this.progress = Object.fromEntries(
        atWork.filter((module) => this.progress[module]).map((module) => [module, this.progress[module]]),
      );
      this.recent = history.runs;
      this.failure = null;
    } catch (thrown) {
      this.failure = asFailure(thrown);
    }
    this.version += 1;
    this.ready = true;
  }

  /** A file of clients that cannot be read keeps nobody from what does not need it. */
  private async askClients(): Promise<void> {
    try {
      this.clients = await backend.commands.clients();
      this.clientsFailure = null;
    } catch (thrown) {
      this.clients = null;
      this.clientsFailure = asFailure(thrown);
    }
  }

  async setPreferences(change: Partial<Preferences>): Promise<void> {
    if (!this.preferences) return;
    const next = { ...this.preferences, ...change };
    await backend.commands.setPreferences(next);
    this.apply(next);
  }

  private apply(preferences: Preferences): void {
    this.preferences = preferences;
    const language = preferences.language ?? this.about?.system_language ?? 'en';
    // What was said was said in the language before.
    if (language !== spoken()) this.said = '';
    speak(language);
    document.documentElement.dataset.theme = preferences.theme;
  }

  /** Who waits for a service is as far as before. */
  private along(event: Progress): Progress {
    const before = this.progress[event.module];
    return event.phase === 'waiting' && before
      ? { ...event, done: before.done, total: before.total }
      : event;
  }

  private hear(event: EngineEvent): void {
    switch (event.event) {
      case 'progress':
        this.progress = { ...this.progress, [event.module]: this.along(event) };
        return;
      case 'finished':
      case 'changed':
        void this.refresh();
    }
  }
}

export const app = new App();

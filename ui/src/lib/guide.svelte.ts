// The way to an OAuth client of one's own, one step a screen. It outlives the screen that shows it:
// whoever looks elsewhere, or closes the window, goes on where they were. The secret alone is never
// kept outside the keychain, so it is asked for again after a restart.
import { app } from './app.svelte';
import { asFailure, backend, type CentreOffer, type ClientDraft, type DataCentre, type Failure, type Side } from '$lib/backend';
import { fieldOf, type ClientField } from './client';
import { sayFailure } from './failure';
import { sides } from './runs';

/** The steps in their order; each has a heading in the catalogue. */
export const steps = {
  zoho: ['ways', 'country', 'console', 'form', 'keys', 'sign-in'],
  google: ['ways', 'project', 'api', 'consent', 'publish', 'client', 'file', 'sign-in'],
} as const satisfies Record<Side, readonly string[]>;
export type Step = (typeof steps)[Side][number];

interface Kept {
  step: Step;
  centre: DataCentre | null;
  redirect: string | null;
  id: string;
}

export class Guide {
  step = $state<Step>('ways');
  centre = $state<DataCentre | null>(null);
  centres = $state.raw<CentreOffer[]>([]);
  suggested = $state<DataCentre | null>(null);
  /** Another redirect than the usual one. */
  redirect = $state<string | null>(null);
  /** Whether a Zoho client's sign-ins use PKCE; of the type that the steps lead to, they do not. */
  pkce = $state(false);
  id = $state('');
  secret = $state('');
  /** What is wrong with what is typed, by the engine's own check. */
  wrong = $state.raw<Failure | null>(null);
  /** Whether what is typed was checked and is right. */
  right = $state(false);
  ready = $state(false);
  /** Whether the person came to the sign-in by the steps before it. */
  walked = $state(false);
  /** Whether the client that is in force is being changed. */
  private changing = false;

  constructor(
    readonly side: Side,
    /** Whether the way is kept for another day. */
    private readonly lasts = true,
  ) {}

  /** The step's place among those that are counted; the choice of a way is none of them. */
  get index(): number {
    return (steps[this.side] as readonly Step[]).indexOf(this.step);
  }

  get count(): number {
    return steps[this.side].length - 1;
  }

  /** The console's address at the chosen data centre. */
  get console(): string {
    return this.centres.find((offer) => offer.data_centre === this.centre)?.console ?? '';
  }

  /** The redirect that is to be registered. */
  get goesTo(): string {
    return this.redirect ?? app.clients?.zoho.redirect ?? '';
  }

  get draft(): ClientDraft {
    const zoho = this.side === 'zoho';
    return {
      client_id: this.id.trim(),
      client_secret: this.secret.trim(),
      data_centre: zoho ? this.centre : null,
      // As it is shown, whatever the usual one is: Zoho's form has it to the letter.
      redirect: zoho ? this.goesTo : null,
      pkce: zoho && this.pkce,
    };
  }

  /** Back to where the person was. */
  async open(): Promise<void> {
    if (this.ready) return this.settle();
    const [kept, offers] = await Promise.all([
      backend.commands.draft({ client: this.side }),
      this.side === 'zoho' ? backend.commands.dataCentres() : null,
    ]);
    if (offers) {
      this.centres = offers.centres;
      this.suggested = offers.suggested;
      this.centre ??= offers.suggested;
    }
    this.take(kept);
    this.ready = true;
    this.settle();
  }

  /** Whoever has a client signs in; whoever lost it again begins anew. */
  settle(): void {
    if (this.changing) return;
    if (!app.unregistered(this.side)) this.step = 'sign-in';
    else if (this.step === 'sign-in') this.step = 'ways';
  }

  private take(text: string | null): void {
    if (!text) return;
    try {
      const kept = JSON.parse(text) as Partial<Kept>;
      const known = (steps[this.side] as readonly (Step | undefined)[]).includes(kept.step);
      if (known && kept.step) this.step = kept.step;
      if (this.centres.some((offer) => offer.data_centre === kept.centre)) this.centre = kept.centre ?? null;
      if (typeof kept.redirect === 'string') this.redirect = kept.redirect;
      if (typeof kept.id === 'string') this.id = kept.id;
    } catch {
      // Nothing that can be read was kept: the way begins anew.
    }
  }

  /** Keeps where the person is; what is typed, but never the secret. */
  async keep(): Promise<void> {
    if (!this.lasts) return;
    const { step, centre, redirect, id } = this;
    const kept: Kept = { step, centre, redirect, id };
    await backend.commands.keepDraft({ client: this.side }, JSON.stringify(kept)).catch(() => undefined);
  }

  async to(step: Step): Promise<void> {
    this.step = step;
    await this.keep();
  }

  /** Back to where the redirect is chosen, with the client that is in force. */
  async toRedirect(): Promise<void> {
    if (!this.ready) await this.open();
    const now = app.clients?.zoho;
    if (now) Object.assign(this, { id: this.id || (now.client_id ?? ''), centre: now.data_centre ?? this.centre, pkce: now.pkce });
    this.redirect = this.goesTo;
    this.changing = true;
    this.walked = true;
    await this.to('form');
  }

  async move(by: 1 | -1): Promise<void> {
    const next = (steps[this.side] as readonly Step[])[this.index + by];
    if (next === 'sign-in') {
      this.walked = true;
      this.changing = false;
    }
    if (next) await this.to(next);
  }

  /** Checks what is typed; an answer that came too late is none. */
  async check(): Promise<void> {
    const draft = this.draft;
    let wrong: Failure | null;
    try {
      wrong = await backend.commands.checkClient(this.side, draft);
    } catch (thrown) {
      wrong = asFailure(thrown);
    }
    if (JSON.stringify(draft) !== JSON.stringify(this.draft)) return;
    this.wrong = wrong;
    this.right = wrong === null;
  }

  /** The field that a mistake is in, where there is one. */
  get wrongField(): ClientField | null {
    return this.wrong ? fieldOf(this.wrong) : null;
  }

  /** Saves what is typed; says whether it could. */
  async save(): Promise<boolean> {
    try {
      app.clients = await backend.commands.saveClient(this.side, this.draft);
    } catch (thrown) {
      this.wrong = asFailure(thrown);
      this.right = false;
      return false;
    }
    return true;
  }

  /** Connected: nothing of the way is kept. */
  async done(): Promise<void> {
    await backend.commands.keepDraft({ client: this.side }, null).catch(() => undefined);
  }

  reset(): void {
    this.changing = false;
    Object.assign(this, { step: 'ways', redirect: null, id: '', secret: '', wrong: null, right: false, ready: false, walked: false, centre: null, pkce: false });
  }
}

export const guides: Record<Side, Guide> = { zoho: new Guide('zoho'), google: new Guide('google') };

/** Takes a file of clients; says what is wrong with it, in words, or nothing. */
export async function takeClients(text: string): Promise<string | null> {
  try {
    app.clients = await backend.commands.takeClientFile(text);
  } catch (thrown) {
    return sayFailure(asFailure(thrown));
  }
  for (const side of sides) {
    const guide = guides[side];
    if (guide.ready && guide.step !== 'sign-in' && !app.unregistered(side)) {
      guide.walked = guide.step === 'file';
      await guide.to('sign-in');
    }
  }
  return null;
}

// A sign-in in the browser. It outlives the screen that began it: whoever looks elsewhere meanwhile
// finds it waiting.
import { app } from './app.svelte';
import { asFailure, backend, type Failure, type Side } from '$lib/backend';
import { t } from './l10n.svelte';
import { unopened } from './links.svelte';
import { go } from './route.svelte';

export class Login {
  waiting = $state(false);
  failure = $state.raw<Failure | null>(null);
  /** Another account than the connected one has signed in: who, and who is connected. */
  other = $state.raw({ before: '', now: '' });
  /** Whether the person is asked which of both it is to be. */
  asking = $state(false);
  /** Whether the sign-in that waits goes without PKCE because the person said so. */
  withoutPkce = $state(false);
  /** Which of the sign-ins it is: one that gave way to another has nothing to say any more. */
  private turn = 0;

  constructor(private readonly side: Side) {}

  async begin(withoutPkce = false): Promise<void> {
    const turn = ++this.turn;
    this.withoutPkce = withoutPkce;
    this.waiting = true;
    this.failure = null;
    this.asking = false;
    unopened.signIn = null;
    try {
      await backend.commands.connect(this.side, withoutPkce);
      app.said = t('account-connected-said', { service: t(`side-${this.side}`) });
    } catch (thrown) {
      const heard = asFailure(thrown);
      if (turn !== this.turn) return;
      if (heard.id === 'error-account-other') {
        this.other = { before: heard.args['before'] ?? '', now: heard.args['now'] ?? '' };
        this.asking = true;
        this.waiting = false;
        return;
      }
      // Without a client there is a way to one, and nothing that went wrong.
      const begins = heard.id === 'error-no-client';
      if (begins) go({ at: 'guide', side: this.side });
      this.failure = begins || heard.id === 'error-login-cancelled' ? null : heard;
    }
    this.waiting = false;
    unopened.signIn = null;
    await app.refresh();
  }

  /** Takes the other account, or leaves it and stays with the connected one. */
  async decide(take: boolean): Promise<void> {
    this.asking = false;
    try {
      if (take) await backend.commands.takeOtherAccount(this.side);
      else await backend.commands.leaveOtherAccount(this.side);
    } catch (thrown) {
      this.failure = asFailure(thrown);
    }
    await app.refresh();
  }

  async stop(): Promise<void> {
    await backend.commands.stopLogin(this.side);
  }
}

export const logins: Record<Side, Login> = { zoho: new Login('zoho'), google: new Login('google') };

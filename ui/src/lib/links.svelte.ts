// Pages that open in the person's browser; where there is none, the address is shown to be copied.
import { asFailure, backend, type Failure, type Link } from './backend';

class Unopened {
  /** Why the last page could not be opened. */
  failure = $state.raw<Failure | null>(null);
}
export const unopened = new Unopened();

export async function openLink(link: Link): Promise<void> {
  try {
    await backend.commands.openLink(link);
  } catch (thrown) {
    unopened.failure = asFailure(thrown);
  }
}

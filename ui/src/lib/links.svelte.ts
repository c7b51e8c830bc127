// Pages that open in the person's browser; where there is none, the address is shown to be copied.
import { asFailure, backend, type Failure, type Link, type Module, type Side } from './backend';

class Unopened {
  /** Why the last page could not be opened. */
  failure = $state.raw<Failure | null>(null);
  /** The failure of the sign-in that waits: its address can be had again as long as it waits. */
  signIn = $state.raw<Failure | null>(null);
}
export const unopened = new Unopened();

async function opened(opening: Promise<unknown>): Promise<void> {
  try {
    await opening;
  } catch (thrown) {
    unopened.failure = asFailure(thrown);
  }
}

/** One of the pages that the program knows. */
export function openLink(link: Link): Promise<void> {
  return opened(backend.commands.openLink(link));
}

/** A contact's page in its service. */
export function openContact(module: Module, side: Side, id: string): Promise<void> {
  return opened(backend.commands.openContact(module, side, id));
}

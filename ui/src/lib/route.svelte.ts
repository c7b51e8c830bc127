// Where the person is, kept in the address so that the tray can open a screen and a reload stays.
import { backend, type Module, type Side, type WayOut } from '$lib/backend';

export type Route =
  | { at: 'overview' }
  | { at: 'connect' }
  | { at: 'guide'; side: Side }
  | { at: 'wizard'; module: Module | null }
  | { at: 'plan'; module: Module }
  | { at: 'edit'; module: Module }
  | { at: 'needs-you' }
  | { at: 'history'; /** Only the runs of this day, such as `2026-11-27`. */ day?: string }
  | { at: 'run'; run: number; about: string }
  | { at: 'contacts'; contact: string }
  | { at: 'settings'; /** The place in them that is opened. */ part?: 'redirect' };

function asModule(text: string | undefined): Module | null {
  return text === 'Contacts' || text === 'Leads' || text === 'Vendors' ? text : null;
}

/** A part of an address as it was before; one that nobody wrote like this is left out. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return '';
  }
}

export function parse(hash: string): Route {
  const [place, detail, about = ''] = hash.replace(/^#\/?/, '').split('/');
  const module = asModule(detail);
  switch (place) {
    case 'connect':
      return detail === 'zoho' || detail === 'google' ? { at: 'guide', side: detail } : { at: 'connect' };
    case 'needs-you':
    case 'history':
    case 'settings':
      if (place === 'history' && detail && /^\d+$/.test(detail)) {
        return { at: 'run', run: Number(detail), about: decoded(about) };
      }
      if (place === 'history' && detail && /^\d{4}-\d\d-\d\d$/.test(detail)) return { at: 'history', day: detail };
      if (place === 'settings' && detail === 'redirect') return { at: place, part: detail };
      return { at: place };
    case 'contacts':
      return { at: 'contacts', contact: decoded(detail ?? '') };
    case 'wizard':
      return { at: 'wizard', module };
    case 'plan':
    case 'edit':
      return module ? { at: place, module } : { at: 'overview' };
    default:
      return { at: 'overview' };
  }
}

export function address(route: Route): string {
  switch (route.at) {
    case 'overview':
      return '#/';
    case 'wizard':
      return route.module ? `#/wizard/${route.module}` : '#/wizard';
    case 'plan':
    case 'edit':
      return `#/${route.at}/${route.module}`;
    case 'guide':
      return `#/connect/${route.side}`;
    case 'contacts':
      return route.contact === '' ? '#/contacts' : `#/contacts/${encodeURIComponent(route.contact)}`;
    case 'run':
      return `#/history/${route.run}${route.about === '' ? '' : `/${encodeURIComponent(route.about)}`}`;
    case 'history':
      return route.day ? `#/history/${route.day}` : '#/history';
    case 'settings':
      return route.part ? `#/settings/${route.part}` : '#/settings';
    case 'connect':
    case 'needs-you':
      return `#/${route.at}`;
  }
}

let current = $state<Route>(parse(typeof location === 'undefined' ? '' : location.hash));

/** Where the person is. */
export function route(): Route {
  return current;
}

/** What is not saved on the screen. */
interface Unsaved {
  is: () => boolean;
  /** Saves it; whether it could be. */
  save: () => Promise<boolean>;
}
let unsaved: Unsaved | null = null;
let pending = $state<Route | WayOut | null>(null);

/** Has the person asked before the screen is left while something on it is not saved; ends it. */
export function holdUnsaved(what: Unsaved): () => void {
  unsaved = what;
  return () => {
    if (unsaved === what) unsaved = null;
  };
}

/** Whether it is asked what becomes of what is not saved. */
export function leaving(): boolean {
  return pending !== null;
}

/** The person wants to be gone from the window. */
export function leaveBy(way: WayOut): void {
  if (unsaved?.is()) pending = way;
  else void backend.commands.leaveWindow(way);
}

function goOn(next: Route | WayOut): void {
  if (typeof next === 'object') go(next);
  else void backend.commands.leaveWindow(next);
}

export function stay(): void {
  pending = null;
}

/** Goes on without saving. */
export function leave(): void {
  const next = pending;
  stay();
  unsaved = null;
  if (next) goOn(next);
}

/** Goes on once it is saved; where it cannot be, the screen says why. */
export async function saveAndLeave(): Promise<void> {
  const next = pending;
  stay();
  if (next && (await unsaved?.save())) goOn(next);
}

/** Whether the screen must not be left without asking; the question is put then. */
function asksBefore(next: Route): boolean {
  if (!unsaved?.is() || address(next) === address(current)) return false;
  pending = next;
  return true;
}

/** Goes there. */
export function go(next: Route): void {
  if (asksBefore(next)) return;
  current = next;
  if (location.hash !== address(next)) location.hash = address(next);
}

/** Follows the address bar: the tray, the back button, a reload. */
export function follow(): () => void {
  const heard = (): void => {
    const next = parse(location.hash);
    if (address(next) === address(current)) return;
    if (asksBefore(next)) history.replaceState(history.state, '', address(current));
    else current = next;
  };
  window.addEventListener('hashchange', heard);
  return () => window.removeEventListener('hashchange', heard);
}

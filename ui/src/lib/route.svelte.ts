// Where the person is, kept in the address so that the tray can open a screen and a reload stays.
import type { Module } from '$lib/backend/door';

export type Route =
  | { at: 'overview' }
  | { at: 'connect' }
  | { at: 'wizard'; module: Module | null }
  | { at: 'plan'; module: Module }
  | { at: 'edit'; module: Module }
  | { at: 'needs-you' }
  | { at: 'history' }
  | { at: 'run'; run: number; about: string }
  | { at: 'why' }
  | { at: 'settings' };

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
    case 'needs-you':
    case 'history':
    case 'why':
    case 'settings':
      if (place === 'history' && detail && /^\d+$/.test(detail)) {
        return { at: 'run', run: Number(detail), about: decoded(about) };
      }
      return { at: place };
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
    case 'run':
      return `#/history/${route.run}${route.about === '' ? '' : `/${encodeURIComponent(route.about)}`}`;
    case 'connect':
    case 'needs-you':
    case 'history':
    case 'why':
    case 'settings':
      return `#/${route.at}`;
  }
}

let current = $state<Route>(parse(typeof location === 'undefined' ? '' : location.hash));

/** Where the person is. */
export function route(): Route {
  return current;
}

/** Goes there. */
export function go(next: Route): void {
  current = next;
  if (location.hash !== address(next)) location.hash = address(next);
}

/** Follows the address bar: the tray, the back button, a reload. */
export function follow(): () => void {
  const heard = (): void => {
    const next = parse(location.hash);
    if (address(next) !== address(current)) current = next;
  };
  window.addEventListener('hashchange', heard);
  return () => window.removeEventListener('hashchange', heard);
}

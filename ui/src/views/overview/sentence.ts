// The overview's one sentence of status.
import type { Accounts, Sync } from '$lib/backend';
import { list, time } from '$lib/format';
import { t } from '$lib/l10n.svelte';

/** How everything stands; what is most urgent comes first, and a failed run never looks fresh. */
export function sentence(syncs: Sync[], accounts: Accounts | null): string {
  const on = syncs.filter((sync) => sync.enabled);
  const any = (state: Sync['state']): boolean => on.some((sync) => sync.state === state);
  if (any('syncing')) return t('sentence-syncing');
  if (accounts?.zoho.needs_sign_in || accounts?.google.needs_sign_in || any('signed_out')) {
    return t('sentence-signed-out');
  }
  if (syncs.some((sync) => sync.alarms?.length)) return t('sentence-alarm');
  if (any('failed')) return t('sentence-failed');
  if (any('awaiting_approval')) return t('sentence-awaiting');
  if (on.length === 0) return t('sentence-off');
  if (on.some((sync) => sync.held)) return t('sentence-held');
  const needsYou = syncs.reduce((sum, sync) => sum + sync.needs_you, 0);
  const waiting = on.reduce((sum, sync) => sum + sync.waiting, 0);
  const begun = on.filter((sync) => sync.complete_as_of === null);
  if (begun.length > 0) return t('sentence-never', { modules: list(begun.map((sync) => t(`module-${sync.module}`))) });
  const at = time(on.map((sync) => sync.complete_as_of ?? '').sort()[0] ?? '');
  if (any('offline')) return t('sentence-offline', { time: at });
  if (any('throttled')) return t('sentence-throttled', { time: at });
  if (waiting > 0 && needsYou > 0) return t('sentence-waiting-and-needs-you', { time: at, waiting, count: needsYou });
  if (waiting > 0) return t('sentence-waiting', { time: at, waiting });
  if (needsYou > 0) return t('sentence-needs-you', { time: at, count: needsYou });
  if (any('waiting')) return t('sentence-goes-on', { time: at });
  const linked = on.reduce((sum, sync) => sum + sync.linked, 0);
  const differ = on.reduce((sum, sync) => sum + (sync.differ ?? 0), 0);
  if (differ > 0) return t('sentence-differ', { time: at, linked, count: differ });
  return t('sentence-up-to-date', { time: at, count: linked });
}

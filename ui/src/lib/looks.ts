// How each kind of change looks. Pure.
import type { OperationKind } from './backend/door';
import type { IconName } from './components/Icon.svelte';

export const looks: Record<OperationKind, { tone: string; icon: IconName }> = {
  create: { tone: 'good', icon: 'plus' },
  update: { tone: 'accent', icon: 'edit' },
  delete: { tone: 'bad', icon: 'trash' },
};

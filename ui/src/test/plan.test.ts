// Choosing in the plan: who takes part, whose value counts, what is answered beside the writes.
import { cleanup, screen, within } from '@testing-library/svelte';
import { expect, test } from 'vitest';
import type { Operation } from '$lib/backend';
import { demo } from '$lib/backend/demo';
import { NOW } from '$lib/backend/demo/demo';
import { run } from '$lib/backend/demo/people';
import { between, byPerson } from '$lib/runs';
import { called, labelled, onScreen, open } from './open';

const rows = async (): Promise<HTMLElement[]> => {
  await screen.findByTestId('plan-list');
  return screen.getAllByTestId('planned');
};

test('whoever is not ticked is kept out by the approval, and it is said before and after', async () => {
  const user = await open('awaiting', '#/plan/Contacts');
  const [first] = await rows();
  await user.click(within(first as HTMLElement).getByTestId('tick'));
  expect(within(first as HTMLElement).getByTestId('stays-out')).toBeVisible();
  expect(screen.getByText('319 of 320 contacts are synced')).toBeVisible();
  expect(screen.getByText(/One stays out of this sync/)).toBeVisible();
  expect(screen.getByTestId('approve')).toHaveTextContent('319 contacts');
  expect(called('leaveOut')).toEqual([]);
  await user.click(screen.getByTestId('approve'));
  expect(await screen.findByTestId('kept-out')).toHaveTextContent('One contact was left out');
  expect(called('leaveOut')).toEqual([[[expect.stringMatching(/^Contacts:./)]]]);
  const names = demo.calls.map((call) => call.command);
  expect(names.indexOf('leaveOut')).toBeLessThan(names.indexOf('sync'));
});

test('with shift, everybody between two is unticked; one box stands for all in sight', async () => {
  const user = await open('awaiting', '#/plan/Contacts');
  const all = await rows();
  const box = (index: number): HTMLElement => within(all[index] as HTMLElement).getByTestId('tick');
  await user.click(box(1));
  await user.keyboard('{Shift>}');
  await user.click(box(4));
  await user.keyboard('{/Shift}');
  expect(screen.getByText('316 of 320 contacts are synced')).toBeVisible();
  expect(screen.getByTestId('tick-all')).toBePartiallyChecked();
  await user.type(screen.getByTestId('plan-search'), '\u4f50\u85e4');
  await expect.poll(() => Number(screen.getByTestId('plan-list').dataset['count'])).toBeLessThan(100);
  const found = Number(screen.getByTestId('plan-list').dataset['count']);
  if (!(screen.getByTestId('tick-all') as HTMLInputElement).checked) await user.click(screen.getByTestId('tick-all'));
  await user.click(screen.getByTestId('tick-all'));
  await user.clear(screen.getByTestId('plan-search'));
  const left = /(\d+) of 320 contacts are synced/.exec(document.body.textContent ?? '')?.[1];
  expect(Number(left)).toBeLessThanOrEqual(320 - found);
  await user.click(screen.getByTestId('tick-all'));
  await user.click(screen.getByTestId('tick-all'));
  expect(screen.getByTestId('approve')).toHaveTextContent('Approve and sync nobody');
});

test('the other value of a difference is taken, and the plan is made anew around it', async () => {
  const user = await open('awaiting', '#/plan/Contacts');
  const [first, second] = await rows();
  await user.click(within(second as HTMLElement).getByTestId('tick'));
  await user.click(within(first as HTMLElement).getByRole('button'));
  const difference = within(within(first as HTMLElement).getByTestId('difference'));
  const chosen = (): string => (difference.getAllByRole('radio') as HTMLInputElement[]).find((one) => one.checked)?.value ?? '';
  const before = chosen();
  await user.click(difference.getByTestId(before === 'zoho' ? 'take-google' : 'take-zoho'));
  await expect.poll(() => called('preview').length).toBe(2);
  expect(called('takeValue')[0]?.[2]).toBe(before === 'zoho' ? 'google' : 'zoho');
  await expect.poll(() => screen.queryByText('Updating the plan\u2026')).toBeNull();
  expect(screen.getByText('319 of 320 contacts are synced')).toBeVisible();
  const sides = within(screen.getAllByTestId('planned')[0] as HTMLElement).getAllByText(/^(Zoho|Google)$/);
  expect(new Set(sides.map((side) => side.textContent)).size).toBe(2);
});

test('questions stand beside the writes and are answered there', async () => {
  const user = await open('rich', '#/plan/Contacts');
  expect(await screen.findByTestId('plan-asks')).toBeVisible();
  expect(screen.getByTestId('total-asks')).toHaveTextContent('26');
  expect(screen.getByTestId('totals')).not.toHaveTextContent(/[Ww]aiting/);
  await user.click(within(screen.getByTestId('plan-asks')).getByRole('button'));
  expect(await screen.findByTestId('plan-questions')).toBeVisible();
  const one = within(screen.getByTestId('review-1'));
  await user.click(one.getByTestId('choose-keep'));
  expect(called('resolve')).toEqual([[['1'], 'keep']]);
  await expect.poll(() => called('preview').length).toBe(2);
  expect(await within(await screen.findByTestId('review-1')).findByTestId('chosen')).toBeVisible();
});

test('an answer that is given while the plan is made anew is taken, too', async () => {
  const user = await open('rich', '#/plan/Contacts');
  await user.click(within(await screen.findByTestId('plan-asks')).getByRole('button'));
  await screen.findByTestId('plan-questions');
  expect(screen.getByText('26 of 26 still to answer')).toBeVisible();
  let go: () => void = () => undefined;
  const preview = demo.commands.preview;
  demo.commands.preview = async (module) => {
    await new Promise<void>((free) => (go = free));
    return preview(module);
  };
  await user.click(within(screen.getByTestId('review-1')).getByTestId('choose-keep'));
  await user.click(within(screen.getByTestId('review-4')).getByTestId('choose-keep'));
  // Both stand as chosen at once, and the plan is not approved before it knows them.
  expect(screen.getAllByTestId('chosen')).toHaveLength(2);
  expect(screen.getByTestId('approve')).toBeDisabled();
  demo.commands.preview = preview;
  go();
  await expect.poll(() => called('resolve')).toEqual([[['1'], 'keep'], [['4'], 'keep']]);
  await expect.poll(() => (screen.getByTestId('approve') as HTMLButtonElement).disabled).toBe(false);
  expect(screen.getAllByTestId('chosen')).toHaveLength(2);
  expect(screen.getByText('24 of 26 still to answer')).toBeVisible();
});

test('conflicts are counted only where there are any', async () => {
  await open('awaiting', '#/plan/Contacts');
  expect(await screen.findByTestId('total-conflicts')).toHaveTextContent(/^conflicts\s*3$/);
  cleanup();
  await open('awaiting', '#/plan/Contacts', 'en', () => (demo.planned = 0));
  await screen.findByTestId('totals');
  expect(screen.queryByTestId('total-conflicts')).toBeNull();
  // What would be nought is said in words.
  expect(screen.getByTestId('tab-changes')).toHaveTextContent('Nothing changes');
});

test('a held plan always has something to approve', async () => {
  const user = await open('held', '#/plan/Contacts', 'en', () => {
    demo.planned = 0;
    demo.found = 0;
  });
  // The question is in sight: what it says is not said once more above it.
  expect(await screen.findByTestId('review-scope')).toBeVisible();
  expect(screen.queryByTestId('held')).toBeNull();
  expect(screen.getByTestId('approve')).toHaveTextContent('Approve and continue');
  await user.click(screen.getByTestId('choose-leave'));
  await expect.poll(() => screen.getByTestId('approve').textContent).toContain('Carry out my answers');
  await user.click(screen.getByTestId('approve'));
  expect(await screen.findByTestId('done')).toBeVisible();
  expect(called('sync')).toEqual([['Contacts', true]]);
});

test.each([['changed', 40], ['left as it was', 320]])('a run that ended since the plan was made has %s: only what was seen is approved', async (_, planned) => {
  const user = await open('awaiting', '#/plan/Contacts');
  const [first] = await rows();
  await user.click(within(first as HTMLElement).getByTestId('tick'));
  demo.runs = [run(demo.runs.length + 1, NOW)];
  demo.planned = planned;
  await user.click(screen.getByTestId('approve'));
  if (planned === 40) {
    expect(await screen.findByTestId('superseded')).toBeVisible();
    expect(called('sync')).toEqual([]);
    expect(called('leaveOut')).toEqual([]);
    // Whoever was unticked is so in the new plan, which is approved as any other.
    expect(screen.getByText('39 of 40 contacts are synced')).toBeVisible();
    await user.click(screen.getByTestId('approve'));
  }
  expect(await screen.findByTestId('done')).toBeVisible();
  expect(called('sync')).toEqual([['Contacts', true]]);
  expect(called('preview')).toHaveLength(2);
});

test('why there is a first plan again is said wherever the plan is waited for', async () => {
  await open('set-aside');
  expect(screen.getByTestId('sync-message')).toHaveTextContent('was damaged and is kept as renraku.damaged-1.db');
  cleanup();
  await open('set-aside', '#/needs-you');
  expect(await screen.findByTestId('held-Contacts')).toHaveTextContent('was damaged and is kept as');
  cleanup();
  await open('set-aside', '#/plan/Contacts');
  expect(await screen.findByTestId('again')).toHaveTextContent('was damaged and is kept as');
  cleanup();
  await open('awaiting', '#/plan/Contacts');
  await rows();
  expect(screen.queryByTestId('again')).toBeNull();
});

test('the edit page has its way back though nothing can be read, and its bar lies beneath what scrolls', async () => {
  const user = await open('offline', '#/edit/Contacts');
  const edit = within(await onScreen('edit'));
  expect(await edit.findByTestId('failure')).toBeVisible();
  expect(edit.queryByTestId('save')).toBeNull();
  await user.click(edit.getByRole('button', { name: /^Back/ }));
  expect(await onScreen('overview')).toBeVisible();
  cleanup();
  await open('rich', '#/edit/Contacts');
  const save = await screen.findByTestId('save');
  expect(screen.getByTestId('limit-later_run').closest('.scrolls')).not.toBeNull();
  expect(save.closest('.scrolls')).toBeNull();
});

test('a plan of nothing but questions does not say that both sides agree', async () => {
  await open('rich', '#/plan/Contacts', 'en', () => {
    demo.planned = 0;
    demo.found = 0;
  });
  expect(await screen.findByTestId('plan-questions')).toBeVisible();
  expect(screen.queryByText(/already agree/)).toBeNull();
});

test.each([['the plan', '#/plan/Contacts'], ['the overview', '#/']])('on %s a run is stopped, and it says that what is being sent is still sent', async (_, hash) => {
  const user = await open(hash === '#/' ? 'syncing' : 'awaiting', hash);
  const write = demo.commands.sync;
  demo.commands.sync = () => new Promise(() => undefined);
  if (hash !== '#/') await user.click(await screen.findByTestId('approve'));
  await user.click(await screen.findByTestId('stop'));
  expect(called('stop')).toEqual([[]]);
  expect(screen.getByTestId('stopping')).toHaveTextContent('Stopping after what is being sent now');
  demo.commands.sync = write;
});

test('after a change of whom a sync is about, its plan opens', async () => {
  const user = await open('quiet', '#/edit/Contacts');
  await user.selectOptions(await labelled(user), 'Customers');
  await user.selectOptions(screen.getByTestId('default-Region'), '\u6771\u65e5\u672c');
  await user.click(screen.getByTestId('save'));
  expect(await onScreen('plan')).toBeVisible();
  expect(called('setup')).toHaveLength(1);
});

test('a person whom both sides change is one', () => {
  const operation: Operation = { side: 'zoho', kind: 'update', contact: 'Ann', details: [], zoho_id: '1', google: 'people/1', fields: [], why: '' };
  const both: Operation[] = [operation, { ...operation, side: 'google' }];
  const difference = { contact: 'Ann', zoho_id: '1', google: 'people/1', fields: ['Title'], zoho_value: 'a', google_value: null, taken: 'zoho' as const };
  const [ann, ...others] = byPerson('Contacts', [...both, { ...operation, side: 'google', zoho_id: '2' }], [difference]);
  expect(ann?.operations).toHaveLength(2);
  expect(ann?.differences).toEqual([difference]);
  expect(others).toHaveLength(1);
});

test('whoever is deleted stands first, is counted in the head and makes the button say so', async () => {
  const update: Operation = { contact: 'Ann', details: [], zoho_id: '1', google: 'people/1', fields: [], why: '', side: 'google', kind: 'update' };
  const others = ['2', '3'].map((zoho_id) => ({ ...update, zoho_id }));
  const gone: Operation = { ...update, zoho_id: '4', contact: 'Gone', kind: 'delete' };
  expect(byPerson('Contacts', [...others, gone], []).map((one) => one.key)).toEqual(['Contacts:4', 'Contacts:2', 'Contacts:3']);
  const user = await open('awaiting', '#/plan/Contacts', 'en', () => (demo.beside = [gone]));
  const [first] = await rows();
  expect(first).toHaveTextContent('Gone');
  expect(screen.getByText('321 of 321 contacts take part; one of them is deleted')).toBeVisible();
  expect(screen.getByTestId('approve')).toHaveTextContent('delete 1');
  expect(screen.getByTestId('approve')).toHaveClass('primary', 'danger');
  await user.click(within(first as HTMLElement).getByTestId('tick'));
  expect(screen.getByText('320 of 321 contacts are synced')).toBeVisible();
  expect(screen.getByTestId('approve')).not.toHaveClass('danger');
});

test('what lies between two rows, whichever was clicked first', () => {
  const keys = ['a', 'b', 'c', 'd'];
  expect(between(keys, 'b', 'd')).toEqual(['b', 'c', 'd']);
  expect(between(keys, 'd', 'b')).toEqual(['b', 'c', 'd']);
  expect(between(keys, 'gone', 'b')).toEqual(['b']);
});

test('whom a change of the label leaves out is asked about where it is saved, with their evidence', async () => {
  const user = await open('quiet', '#/edit/Contacts', 'en', () => (demo.outsiders = 3));
  await user.selectOptions(await labelled(user), 'Customers');
  await user.selectOptions(screen.getByTestId('default-Region'), '\u6771\u65e5\u672c');
  await user.click(screen.getByTestId('save'));
  const dialog = within(await screen.findByTestId('scope-dialog'));
  expect(dialog.getByText('3 contacts are left out by this change')).toBeVisible();
  const people = dialog.getAllByTestId('scope-person');
  expect(people).toHaveLength(3);
  await user.click(within(people[0] as HTMLElement).getByRole('button'));
  expect(await within(people[0] as HTMLElement).findByTestId('open-zoho')).toBeVisible();
  // The default writes nothing, and nothing is decided by opening the dialog.
  expect((dialog.getByRole('radio', { name: /^Pause while outside/ }) as HTMLInputElement).checked).toBe(true);
  expect([...called('setup'), ...called('preview')]).toEqual([]);
  await user.click(dialog.getByRole('radio', { name: /^Remove from Zoho/ }));
  await user.click(dialog.getByTestId('scope-decide'));
  expect(called('setupLeaving')).toEqual([[expect.objectContaining({ google_label: 'Customers' }), 3, 'remove']]);
  expect(called('setup')).toEqual([]);
  expect(await onScreen('plan')).toBeVisible();
});

test.each(['the button', 'Escape'])('cancelled with %s, nothing has happened, and the page keeps what was chosen', async (way) => {
  const user = await open('quiet', '#/edit/Contacts', 'en', () => (demo.outsiders = 3));
  await user.selectOptions(await labelled(user), 'Customers');
  await user.selectOptions(screen.getByTestId('default-Region'), '\u6771\u65e5\u672c');
  await user.click(screen.getByTestId('save'));
  const cancel = await screen.findByTestId('scope-cancel');
  if (way === 'Escape') await user.keyboard('{Escape}');
  else await user.click(cancel);
  await expect.poll(() => screen.queryByTestId('scope-dialog')).toBeNull();
  const asking = new Set(['leavesOut', 'holdWindow', 'contact']);
  const since = demo.calls.slice(demo.calls.findIndex((one) => one.command === 'leavesOut'));
  expect(since.filter((one) => !asking.has(one.command))).toEqual([]);
  expect(screen.getByTestId('google-label')).toHaveDisplayValue(/Customers/);
  expect(screen.getByTestId('save')).toHaveAttribute('aria-disabled', 'false');
});

test('an answer that writes nothing is approved too, and can be taken back before', async () => {
  const user = await open('held', '#/plan/Contacts', 'en', () => {
    demo.holds = null;
    demo.planned = 0;
    demo.review = demo.review.map((item) => ({ ...item, chosen: 'leave' }));
  });
  expect(await screen.findByText('What you chose takes effect when you approve.')).toBeVisible();
  expect(screen.getByTestId('approve')).toBeVisible();
  await user.click(screen.getByTestId('tab-questions'));
  await user.click(screen.getByTestId('take-back'));
  expect(called('takeBack')).toEqual([[['scope']]]);
  await expect.poll(() => screen.queryByTestId('chosen')).toBeNull();
  expect(screen.queryByTestId('approve')).toBeNull();
});

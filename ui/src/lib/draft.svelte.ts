// The wizard's and the edit page's working copy. The wizard's is kept by the engine at every step,
// so that closing the window, or the app, loses nothing.
import { backend, type Fields, type Module, type Newcomers, type Scopes } from '$lib/backend';
import { editing, saved, type Editing } from './setup';

/** Whether something kept earlier is still an answer to this module's wizard. */
function fits(kept: Partial<Kept>, module: Module): kept is Kept {
  return kept.edit?.module === module && Array.isArray(kept.edit.rows) && typeof kept.step === 'number';
}

interface Kept {
  step: number;
  /** As it is on screen: what is half typed, too. */
  edit: Editing;
}

function read(text: string | null, module: Module): Kept | null {
  if (text === null || text === '') return null;
  try {
    const kept = JSON.parse(text) as Partial<Kept>;
    return fits(kept, module) ? { ...kept, step: Math.min(3, Math.max(1, kept.step)) } : null;
  } catch {
    return null;
  }
}

export class Draft {
  edit = $state<Editing>() as Editing;
  step = $state(1);
  /** Who would be new in Zoho; nothing until both services have told. */
  newcomers = $state.raw<Newcomers | null>(null);
  private counting = false;
  constructor(
    readonly fields: Fields,
    readonly scopes: Scopes,
    edit: Editing,
    step: number,
    /** Whether the sync is set up already. */
    readonly saved: boolean,
  ) {
    this.edit = edit;
    this.step = step;
  }

  /** What the wizard was left at, else its beginning. */
  static async resume(module: Module): Promise<Draft> {
    const [fields, scopes, draft, text] = await Promise.all([
      backend.commands.fields(module),
      backend.commands.scopes(module),
      backend.commands.setupDraft(module),
      backend.commands.draft({ setup: module }),
    ]);
    const kept = read(text, module);
    const edit = { ...editing(draft, fields), ...kept?.edit };
    const made = new Draft(fields, scopes, edit, kept?.step ?? 1, false);
    made.allowed();
    return made;
  }

  /** What is saved, for the edit page. */
  static async open(module: Module): Promise<Draft> {
    const [fields, scopes, draft] = await Promise.all([
      backend.commands.fields(module),
      backend.commands.scopes(module),
      backend.commands.setupDraft(module),
    ]);
    return new Draft(fields, scopes, editing({ ...draft, saved: true }, fields), 1, true);
  }

  /** Rights can shrink between two visits: a direction that is no longer allowed is not kept. */
  private allowed(): void {
    const { directions } = this.scopes;
    if (!directions.includes(this.edit.direction) && directions[0]) {
      this.edit.direction = directions[0];
    }
  }

  async keep(step: number = this.step): Promise<void> {
    const kept: Kept = { step, edit: $state.snapshot(this.edit) as Editing };
    await backend.commands.keepDraft({ setup: this.edit.module }, JSON.stringify(kept));
  }

  async save(): Promise<void> {
    await backend.commands.setup(saved($state.snapshot(this.edit) as Editing, this.fields));
  }

  /** Has counted, once, who would be new in Zoho. Where that cannot be told, the labels' own counts
      have to do. */
  async count(): Promise<void> {
    if (this.counting) return;
    this.counting = true;
    try {
      this.newcomers = await backend.commands.newcomers(this.edit.module);
    } catch {
      this.counting = false;
    }
  }

  async forget(): Promise<void> {
    await backend.commands.keepDraft({ setup: this.edit.module }, null);
  }
}

// The one door between the window and the engine. The types are generated from Rust; nothing else
// in ui/ may name Tauri.
import type { commands, EngineEvent, Failure, FailureCode, FileDrag, Navigate, WayOut } from './bindings';

export type * from './bindings';

/** What the window can ask for. */
export type Commands = typeof commands;

/** Ends a subscription. */
export type Stop = () => void;

/** What the window hears without asking. */
export interface Events {
  engine(hear: (event: EngineEvent) => void): Promise<Stop>;
  navigate(hear: (screen: Navigate) => void): Promise<Stop>;
  leaveAsked(hear: (way: WayOut) => void): Promise<Stop>;
  closeNotice(hear: () => void): Promise<Stop>;
  endAsked(hear: () => void): Promise<Stop>;
  signInAddress(hear: (address: string) => void): Promise<Stop>;
  fileDrag(hear: (drag: FileDrag) => void): Promise<Stop>;
}

export interface Backend {
  readonly commands: Commands;
  readonly events: Events;
}

/** Whether something thrown is an answer of the engine. */
export function isFailure(thrown: unknown): thrown is Failure {
  return typeof thrown === 'object' && thrown !== null && 'code' in thrown && 'args' in thrown;
}

/** Anything thrown, as a failure that can be shown. */
export function asFailure(thrown: unknown): Failure {
  if (isFailure(thrown)) return thrown;
  const code: FailureCode = 'failed';
  const detail = thrown instanceof Error ? thrown.message : String(thrown);
  return { code, id: 'error-unexpected', args: { detail } };
}

import type { Values } from './template.ts';
import type { ToolOffer, ToolOutcome } from './tool.ts';
import type { Identity } from './tools-config.ts';

/** An input that fits its schema. */
export type Input = Readonly<Record<string, unknown>>;

/** One tool, whatever is behind it. */
export interface OneTool extends ToolOffer {
  channels: readonly string[] | null;
  identity: Identity | null;
  /** The names of the values of the caller's that it can't do without. */
  needs: readonly string[];
  /** Says what is wrong with an input; `null`: it fits. */
  misfit(input: unknown): string | null;
  /** What would be called, for people, without a secret. `own`: what we fill in. @throws {ValueError} */
  preview(input: Input, own: Values): string;
  /** @throws {ValueError}, and {@link ToolUnavailable} */
  call(input: Input, own: Values, signal: AbortSignal): Promise<ToolOutcome>;
}

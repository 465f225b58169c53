import type { AiAnswer, GenerateContext, Readable, ReplyRequest } from './backend.ts';
import type { ToolCall, ToolOffer, ToolOutcome, ToolRule } from './tools/tool.ts';

/** A passage of an article as a look-up found it. `text`: absent where an earlier query of the look-up has it. */
export interface FoundPassage {
  /** The same for the same words at the same place, in every process and version of the articles. */
  key: string;
  title: string;
  path: string;
  updated?: string;
  text?: string;
}

/** One query of a look-up into the articles: what it found, the best first. */
export interface FoundFor {
  query: string;
  passages: FoundPassage[];
  /** There was no room for so many more. */
  leftOut: number;
}

/** What came of a call. `found`: it looked into the articles, which are shown to the model as its later steps need. */
export type CallOutcome = ToolOutcome | { ok: true; found: FoundFor[] };

/** The name of a call of a tool that there isn't: the one that a model makes up may hold the customer's words. */
export const NO_TOOL = 'none';

/** What comes of it. */
export const NO_SUCH_TOOL = { ok: false, why: 'there is no such tool' } as const satisfies ToolOutcome;

/** A model wants this called. `name`: {@link NO_TOOL} where there is no tool of the name that it gave. */
export interface WantedCall extends ToolCall {
  /** By which the model knows its own call again. */
  id: string;
  rule: ToolRule;
  /** What exactly would be called, where an agent has to see it. */
  preview?: string;
  /** It isn't called: this came of it at once. */
  outcome?: CallOutcome;
}

/** A call that is over. */
export interface FinishedCall extends ToolCall {
  id: string;
  rule: ToolRule;
  outcome: CallOutcome;
}

/** One step of a model that is over. Plain data: it is kept in a run's history. */
export interface AgentStep {
  /** The backend's name. */
  by: string;
  /** What the model said, as its own service wants to read it again; nobody else reads it. */
  said: unknown[];
  calls: FinishedCall[];
}

/** All steps of an answer have this in common, whichever process makes them. */
export interface Ground {
  /** A word that no answer can hold unless it repeats the system's part of the prompt. */
  canary: string;
  /** The name of the block of data. */
  boundary: string;
  /** What the articles say to the customer's own words. */
  asked: FoundFor[];
  /** The model has refused the pictures. */
  noPictures?: true;
}

/** How far an answer has come. Without steps: it begins. */
export interface Progress {
  ground?: Ground;
  steps: readonly AgentStep[];
  /** What the same run has called to change something, for an answer that was broken off. */
  before?: readonly FinishedCall[];
}

/** A model wants these called before it says more. */
export interface UseTools {
  action: 'use-tools';
  by: string;
  said: unknown[];
  /** At least one. */
  calls: WantedCall[];
  ground: Ground;
  /** What this step took. */
  usage?: AiAnswer['usage'];
}

/** A backend may use this for one step. */
export interface StepContext extends GenerateContext {
  progress: Progress;
  /** The tools of the business for this customer. */
  offers: readonly ToolOffer[];
}

/** An AI that answers in steps, so that what it wants called is called by who asks it. */
export interface StepwiseAi {
  /** The next step of an answer. Throws as {@link AiBackend.generate} does. */
  next(request: ReplyRequest, context: StepContext): Promise<AiAnswer | UseTools>;
  /** What comes of a call of one of the AI's own look-ups; `null`: it has none of that name. */
  look(call: ToolCall, context: Readable & { signal: AbortSignal }): Promise<CallOutcome | null>;
}

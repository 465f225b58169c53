import { inAddress } from '../run-address.ts';

/** The AI and the portal know this of why a thread goes to agents. No customer's words. */
export interface HandoffReason {
  reason: string;
  /** A BCP 47 tag, such as `de`. */
  language?: string;
  sentiment?: 'positive' | 'neutral' | 'negative';
  /** What the AI would have answered; it was held back. */
  unsent?: string;
  /** Titles of the articles that it looked at, the likeliest first. */
  consulted?: readonly string[];
  /** What it had called of the business's tools, with what came of it. */
  called?: readonly string[];
  /** Where agents see what was done: the run, and the desk. */
  links?: { run?: string; ops?: string };
}

/** What is known beside the reason, as lines for agents: of comment and ticket alike. */
export const aboutHandoff = ({ consulted = [], called = [], unsent, links = {} }: HandoffReason): string[] => [
  ...(consulted.length === 0 ? [] : [`The AI looked at: ${consulted.join('; ')}`]),
  ...(called.length === 0 ? [] : [`The AI called: ${called.join('; ')}`]),
  ...(unsent === undefined ? [] : [`The AI would have answered, which was not sent:\n${unsent}`]),
  ...(links.run === undefined ? [] : [`What the AI did: ${links.run}`]),
  ...(links.ops === undefined ? [] : [`The desk: ${links.ops}`]),
];

/** Where agents see what was done, by the workflow ID of the run that says most; `null` where nobody has said. */
export const handoffLinks = (
  { runs, ops }: { runs?: string; ops?: string } = {},
  workflowId: string,
): NonNullable<HandoffReason['links']> | null =>
  runs === undefined && ops === undefined
    ? null
    : {
        ...(runs === undefined ? {} : { run: `${runs}/${inAddress(workflowId)}` }),
        ...(ops === undefined ? {} : { ops }),
      };

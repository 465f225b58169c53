/** A run says this of itself in the Temporal Web UI: one line, and the steps that it took. */
export interface RunDetails {
  /** The run's subject, each part by itself, such as `thread 987`. */
  subject: readonly string[];
  /** The run does this now, or ended like this, such as `running` or `waiting for an agent`. */
  state: string;
  steps: readonly string[];
}

/** Something that a run has put on a thread: `reply`, and its id. `found`: it stood there already. */
export interface PostInWords {
  what: string;
  messageId: string;
  found: boolean;
}

/** The last step of a run that has posted: what HubSpot has of it, and whether it was posted or found. */
export const postsInWords = (posts: readonly PostInWords[]): string => {
  const each = posts.map(
    ({ what, messageId, found }) => `${what} ${messageId}, ${found ? 'found and not repeated' : 'posted once'}`,
  );
  return `HubSpot has ${posts.length} ${posts.length === 1 ? 'post' : 'posts'}: ${each.join('; ')}`;
};

const WAITING = 'waiting for ';

/** The state of a run that does nothing until something happens. */
export const waitingFor = (until: string): string => `${WAITING}${until}`;

/** The details as Markdown, which the Temporal Web UI shows. */
export const renderRunDetails = ({ subject, state, steps }: RunDetails): string =>
  [`${subject.join(' · ')} → **${state}**`, ...steps.map((step, index) => `${index + 1}. ${step}`)].join('\n\n');

/**
 * The inverse of {@link renderRunDetails}, as far as programs ask. `waitsFor`: `null` where the run waits for nothing.
 */
export const parseRunDetails = (details: string): { waitsFor: string | null; steps: string[] } => {
  const [summary = '', ...steps] = details.split('\n\n');
  const state = /→ \*\*(.*)\*\*$/.exec(summary)?.[1] ?? '';
  return {
    waitsFor: state.startsWith(WAITING) ? state.slice(WAITING.length) : null,
    steps: steps.map((line) => line.replace(/^\d+\. /, '')),
  };
};

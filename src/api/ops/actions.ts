import { createHash } from 'node:crypto';
import pMap from 'p-map';
import { whySilent } from '../../rules/why-answer.ts';
import type { FollowCommandInput, FollowCommandResult } from '../../runs/follow-command.ts';
import type { DecisionResult, DraftDecision } from '../../runs/reply-to-message.ts';
import { messageOf } from '../../temporal/conversations.ts';
import type { Repeated } from '../../temporal/run-overview.ts';

/** What an operator may want of a run, or of its thread. */
export const ACTIONS = ['send', 'edit', 'skip', 'pause', 'resume', 'handoff', 'retry'] as const;
export type Action = (typeof ACTIONS)[number];

/** The run that an action is about. */
export interface Item {
  workflowId: string;
  runId: string;
}

/** What is wanted of each item. */
export interface Act {
  action: Action;
  items: Item[];
  /** The words to send, how long to pause (`2h`), or why to hand off. */
  text: string;
  /** Who wants it, as it stands in the runs' stories. */
  by: string;
  /** The same act sent again is no second one. */
  once: string;
}

/** What became of an action on one item. */
export interface Became {
  item: Item;
  /** `taken`: Temporal has it, and it is not done yet. `failed`: nothing was done. */
  how: 'done' | 'taken' | 'failed';
  /** In a line for people. */
  words: string;
}

/** How runs are moved: the same Update, commands and reset that agents' `/ai` and the rest of the product use. */
export interface ActionParts {
  decide(item: Item, id: string, decision: DraftDecision): Promise<DecisionResult | { refused: string }>;
  /** Starts the run of a command, and gives what it came to; `null`: it goes on. */
  command(workflowId: string, input: FollowCommandInput): Promise<FollowCommandResult | null>;
  repeat(item: Item): Promise<Repeated>;
  failed(error: unknown): void;
}

/** So many at once: each is a start and a wait of seconds, and the browser waits for all of them. */
const AT_ONCE = 25;

const sentence = (words: string): string => `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;

const done = (item: Item, words: string): Became => ({ item, how: 'done', words });
const failed = (item: Item, words: string): Became => ({ item, how: 'failed', words });

const ofDecision = (item: Item, wanted: 'send' | 'edit' | 'skip', became: DecisionResult): Became => {
  const { outcome, reason } = became;
  if (wanted === 'skip' && outcome === 'skipped') return done(item, 'Skipped. No answer goes out.');
  if (wanted === 'skip' && outcome === 'not-called') return done(item, 'Skipped. The tool is not called.');
  if (wanted !== 'skip' && outcome === 'replied') return done(item, 'Sent to the customer.');
  if (wanted !== 'skip' && outcome === 'called') return done(item, 'The tool was called. The AI goes on.');
  const why = reason === undefined ? '' : `: ${whySilent(reason) ?? reason}`;
  if (outcome === 'not-called' || outcome === 'called')
    return failed(item, `The tool was ${outcome === 'called' ? 'called' : 'not called'}${why}.`);
  return failed(item, `It was not ${wanted === 'skip' ? 'skipped' : 'sent'}. The run ended as ${outcome}${why}.`);
};

const OF_REPEAT: Record<Repeated, Omit<Became, 'item'>> = {
  repeated: { how: 'done', words: 'It begins again from the start.' },
  'changed-meanwhile': { how: 'failed', words: 'The run has changed meanwhile, or has not given up.' },
  'unknown-run': { how: 'failed', words: "Temporal doesn't have this run any more." },
};

const ofCommand = (item: Item, result: FollowCommandResult | null): Became => {
  if (result === null) {
    return { item, how: 'taken', words: 'Temporal has it. It is done as soon as a worker and HubSpot have time.' };
  }
  const { outcome, reason = 'done' } = result;
  if (outcome === 'skipped') return failed(item, sentence(whySilent(reason) ?? reason));
  return done(item, sentence(reason));
};

/** Does what an operator wants, item by item: what fails for one keeps none of the others from being done. */
export const createActions = (parts: ActionParts) => {
  const onDraft = async (item: Item, { action, text, by, once }: Act): Promise<Became> => {
    const decision = action as 'send' | 'edit' | 'skip';
    const given: DraftDecision = { decision, by, ...(decision === 'edit' ? { text } : {}) };
    const became = await parts.decide(item, `ops-${once}-${decision}`, given);
    return 'refused' in became ? failed(item, sentence(became.refused)) : ofDecision(item, decision, became);
  };

  const onThread = async (item: Item, { action, text, by, once }: Act): Promise<Became> => {
    const message = messageOf(item.workflowId);
    if (message === null) return failed(item, 'It is about no thread.');
    const { portalId, threadId } = message;
    const command = action as 'pause' | 'resume' | 'handoff';
    const said = text.trim() === '' || command === 'resume' ? {} : { text: text.trim() };
    // Other words are another command.
    const id = createHash('sha256').update(`${once} ${command} ${text}`).digest('hex').slice(0, 24);
    const workflowId = `command:${portalId}:${threadId}-ops-${id}`;
    return ofCommand(item, await parts.command(workflowId, { portalId, threadId, command, by, ...said }));
  };

  const onItem = async (item: Item, act: Act): Promise<Became> => {
    switch (act.action) {
      case 'send':
      case 'edit':
      case 'skip':
        return await onDraft(item, act);
      case 'pause':
      case 'resume':
      case 'handoff':
        return await onThread(item, act);
      case 'retry':
        return { item, ...OF_REPEAT[await parts.repeat(item)] };
    }
  };

  return async (act: Act): Promise<Became[]> => {
    // Of a thread one command is enough, however many of its messages were chosen.
    const isOnThread = ['pause', 'resume', 'handoff'].includes(act.action);
    const about = ({ workflowId }: Item): string => {
      const message = isOnThread ? messageOf(workflowId) : null;
      return message === null ? workflowId : `${message.portalId} ${message.threadId}`;
    };
    const items = [...new Map(act.items.map((item) => [about(item), item])).values()];
    return await pMap(
      items,
      async (item) => {
        try {
          return await onItem(item, act);
        } catch (error) {
          parts.failed(error);
          const words = "Temporal or the worker doesn't answer in time. It may still happen: look again in a minute.";
          return failed(item, words);
        }
      },
      { concurrency: AT_ONCE },
    );
  };
};

export type DoAct = ReturnType<typeof createActions>;

import type { MessageId } from '../../hubspot/ids.ts';
import { handoffBody } from '../../rules/replying/post-body.ts';
import { newestCustomerMessage } from '../../rules/speaking/burst.ts';
import type { FollowCommandResult } from '../../runs/follow-command.ts';
import { HANDOFF_WORDS } from '../../runs/hand-off.ts';
import { runHandOff } from '../handoff/start.ts';
import { silence } from './pause.ts';
import { type CommandRun, fetchThread, followed, leaveComment, type Order } from './run.ts';

/** Hands the thread to agents. The run in flight stops before they get an answer. */
export const handOffThread = async (
  run: CommandRun,
  { at, by }: Order,
  text: string | null,
): Promise<FollowCommandResult> => {
  await silence(run, 'handed-off', at);
  const reason = text?.slice(0, HANDOFF_WORDS.reason) ?? `${by ?? 'an agent'} asked for it`;
  const before = await fetchThread(run, 'the message to hand over');
  const messages = before?.messages ?? [];
  const newest = newestCustomerMessage(messages, { aiActorId: run.settings.aiActorId, appId: null });
  const line = newest && (await handOverFrom(run, newest.id, reason, new Set(messages.map(({ id }) => id))));
  if (line !== null) return followed(run, line);
  await leaveComment(run, handoffBody(reason), 'handoff as internal comment');
  return followed(run, 'handed off');
};

/**
 * Hands over from this message. What was done for it before is found, and not done again: then a comment of its own
 * brings the reason. `known`: what stood on the thread before.
 * @returns how it went; `null`: the message is gone, and nothing was said
 */
const handOverFrom = async (
  run: CommandRun,
  messageId: MessageId,
  reason: string,
  known: ReadonlySet<MessageId>,
): Promise<string | null> => {
  const handedOff = await runHandOff({ ...run.thread, messageId, reason });
  const { outcome, ticketId, postedMessageId } = handedOff ?? {};
  if (ticketId) run.story.onTicket(ticketId);
  if (outcome === 'skipped') return null;
  if (outcome !== undefined && outcome !== 'handed-off') return `handoff: ${outcome}`;
  const isOld = postedMessageId !== undefined && known.has(postedMessageId);
  if (handedOff === null || isOld) await leaveComment(run, handoffBody(reason), 'the reason of this time');
  return handedOff === null ? 'another run hands it over just now' : 'handed off';
};

import type { Message } from '../../hubspot/conversation.ts';
import { commandIn, wishOf } from '../../rules/command.ts';
import type { FollowCommandResult } from '../../runs/follow-command.ts';
import type { CommandRun, Order } from './run.ts';

/** Reads the command, `known` where it has been read. @returns the run's end where the comment holds none */
export const understand = async (run: CommandRun, known?: Message | null): Promise<Order | FollowCommandResult> => {
  if ('command' in run.asked) {
    const { command, text = '', by = null } = run.asked;
    // HubSpot's clock isn't at hand; a second's difference doesn't matter here.
    return understood(run, { wish: wishOf({ word: command, text }), at: Date.now(), by });
  }
  const { messageId } = run.asked;
  const comment =
    known === undefined
      ? await run.activities.hubspotFirstReads.fetchMessage(`comment ${messageId}`, { ...run.thread, messageId })
      : known;
  if (comment === null) return run.story.end({ outcome: 'skipped', reason: 'message-not-found' });
  const command = commandIn(comment, run.settings.aiActorId);
  if (command === null) return run.story.end({ outcome: 'skipped', reason: 'comment' });
  const text = comment.truncated ? await wordsInFull(run, comment) : command.text;
  return understood(run, {
    wish: wishOf({ ...command, text }),
    at: Date.parse(comment.createdAt),
    by: comment.senders[0]?.actorId ?? null,
  });
};

/** The comment's words after the command, of which HubSpot's list and our own reads show a part. */
const wordsInFull = async (run: CommandRun, { id }: Message): Promise<string> => {
  const [whole] = await run.activities.hubspotReads.readInFull('the whole comment', {
    ...run.thread,
    messageIds: [id],
  });
  return (whole?.text ?? '').trim().replace(/^\S+\s+\S+\s*/, '');
};

const understood = (run: CommandRun, order: Order): Order => {
  run.story.step(`${order.by ?? 'somebody, outside of HubSpot'}: ${order.wish.command}`);
  return order;
};

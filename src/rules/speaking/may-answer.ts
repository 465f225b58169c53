import type { Conversation, Message } from '../../hubspot/conversation.ts';
import type { MessageId } from '../../hubspot/ids.ts';
import type { PortalSettings } from '../settings.ts';
import type { SkipReason } from '../skip-reasons.ts';
import { autonomyOn } from './autonomy.ts';
import { type BurstContext, hasHumanReplied, isHeldTooLong, newerCustomerMessage } from './burst.ts';
import { whyAiMayNotSpeak } from './owner-gate.ts';

/** The reason why a run stays silent. `supersededBy`: the message whose run answers in its place. */
export type Silence = { skip: Exclude<SkipReason, 'superseded'> } | { skip: 'superseded'; supersededBy: MessageId };

/**
 * Says why the AI may not answer this message in this conversation; `null` where it may. Asked before the AI is, and
 * again right before the post (design promises 4 and 5).
 */
export const whyNotAnswer = (
  { thread, messages, closings }: Conversation,
  message: Message,
  settings: PortalSettings,
  context: BurstContext,
): Silence | null => {
  const forbidden = whyAiMayNotSpeak(thread, settings, autonomyOn(settings, message.channelId));
  if (forbidden) return { skip: forbidden };
  const newer = newerCustomerMessage(messages, message, context);
  if (newer && !isHeldTooLong(messages, message, settings.quietPeriodMaxMs, { ...context, closings }))
    return { skip: 'superseded', supersededBy: newer };
  return hasHumanReplied(messages, message, context.aiActorId) ? { skip: 'human-replied' } : null;
};

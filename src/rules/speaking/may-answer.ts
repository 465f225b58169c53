import type { Conversation, Message } from '../../hubspot/conversation.ts';
import type { MessageId } from '../../hubspot/ids.ts';
import type { PortalSettings } from '../settings.ts';
import type { SkipReason } from '../skip-reasons.ts';
import { autonomyOn } from './autonomy.ts';
import { type BurstContext, hasHumanReplied, isHeldTooLong, newerCustomerMessage } from './burst.ts';
import { whyAiMayNotSpeak } from './owner-gate.ts';

/** Why a run stays silent. `supersededBy`: the message whose run answers in its place. */
export type Silence = { skip: Exclude<SkipReason, 'superseded'> } | { skip: 'superseded'; supersededBy: MessageId };

/**
 * Whether the AI may answer this message as the conversation stands now, or `null` when it may. Asked before the AI is,
 * and again right before posting (design promises 4 and 5).
 */
export const whySilent = (
  { thread, messages }: Conversation,
  message: Message,
  settings: PortalSettings,
  context: BurstContext,
): Silence | null => {
  const forbidden = whyAiMayNotSpeak(thread, settings, autonomyOn(settings, message.channelId));
  if (forbidden) return { skip: forbidden };
  const newer = newerCustomerMessage(messages, message, context);
  if (newer && !isHeldTooLong(messages, message, settings.quietPeriodMaxMs, context))
    return { skip: 'superseded', supersededBy: newer };
  return hasHumanReplied(messages, message, context.aiActorId) ? { skip: 'human-replied' } : null;
};

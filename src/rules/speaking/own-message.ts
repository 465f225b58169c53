import { LIVE_CHAT_CHANNEL_ID } from '../../hubspot/channels.ts';
import type { Message } from '../../hubspot/conversation.ts';
import { postKindIn } from '../replying/own-post.ts';
import type { OwnIdentity } from './message-filter.ts';
import { speakerOf } from './speaker.ts';

/**
 * Says whether it is worth asking later if HubSpot delivered this message: it is one that a run of ours sent to a
 * customer, not in live chat, where the customer's own browser fetches it. `notice`: it says that agents will answer.
 * `null`: it is none. Where HubSpot has stripped the key, our app's message counts as a reply.
 */
export const sentToCustomer = (message: Message, { aiActorId, appId }: OwnIdentity): { notice: boolean } | null => {
  const { kind, channelId, postKey, integrationAppId } = message;
  if (kind !== 'message' || channelId === LIVE_CHAT_CHANNEL_ID || speakerOf(message, aiActorId) !== 'ai') return null;
  if (postKey === null) return integrationAppId !== null && integrationAppId === appId ? { notice: false } : null;
  const posted = postKindIn(postKey);
  return posted === 'replied' || posted === 'told' ? { notice: posted === 'told' } : null;
};

import { channelIdOf, REFUSED_CHANNELS } from '../channels.ts';
import { actorType, type World } from '../world.ts';
import type { Schemas } from './operations.ts';

const unsupportedActor = (actorId: string, use: 'sending' | 'receiving'): Schemas['ErrorDetail'] => ({
  message: `Actor type ${actorType(actorId) ?? 'UNKNOWN'} is not supported for ${use}`,
  subCategory: 'ConversationsApiError.UNSUPPORTED_ACTOR_TYPE',
});

const invalid = (message: string): Schemas['ErrorDetail'] => ({
  message,
  subCategory: 'ConversationsApiError.INVALID_ARGUMENT_TYPE',
});

/**
 * Why HubSpot refuses to send a message; empty when it doesn't. Only agents send, and neither agents nor `E-` actors
 * receive (seen on real portals). An account of the right channel is taken whichever it is: a mail then leaves from the
 * wrong address, and nobody learns of it.
 */
export const reasonsNotToSend = (world: World, message: Schemas['NewMessage']): Schemas['ErrorDetail'][] => {
  const reasons: Schemas['ErrorDetail'][] = [];
  if (actorType(message.senderActorId) !== 'AGENT') reasons.push(unsupportedActor(message.senderActorId, 'sending'));
  for (const { actorId } of message.recipients) {
    if (actorId !== undefined && actorType(actorId) !== 'VISITOR') reasons.push(unsupportedActor(actorId, 'receiving'));
  }
  const refused = REFUSED_CHANNELS[message.channelId];
  if (refused !== undefined) reasons.push(invalid(`Sending messages on channel ${refused} is not supported`));
  const account = world.channelAccounts.get(message.channelAccountId);
  if (account?.channelId !== message.channelId) {
    reasons.push(invalid(`Channel ${message.channelId} has no channel account ${message.channelAccountId}`));
  }
  const addresses = message.recipients.flatMap(({ deliveryIdentifiers }) => deliveryIdentifiers);
  if (message.channelId === channelIdOf('email') && !addresses.some(({ type }) => type === 'HS_EMAIL_ADDRESS')) {
    reasons.push(invalid('An email needs a recipient with an email address'));
  }
  return reasons;
};

import type { Message } from '../../hubspot/conversation.ts';
import type { ActorId } from '../../hubspot/ids.ts';
import type { SkipReason } from '../skip-reasons.ts';
import { speakerOf } from './speaker.ts';

/** Our own names on a portal. */
export interface OwnIdentity {
  aiActorId: ActorId;
  /** Our app, as HubSpot's events name it; `null` for a run that no event started. */
  appId: string | null;
}

/**
 * Says whether it was written by our own app or came from an address of the portal's own, whatever HubSpot calls its
 * direction.
 */
const isOurs = ({ fromOwnAddress, integrationAppId }: Message, { appId }: OwnIdentity): boolean =>
  fromOwnAddress || (integrationAppId !== null && integrationAppId === appId);

/**
 * Says why a message is not for the AI to answer, or `null` when it is (design promise 6: the AI never talks to
 * itself). Needs nothing but the message: most of what HubSpot announces is our own echo or an agent's work.
 */
export const whyNotForAi = (message: Message, own: OwnIdentity): SkipReason | null => {
  if (message.kind === 'comment') return 'comment';
  if (message.kind === 'welcome' || message.direction === 'outgoing' || isOurs(message, own)) return 'outgoing';
  const speaker = speakerOf(message, own.aiActorId);
  if (speaker === 'bot') return 'sender-is-bot';
  if (speaker === 'agent' || speaker === 'ai') return 'sender-is-agent';
  if (message.aiMarker) return 'ai-marker';
  // An attachment alone is something to answer.
  if (message.blank && message.attachments.length === 0) return 'empty-message';
  return null;
};

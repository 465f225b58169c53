import type { AiAnswer } from '../../ai/backend.ts';
import { EMAIL_CHANNEL_ID } from '../../hubspot/channels.ts';
import type { Destination, Message } from '../../hubspot/conversation.ts';
import type { PortalSettings } from '../contract.ts';
import { routeReply } from './reply-route.ts';
import { signatureFor } from './signature.ts';
import { draftWords, handoffWords, replyWords, type Words } from './words.ts';

/** What goes on the thread. Without a destination it is an internal comment. */
export interface Post {
  outcome: 'replied' | 'drafted' | 'handed-off';
  words: Words;
  to: Destination | null;
  /** Why it is not a plain reply. */
  reason?: string;
}

const mailSignature = ({ channelId, mail }: Message, { signatures = {} }: PortalSettings): string | null =>
  channelId === EMAIL_CHANNEL_ID ? signatureFor(mail?.to ?? null, signatures) : null;

/** Turns the AI's answer into a reply, a draft for agents, or a handoff. */
export const whatToPost = (answer: AiAnswer, message: Message, settings: PortalSettings): Post => {
  if (answer.action === 'handoff') {
    return { outcome: 'handed-off', words: handoffWords(answer.reason), to: null, reason: answer.reason };
  }
  const reply = replyWords(answer.text, answer.sources, mailSignature(message, settings));
  const draft = (reason: string): Post => ({
    outcome: 'drafted',
    words: draftWords(reply, reason),
    to: null,
    reason,
  });
  if (settings.assistMode) return draft('Assist Mode');
  const to = routeReply(message, settings);
  return 'unsendable' in to ? draft(to.unsendable) : { outcome: 'replied', words: reply, to };
};

import type { AiAnswer } from '../../ai/backend.ts';
import type { Message } from '../../hubspot/conversation.ts';
import type { PortalSettings } from '../contract.ts';
import { type ReplyRoute, routeReply } from './reply-route.ts';
import { draftWords, handoffWords, replyWords, type Words } from './words.ts';

/** What goes on the thread. Without a route it is an internal comment. */
export interface Post {
  outcome: 'replied' | 'drafted' | 'handed-off';
  words: Words;
  route: ReplyRoute | null;
  /** Why it is not a plain reply. */
  reason?: string;
}

/** Turns the AI's answer into a reply, a draft for agents, or a handoff. */
export const whatToPost = (answer: AiAnswer, message: Message, settings: PortalSettings): Post => {
  if (answer.action === 'handoff') {
    return { outcome: 'handed-off', words: handoffWords(answer.reason), route: null, reason: answer.reason };
  }
  const reply = replyWords(answer.text, answer.sources);
  const draft = (reason: string): Post => ({
    outcome: 'drafted',
    words: draftWords(reply, reason),
    route: null,
    reason,
  });
  if (settings.assistMode) return draft('Assist Mode');
  const route = routeReply(message);
  return 'unsendable' in route ? draft(route.unsendable) : { outcome: 'replied', words: reply, route };
};

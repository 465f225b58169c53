import type { AiAnswer } from '../../ai/backend.ts';
import { channelName, EMAIL_CHANNEL_ID, longestText } from '../../hubspot/channels.ts';
import type { Destination, Message } from '../../hubspot/conversation.ts';
import type { PortalSettings } from '../settings.ts';
import { autonomyOn } from '../speaking/autonomy.ts';
import { draftBody, handoffBody, type PostBody, replyBody } from './post-body.ts';
import { routeReply } from './reply-route.ts';
import { signatureFor } from './signature.ts';

/** A post that goes on the thread. Without a destination it is an internal comment. */
export interface Post {
  outcome: 'replied' | 'drafted' | 'handed-off';
  words: PostBody;
  to: Destination | null;
  /** The reason why it is not a plain reply. */
  reason?: string;
  /** Gives what goes out once an agent has approved this draft. `edited`: in the agent's words. */
  onApproval?: (edited: string | null) => Post;
  /** It is a shadow draft: it stays with the run, and nothing goes on the thread. */
  shadow?: true;
}

/** Gives what stands below a mail; `null` for nothing, and on every other channel. */
export const mailSignature = ({ channelId, mail }: Message, { signatures = {} }: PortalSettings): string | null =>
  channelId === EMAIL_CHANNEL_ID ? signatureFor(mail?.to ?? null, signatures) : null;

/** Says to agents how the draft goes out. */
const approvalWanted = ({ aiCommands }: PortalSettings): string =>
  aiCommands ? 'for approval: comment /ai send, /ai edit and your own words, or /ai skip' : 'for approval';

const shadowPost = (words: PostBody): Post => ({
  outcome: 'drafted',
  words,
  to: null,
  reason: 'shadow mode',
  shadow: true,
});

/**
 * Turns the AI's answer into a reply, a draft for agents, or a handoff, as far as the AI may go on the message's
 * channel. `onlyDrafts`: why it may not send by itself now (`levelWithin`).
 */
export const whatToPost = (
  answer: AiAnswer,
  message: Message,
  settings: PortalSettings,
  onlyDrafts: string | null = null,
): Post => {
  const level = autonomyOn(settings, message.channelId);
  if (answer.action === 'handoff') {
    const words = handoffBody(answer.reason);
    return level === 'shadow' ? shadowPost(words) : { outcome: 'handed-off', words, to: null, reason: answer.reason };
  }
  const signature = mailSignature(message, settings);
  const longest = longestText(channelName(message.channelId));
  const reply = replyBody(answer.text, { sources: answer.sources, signature, longest });
  const draft = (reason: string): Post => ({
    outcome: 'drafted',
    words: draftBody(reply, reason),
    to: null,
    reason,
  });
  switch (level) {
    case 'shadow':
      return shadowPost(reply);
    // The run has ended before where it is off.
    case 'off':
    case 'draft':
      return draft('Assist Mode');
    case 'approve':
    case 'auto': {
      if (onlyDrafts !== null) return draft(onlyDrafts);
      const to = routeReply(message, settings);
      if ('unsendable' in to) return draft(to.unsendable);
      const send = (words: PostBody): Post => ({ outcome: 'replied', words, to });
      if (level === 'auto') return send(reply);
      const onApproval = (edited: string | null): Post =>
        send(edited === null ? reply : replyBody(edited, { signature }));
      return { ...draft(approvalWanted(settings)), onApproval };
    }
  }
};

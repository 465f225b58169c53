import type { AiAnswer } from '../../ai/backend.ts';
import { channelName, EMAIL_CHANNEL_ID, longestText } from '../../hubspot/channels.ts';
import type { Destination, Message } from '../../hubspot/conversation.ts';
import { type Escalation, stricterOf } from '../escalation/escalation.ts';
import { whyNotSure } from '../escalation/sureness.ts';
import type { PortalSettings } from '../settings.ts';
import { type Autonomy, autonomyOn } from '../speaking/autonomy.ts';
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
  /** What kept it from being one, where an escalation rule did, or where the answer lacks what it needs. */
  escalation?: Escalation;
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

const handedOff = (reason: string, escalation: Escalation | null): Post => ({
  outcome: 'handed-off',
  words: handoffBody(reason),
  to: null,
  reason,
  ...(escalation === null ? {} : { escalation }),
});

/** What keeps an answer from being sent: the stricter of an escalation rule, and of what the answer lacks. */
export const heldBack = (
  answer: Answer,
  level: Autonomy,
  channel: string,
  { sureness }: PortalSettings,
): Escalation | null => {
  const unsure = sureness ? whyNotSure(answer, channel, sureness) : null;
  // An agent who approves has the answer before them, and sees whether it is right.
  const lacking: Escalation | null = unsure && level === 'approve' ? { ...unsure, as: 'approve' } : unsure;
  return stricterOf(answer.escalation ?? null, lacking);
};

/** `escalation`: by the portal's rules. */
type Answer = AiAnswer & { escalation?: Escalation };

/**
 * Turns the AI's answer into a reply, a draft for agents, or a handoff, as far as the AI may go on the message's
 * channel, and as an escalation rule lets it (`escalation`). `onlyDrafts`: why it may not send by itself now
 * (`levelWithin`).
 */
export const whatToPost = (
  answer: Answer,
  message: Message,
  settings: PortalSettings,
  onlyDrafts: string | null = null,
): Post => {
  const level = autonomyOn(settings, message.channelId);
  if (answer.action === 'handoff') {
    if (level === 'shadow') return shadowPost(handoffBody(answer.reason));
    return handedOff(answer.reason, answer.escalation ?? null);
  }
  const channel = channelName(message.channelId);
  const held = heldBack(answer, level, channel, settings);
  const escalation = held === null ? {} : { escalation: held };
  const signature = mailSignature(message, settings);
  const longest = longestText(channel);
  const reply = replyBody(answer.text, { sources: answer.sources, signature, longest });
  const draft = (...reasons: string[]): Post => {
    const reason = [...reasons, ...(held === null ? [] : [held.why])].join('; ');
    return { outcome: 'drafted', words: draftBody(reply, reason), to: null, reason, ...escalation };
  };
  switch (level) {
    case 'shadow':
      return shadowPost(reply);
    // The run has ended before where it is off.
    case 'off':
    case 'draft':
      return draft('Assist Mode');
    case 'approve':
    case 'auto': {
      if (held?.as === 'handoff') return handedOff(held.why, held);
      if (onlyDrafts !== null) return draft(onlyDrafts);
      const to = routeReply(message, settings);
      if ('unsendable' in to) return draft(to.unsendable);
      const send = (words: PostBody): Post => ({ outcome: 'replied', words, to, ...escalation });
      if (held?.as === 'draft') return draft();
      if (held === null && level === 'auto') return send(reply);
      const onApproval = (edited: string | null): Post =>
        send(edited === null ? reply : replyBody(edited, { signature }));
      return { ...draft(approvalWanted(settings)), onApproval };
    }
  }
};

import { channelName } from '../hubspot/channels.ts';
import type { Conversation, Message } from '../hubspot/conversation.ts';
import type { Silence } from '../sessions/store.ts';
import { routeReply } from './replying/reply-route.ts';
import type { PortalSettings } from './settings.ts';
import { callsReason, ceilingReason } from './speaking/ai-limits.ts';
import { type Autonomy, autonomyOn, speaksToCustomers } from './speaking/autonomy.ts';
import { levelWithin } from './speaking/budget.ts';
import { mustClaim, ownerInWords, whyAiMayNotSpeak } from './speaking/owner-gate.ts';
import { repliesWithinHour } from './speaking/reply-cap.ts';

/** A thread on which an agent lets the AI speak again. */
export interface Resumed {
  /** Without texts. */
  conversation: Conversation;
  /** The customer's newest; `null`: none has come. */
  newest: Message | null;
  /** Since when, in ms by HubSpot's clock. */
  at: number;
  /** The silence that holds all the same: it was said later. */
  silenced: Silence | null;
  /** An operator has stopped the AI in the portal. */
  stopped: boolean;
  /** The AI has just taken the thread, which nobody owned. */
  taken: boolean;
  /** The cost of the day, in millionths, and the calls of the hour, for whom the thread is. */
  spent: number;
  calls: number;
}

const SILENCED: Record<Silence, string> = { paused: 'paused', 'handed-off': 'handed to agents' };

/** The portal's level on the thread's channel. */
export const levelOf = (newest: Message | null, settings: PortalSettings): Autonomy =>
  autonomyOn(settings, newest?.channelId ?? null);

/** Says whether the AI takes the thread, as it does where it answers on one that nobody owns. */
export const takesOnResume = ({ thread }: Conversation, newest: Message | null, settings: PortalSettings): boolean => {
  const level = levelOf(newest, settings);
  return whyAiMayNotSpeak(thread, settings, level) === null && mustClaim(thread, settings, level);
};

/**
 * Says why the AI says nothing on the customer's next message, and what an agent can do about it; `null`: nothing is in
 * its way.
 */
const obstacle = (
  { conversation: { thread }, newest, silenced, stopped }: Resumed,
  settings: PortalSettings,
): string | null => {
  const channel = channelName(newest?.channelId ?? null);
  const level = levelOf(newest, settings);
  if (stopped)
    return (
      'An operator has stopped the AI in this portal, so it writes nothing on this thread until they let it ' +
      'answer again.'
    );
  if (silenced !== null)
    return (
      `The AI is still silent on this thread: it was ${SILENCED[silenced]} after that comment. Comment \`/ai ` +
      'resume` again.'
    );
  if (level === 'off')
    return `The AI is off on ${channel} (AUTONOMY), so it does nothing on this thread. Please answer yourself.`;
  if (level === 'shadow')
    return (
      `On ${channel} the AI is in shadow mode (AUTONOMY), so it writes nothing on this thread. Please answer ` +
      'yourself.'
    );
  const assign = `Assign it to the AI’s user (${settings.aiActorId}), and the AI answers the customer’s next message.`;
  switch (whyAiMayNotSpeak(thread, settings, level)) {
    case 'thread-spam':
      return 'The thread is spam to HubSpot, and the AI answers none. Mark it as no spam first.';
    case 'thread-archived':
      return 'The thread is archived, and the AI answers none. Restore it first.';
    case 'owned-by-human':
      return `The AI may speak again, but ${ownerInWords(thread)} owns this thread. ${assign}`;
    case 'unassigned':
      return (
        'The AI may speak again, but nobody owns this thread, and the AI takes none by itself ' +
        `(UNASSIGNED_THREADS). ${assign}`
      );
    case null:
      return null;
  }
};

/** Gives what becomes of the customer's next message for now, and not of later ones; `null`: what always does. */
const limitNow = ({ conversation, at, spent, calls }: Resumed, settings: PortalSettings): string | null => {
  const { aiDailyCeilingMillionths: ceiling, maxAiCallsPerHour, maxRepliesPerHour } = settings;
  if (ceiling !== undefined && spent >= ceiling) return ceilingReason(ceiling);
  if (maxAiCallsPerHour !== undefined && calls >= maxAiCallsPerHour) return callsReason(maxAiCallsPerHour);
  const replies = repliesWithinHour(conversation.messages, at, settings.aiActorId);
  return replies >= maxRepliesPerHour
    ? `the AI has written ${replies} replies within an hour on this thread: it writes no more before that hour is over`
    : null;
};

const OLDER = 'and in it what nobody has answered before';

const onNextMessage = ({ newest, spent }: Resumed, settings: PortalSettings): string => {
  const level = levelOf(newest, settings);
  const within = levelWithin(level, spent, settings.aiDailyBudgetMillionths);
  const route = newest === null || !speaksToCustomers(level) ? null : routeReply(newest, settings);
  const onlyDraft = within.why ?? (route && 'unsendable' in route ? route.unsendable : null);
  if (onlyDraft !== null) return `It leaves a draft on the customer’s next message, ${OLDER}: ${onlyDraft}.`;
  if (level === 'draft') return `It leaves a draft on the customer’s next message, ${OLDER}.`;
  if (level === 'approve') return `It leaves a draft for your approval on the customer’s next message, ${OLDER}.`;
  return `It answers the customer’s next message, ${OLDER}.`;
};

/** The answer to `/ai resume`: what then happens, or what to do for it. */
export const resumedWords = (resumed: Resumed, settings: PortalSettings): string => {
  const inTheWay = obstacle(resumed, settings);
  if (inTheWay !== null) return inTheWay;
  const taken = resumed.taken ? `, and has taken it (${settings.aiActorId})` : '';
  const may = `The AI may speak on this thread again${taken}.`;
  const limit = limitNow(resumed, settings);
  if (limit === null) return `${may} ${onNextMessage(resumed, settings)}`;
  return `${may} For now the customer’s next message goes to agents anyway: ${limit}.`;
};

/** What a run's end means, and its colour. */
const ENDS = {
  replied: { label: 'Replied', tone: 'good' },
  drafted: { label: 'Drafted', tone: 'info' },
  'handed-off': { label: 'Handed off', tone: 'warn' },
  skipped: { label: 'Skipped', tone: 'calm' },
  synced: { label: 'Synced', tone: 'good' },
  followed: { label: 'Command followed', tone: 'good' },
  noticed: { label: 'Noticed', tone: 'calm' },
  delivered: { label: 'Delivered', tone: 'good' },
  'picked-up': { label: 'Picked up', tone: 'good' },
  escalated: { label: 'Escalated', tone: 'bad' },
  'handed-over': { label: 'Handed over', tone: 'warn' },
  moved: { label: 'Made way', tone: 'calm' },
  rated: { label: 'Rated', tone: 'good' },
  'not-rated': { label: 'Not rated', tone: 'calm' },
  'not-asked': { label: 'Not asked', tone: 'calm' },
  reminded: { label: 'Reminded', tone: 'good' },
  closed: { label: 'Closed', tone: 'calm' },
  'left-alone': { label: 'Left alone', tone: 'calm' },
  notified: { label: 'Notified', tone: 'good' },
  refused: { label: 'Refused', tone: 'warn' },
  'gave-up': { label: 'Gave up', tone: 'bad' },
  'no-thread': { label: 'No conversation', tone: 'warn' },
  'no-message': { label: 'No message', tone: 'warn' },
  checked: { label: 'Checked', tone: 'good' },
  expired: { label: 'Deleted', tone: 'calm' },
  refreshed: { label: 'Read', tone: 'good' },
  incomplete: { label: 'Partly read', tone: 'warn' },
  called: { label: 'Called', tone: 'good' },
  'not-called': { label: 'Not called', tone: 'warn' },
  tested: { label: 'Tested', tone: 'good' },
  forgotten: { label: 'Forgotten', tone: 'calm' },
  'needs-attention': { label: 'Needs attention', tone: 'bad' },
  failed: { label: 'Failed', tone: 'bad' },
};

const SKIPS = {
  comment: 'an internal comment that is no command',
  outgoing: 'our own side wrote it, the AI never answers itself',
  'sender-is-agent': 'an agent wrote it',
  'sender-is-bot': 'a bot wrote it',
  'owned-by-human': 'a person owns the thread',
  unassigned: 'nobody owns the thread',
  superseded: 'the run of a newer message answers both',
  'human-replied': 'an agent has answered',
  paused: 'an agent has paused the AI here',
  'handed-off': 'agents have the thread',
  'skipped-by-agent': 'an agent refused the draft',
  'no-session': 'the AI has not spoken about this ticket yet',
  'channel-off': 'the AI is switched off',
  'ai-marker': 'the AI wrote it',
  stopped: 'an operator has stopped the AI',
  'empty-message': 'the message has no words',
  'message-not-found': 'HubSpot does not have the message any more',
  'too-old': 'the message is too old to answer',
  'ai-limit': 'the AI has been asked too often',
  'answer-loop': 'two machines may be writing to each other',
  'answered-elsewhere': 'the customer got the answer on another thread',
  'thread-spam': 'the thread is spam',
  'thread-archived': 'the thread is in the archive',
  'ticketing-disabled': 'ticketing is off',
  'empty-value': 'the value is empty',
  rating: 'it is a rating of the help',
};

/** What a run of each type is for. */
const FOLLOW_UPS = {
  replyToMessage: 'Reply',
  handOff: 'Handoff',
  watchPickUp: 'Does an agent come?',
  checkDelivery: 'Did the reply arrive?',
  watchInactivity: 'Does the customer reply?',
  askForRating: 'How good was the help?',
  notify: 'Notification',
  followCommand: 'Command',
  followAction: 'Action of a HubSpot workflow',
  noticeOwnerChange: 'New owner',
  syncTicketProperty: 'Ticket property',
  dispatchDelivery: 'Large delivery',
  catchUp: 'Catch-up',
  catchUpPortals: 'Catch-up of all portals',
  forgetThread: 'Forget a conversation',
  forgetContact: 'Forget a contact',
  expireSessions: 'Delete old sessions',
  refreshKnowledge: 'Read the articles again',
  testQuestion: 'Test of a question',
};

const BECAME = {
  started: { label: 'Started', tone: 'info' },
  duplicate: { label: 'Duplicate', tone: 'twin' },
  ignored: { label: 'Ignored', tone: 'calm' },
  rejected: { label: 'Rejected', tone: 'bad' },
  refused: { label: 'Not taken', tone: 'warn' },
  unanswered: { label: 'No answer', tone: 'warn' },
};

const IGNORED = {
  'unsupported-type': 'there is nothing to do for this kind of event',
  comment: 'it is an internal comment',
  'empty-value': 'the value is empty',
  'ticketing-disabled': 'ticketing is off',
  'unknown-portal': 'the account is not set up here',
  'not-closed': 'the conversation was not closed',
  'csat-off': 'nobody asks for ratings here',
  'own-post': 'it is the AI’s own post, and the run that wrote it knows of it',
  'own-assignment': 'the AI changed the owner itself',
};

/** What the API made of the event: a label, its tone, and why in a few words. */
export const becameInWords = ({ became, why }) => {
  const known = BECAME[became];
  switch (became) {
    case 'started':
      return { ...known, why: '' };
    case 'duplicate':
      return { ...known, why: 'its run exists already, nothing happens twice' };
    case 'refused':
      return { ...known, why: `answered ${why}, HubSpot delivers it again` };
    case 'unanswered':
      return { ...known, why: 'HubSpot delivers it again' };
    case 'ignored':
      return { ...known, why: `needs no run: ${IGNORED[why] ?? why}` };
    default:
      return { ...known, why: why ?? '' };
  }
};

/** How long an answer took, and what had to be tried again. */
const effortOf = ({ state, tookMs, retried }) => [
  ['replied', 'drafted', 'handed-off'].includes(state) && `in\u00a0${(tookMs / 1000).toFixed(1)}\u00a0s`,
  ...retried.map(({ activity, attempt }) => `${activity} took ${attempt} attempts`),
];

/**
 * A command's run ends as followed also where nothing came of the command. Its reason then says so, or begins with how
 * the draft's own run has ended.
 */
const IS_REFUSED =
  /: refused$|^not understood$|^paused no more$|^(?:replied|called|skipped|superseded|drafted|handed-off|not-called|needs-attention)\b/;

const endOf = ({ state, reason }) => {
  const isRefused = state === 'followed' && IS_REFUSED.test(reason ?? '');
  return isRefused ? { label: 'Command refused', tone: 'warn' } : (ENDS[state] ?? { label: state, tone: 'calm' });
};

/** How the run stands: a label, its tone, a reason as a code, and one in words. */
export const runInWords = (run, worker) => {
  if (run === null) return { label: 'Starting', tone: 'busy', why: 'it waits for its first step' };
  if (run.state !== 'running') {
    const end = endOf(run);
    const isCode = run.state === 'skipped';
    // The run that was signalled is an event of its own, further down.
    const reason = (run.reason ?? '').replace(/, signalled \S+$/, ', and the reply in progress was notified');
    const why = isCode ? (SKIPS[run.reason] ?? '') : reason;
    return { ...end, code: isCode ? run.reason : null, why: [why, ...effortOf(run)].filter(Boolean).join(', ') };
  }
  if (worker.state !== 'polls')
    return { label: 'Waiting', tone: 'warn', why: 'safe in Temporal until a worker is back' };
  if (run.retrying) {
    const { activity, attempt, at } = run.retrying;
    const next = at === null ? 'the next try is under way' : `next try at ${timeOf(at)}`;
    const why = [run.reason, next].filter(Boolean).join(', ');
    return { label: 'Retrying', tone: 'warn', code: `${activity}, attempt ${attempt}`, why };
  }
  if (run.waitsFor) return { label: 'Waiting', tone: 'busy', why: `for ${run.waitsFor}` };
  return { label: 'Running', tone: 'busy', why: run.steps.at(-1) ?? '' };
};

/**
 * The same of a run that another one started, and what it is for; the reason only where it isn't that of the other one.
 */
export const followUpInWords = ({ workflow: { type }, run }, starter, worker) => {
  const isSaid = run !== null && run.reason === starter?.reason;
  return { purpose: FOLLOW_UPS[type] ?? type, ...runInWords(isSaid ? { ...run, reason: null } : run, worker) };
};

export const timeOf = (iso) => new Date(iso).toLocaleTimeString([], { timeStyle: 'medium', hourCycle: 'h23' });

export const shortTimeOf = (iso) => new Date(iso).toLocaleTimeString([], { timeStyle: 'short', hourCycle: 'h23' });

/** What HubSpot has of a post whose answer got lost: a label, and what it means. */
export const lostAnswerInWords = ({ received }, run) => {
  const posts = `HubSpot received ${received} ${received === 1 ? 'POST' : 'POSTs'}`;
  if (received > 1)
    return { label: `${posts}, the reply was repeated`, tone: 'bad', why: 'the customer may see the reply twice' };
  if (run === null || run.state === 'running')
    return { label: posts, tone: 'warn', why: 'its answer got lost, so the run looks for its reply on the thread' };
  return { label: `${posts}: found, not repeated`, tone: 'good', why: 'HubSpot’s answer got lost' };
};

const GIVE_BACK = 'Press “Give back to the AI”, and it answers the next message.';

/** Why the AI will not answer the customer's next message here, and what changes that; empty where it will. */
export const silenceInWords = ({ silence, ownedBy, ownerName }) => {
  switch (silence) {
    case null:
      return '';
    case 'owned-by-human':
      return `The AI stays silent: ${ownedBy === 'you' ? 'you own' : `${ownerName} owns`} this conversation. ${GIVE_BACK}`;
    case 'unassigned':
      return `The AI stays silent: nobody owns this conversation. ${GIVE_BACK}`;
    case 'handed-off':
      return ownedBy === 'ai'
        ? 'The AI stays silent: it has handed this conversation to agents. The comment /ai resume lets it answer again.'
        : `The AI stays silent: it has handed this conversation to agents. ${GIVE_BACK}`;
    case 'paused':
      return 'The AI stays silent: an agent has paused it here. The comment /ai resume ends the pause.';
    case 'stopped':
      return 'The AI stays silent: an operator has stopped it. The desk, or npm run stop -- --end, ends the stop.';
    case 'off':
      return 'The AI stays silent: it is off. The choice “The AI” under “Break it” turns it on.';
    case 'shadow':
      return 'The AI stays silent: in shadow mode nobody in HubSpot sees its answers.';
    case 'draft':
      return 'The AI writes to agents only: each answer is an internal comment.';
    case 'approve':
      return 'The AI writes to agents first: an agent sends each answer, or does not.';
    case 'thread-spam':
      return 'The AI stays silent: HubSpot says that this conversation is spam.';
    case 'thread-archived':
      return 'The AI stays silent: the conversation is in the archive.';
    default:
      return `The AI stays silent: ${silence}.`;
  }
};

/** HubSpot's channels, for people; those that the page can write on. */
export const CHANNELS = { 'live chat': 'Live chat', email: 'Email' };

/** The page's own word for a conversation's channel: `email`, and `chat` for all others. */
export const channelOf = ({ channel }) => (channel === 'email' ? 'email' : 'chat');

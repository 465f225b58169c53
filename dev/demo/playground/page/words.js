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
  moved: { label: 'Stood down', tone: 'calm' },
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
};

/** What a run that another one started is for. */
const FOLLOW_UPS = {
  handOff: 'Handoff',
  watchPickUp: 'Does an agent come?',
  checkDelivery: 'Did the reply arrive?',
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
  'unsupported-type': 'nothing to do for this kind of event',
  comment: 'an internal comment',
  'empty-value': 'the value is empty',
  'ticketing-disabled': 'ticketing is off',
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
    default:
      return { ...known, why: IGNORED[why] ?? why ?? '' };
  }
};

/** How long an answer took, and what had to be tried again. */
const effortOf = ({ state, tookMs, retried }) => [
  ['replied', 'drafted', 'handed-off'].includes(state) && `in ${(tookMs / 1000).toFixed(1)} s`,
  ...retried.map(({ activity, attempt }) => `${activity} took ${attempt} attempts`),
];

/** A command may have been understood and refused all the same: its run says so in its reason. */
const IS_REFUSED = /refused$|^not understood|^(?:skipped|superseded|drafted|handed-off|needs-attention)\b/;

const endOf = ({ state, reason }) => {
  const isRefused = state === 'followed' && IS_REFUSED.test(reason ?? '');
  return isRefused
    ? { label: 'Command refused', tone: 'warn' }
    : (ENDS[state] ?? { label: state, tone: 'calm' });
};

/** How the run stands: a label, its tone, a reason as a code, and one in words. */
export const runInWords = (run, worker) => {
  if (run === null) return { label: 'Waiting', tone: 'busy', why: 'for its first step' };
  if (run.state !== 'running') {
    const end = endOf(run);
    const isCode = run.state === 'skipped';
    const why = isCode ? (SKIPS[run.reason] ?? '') : (run.reason ?? '');
    return { ...end, code: isCode ? run.reason : null, why: [why, ...effortOf(run)].filter(Boolean).join(', ') };
  }
  if (worker.state !== 'polls')
    return { label: 'Waiting', tone: 'warn', why: 'safe in Temporal until a worker is back' };
  if (run.retrying) {
    const { activity, attempt, at } = run.retrying;
    const next = at === null ? 'trying now' : `next try at ${timeOf(at)}`;
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

export const initialsOf = (name) =>
  name
    .split(/\s+/)
    .map((part) => part.charAt(0))
    .slice(0, 2)
    .join('')
    .toUpperCase();

/** HubSpot's channels, for people; those that the page can write on. */
export const CHANNELS = { 'live chat': 'Live chat', email: 'Email' };

import { runInWords } from './words.js';

const replied = ({ kind, run }) => kind === 'customer' && run?.state === 'replied';
const skippedFor =
  (reason) =>
  ({ run }) =>
    run?.state === 'skipped' && run.reason === reason;

/**
 * What to try in five minutes. `text` says what happens; `todo`, where a person has done the first half by hand, what
 * the other half is; `seen`, what has happened. `did` says of an event that it shows the step.
 */
export const STEPS = [
  {
    key: 'ask',
    title: 'Ask a question',
    text: 'The AI waits a moment for more words. Then it answers from a help article.',
    seen: 'The AI has answered from a help article.',
    did: replied,
  },
  {
    key: 'takeOver',
    title: 'Take over',
    text: 'You own this conversation now. The customer writes again, and the AI stays silent.',
    todo: 'You own this conversation now. Write as the customer: the AI stays silent.',
    seen: 'The AI has stayed silent. The list of events says why: owned-by-human.',
    did: skippedFor('owned-by-human'),
  },
  {
    key: 'giveBack',
    title: 'Give back',
    text: 'The AI owns this conversation again. The customer writes, and the AI answers.',
    todo: 'The AI owns this conversation again. Write as the customer, and the AI answers.',
    seen: 'The AI answers again.',
    did: replied,
  },
  {
    key: 'sayLittle',
    title: 'Say too little',
    text: 'The AI asks once what the customer means. Answer with a number, such as 2.',
    seen: 'The AI asks once what the customer means. Answer with a number, such as 2.',
    did: replied,
  },
  {
    key: 'handOff',
    title: 'Ask in German',
    text: 'No help article answers this. Agents get a ticket. The customer reads in German that a person answers.',
    seen: 'Agents have a ticket. The customer has read in German that a person answers. The AI is silent from now on.',
    did: ({ run }) => run?.state === 'handed-off',
  },
  {
    key: 'twice',
    title: 'Deliver twice',
    text: 'HubSpot delivers the same event again. There is one run and one reply.',
    todo: 'HubSpot delivers each event twice now. Write as the customer: there is one run and one reply.',
    seen: 'The second delivery of the event started no run.',
    did: ({ became }) => became === 'duplicate',
  },
  {
    key: 'kill',
    title: 'Kill the worker',
    text: 'The customer writes while no worker runs. Press “Start again” under “Break it”, and the reply comes.',
    todo: 'No worker runs now. Write as the customer. Then press “Start again” under “Break it”, and the reply comes.',
    seen: 'A worker runs again, and the customer has got one reply.',
    did: replied,
  },
  {
    key: 'lose',
    title: 'Lose an answer',
    text: 'HubSpot saves the reply, but its answer gets lost. The run finds the reply, and posts it only once.',
    todo: 'HubSpot loses its answers to posts now. Write as the customer: the reply is posted only once.',
    seen: 'HubSpot has got one reply. The run has found it, and has not repeated it.',
    did: replied,
  },
];

const entriesSince = ({ timeline }, begunAt) =>
  timeline.filter((entry) => begunAt !== undefined && entry.at >= begunAt);

/** The keys of the steps that are done: those that were, and those that this state shows so. */
export const doneSteps = (state, { begun, done }) =>
  STEPS.filter(({ key, did }) => done.includes(key) || entriesSince(state, begun[key]).some(did)).map(({ key }) => key);

/** What is broken makes a step of the next message. */
const brokenStep = ({ worker, switches }) => {
  if (worker.state === 'stopped') return 'kill';
  if (switches.hubspot === 'lost-answer') return 'lose';
  return switches.twice ? 'twice' : null;
};

/** The step that a customer's message belongs to, as things are when it is sent; `null`: none. */
export const stepOfMessage = (state, { line }) => {
  const broken = brokenStep(state);
  if (broken) return broken;
  const silence = state.thread?.silence ?? null;
  if (silence !== null) return silence === 'owned-by-human' ? 'takeOver' : null;
  const goesOn = state.thread !== null && (line?.step === 'giveBack' || line?.step === 'sayLittle');
  return goesOn ? line.step : 'ask';
};

/** The page's line on a step: what happens, what to do, what has happened, and what to try then. */
export const stepInWords = ({ step: key, byHand }, state, { begun, done }) => {
  const { title, text, todo, seen, did } = STEPS.find((step) => step.key === key);
  const entries = entriesSince(state, begun[key]);
  if (entries.some(did)) {
    const place = STEPS.findIndex((step) => step.key === key);
    const next = [...STEPS.slice(place + 1), ...STEPS.slice(0, place)].find((step) => !done.includes(step.key));
    return { title, say: next ? `${seen} Next: ${next.title}.` : seen };
  }
  const ended = entries.find(({ kind, run }) => kind === 'customer' && run && run.state !== 'running');
  if (ended) {
    const { label, why } = runInWords(ended.run, state.worker);
    return { title, say: `This message has ended in another way. ${label}: ${why || 'see its steps in the list'}.` };
  }
  if (key === 'kill' && state.worker.state !== 'stopped')
    return { title, say: 'A worker runs again. The reply comes.' };
  return { title, say: byHand && todo ? todo : text };
};

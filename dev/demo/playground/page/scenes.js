/** The AI's run of a message has ended in this state. */
const runOf = (state, words) => state.timeline.find((entry) => entry.kind === 'customer' && entry.words === words)?.run;
const hasEnded = (words) => (state) => (runOf(state, words)?.state ?? 'running') !== 'running';
const isIn =
  (words, ...states) =>
  (state) =>
    states.includes(runOf(state, words)?.state);
const repliesIn = ({ thread }) => (thread?.items ?? []).filter(({ side }) => side === 'ai').length;

const HURRY = ['Hello', 'I want to order a lamp', 'How long does shipping take?'];
const NORWAY = 'Do you ship to Norway?';
const PAY = 'How can I pay?';
const DOWN_MS = 60_000;
/** Long enough for the next message of a burst, whatever is set on the page, and however slow the browser is. */
const QUIET_MS = 3_000;

/**
 * Scenes that play by themselves. Each step says what happens (`say`), does it (`act`), and waits until the page shows
 * it (`until`). `hands` is what a person at the page can do. Each begins with nothing broken, and ends so.
 */
export const SCENES = [
  {
    key: 'hurry',
    title: 'A customer in a hurry',
    text: 'Three messages come at once. One reply answers all of them.',
    steps: [
      {
        say: 'The customer sends three messages within two seconds.',
        act: async (hands) => {
          await hands.set({ quietPeriodMs: QUIET_MS });
          await hands.begin({ channel: 'chat' });
          for (const text of HURRY) {
            await hands.write({ text });
            await hands.pause(700);
          }
        },
      },
      {
        say: 'Each message starts a run of its own. The AI waits for a quiet moment before it answers.',
        until: hasEnded(HURRY[2]),
      },
      {
        say: 'The newest run has replied. The two earlier runs see the newer message and post nothing (superseded).',
        until: (state) => HURRY.slice(0, 2).every((words) => hasEnded(words)(state)),
      },
      { say: 'The customer has written three messages and got one reply.', until: (state) => repliesIn(state) === 1 },
    ],
  },
  {
    key: 'two',
    title: 'Two people on a thread',
    text: 'A colleague of the customer joins an email. Each person gets their own answer.',
    steps: [
      {
        say: 'Alma asks by email how long shipping takes.',
        act: async (hands) => {
          await hands.begin({ channel: 'email' });
          await hands.write({
            name: 'Alma Sample',
            email: 'alma@example.org',
            subject: 'Our order',
            text: 'How long does shipping take?',
          });
        },
        until: isIn('How long does shipping take?', 'replied'),
      },
      {
        say: 'The AI has answered Alma. Now Ben writes on the same thread, from another address.',
        act: (hands) => hands.write({ name: 'Ben Sample', email: 'ben@example.org', text: NORWAY }),
        until: hasEnded(NORWAY),
      },
      { say: 'The AI takes Ben for a customer too. It sends the second answer to Ben’s address.' },
    ],
  },
  {
    key: 'loop',
    title: 'A loop with another help desk',
    text: 'Two machines write to each other. The AI ends it.',
    steps: [
      {
        say: 'Another company’s help desk writes an email. Nothing shows that it is a machine, so the AI answers it.',
        act: async (hands) => {
          await hands.set({ maxRepliesPerHour: 2 });
          await hands.begin({ channel: 'email' });
          await hands.write({
            name: 'Vendor Desk',
            email: 'desk@vendor.example',
            subject: 'Your payment terms',
            text: PAY,
          });
        },
        until: isIn(PAY, 'replied'),
      },
      {
        say: 'The other desk confirms receipt by itself. Its subject says so, so the AI does not answer.',
        act: (hands) =>
          hands.write({
            name: 'Vendor Desk',
            email: 'desk@vendor.example',
            subject: 'Automatic reply: Your payment terms',
            text: 'We have received your message. Your request has number 4711.',
          }),
        until: (state) => isIn('We have received your message. Your request has number 4711.', 'skipped')(state),
      },
      {
        say: 'Now it writes like a person. The AI answers a second time.',
        act: (hands) => hands.write({ name: 'Vendor Desk', email: 'desk@vendor.example', text: NORWAY }),
        until: hasEnded(NORWAY),
      },
      {
        say: 'It writes again. In this scene the AI may reply twice an hour on a thread, otherwise 20 times.',
        act: (hands) => hands.write({ name: 'Vendor Desk', email: 'desk@vendor.example', text: HURRY[2] }),
        until: hasEnded(HURRY[2]),
      },
      { say: 'The AI has reached the limit. It hands the thread to agents, and the loop has ended.' },
    ],
  },
  {
    key: 'down',
    title: 'HubSpot is down for a minute',
    text: 'Every call fails with status 500. The reply comes when HubSpot is back.',
    steps: [
      {
        say: 'HubSpot now answers 500 to every call. The webhook of the next message still arrives.',
        act: async (hands) => {
          await hands.set({ hubspot: 'server-error' });
          await hands.begin({ channel: 'chat' });
          await hands.write({ text: NORWAY });
        },
        until: (state) => runOf(state, NORWAY)?.retrying,
      },
      {
        say: 'The run tries the failed step again and again. The list of events shows the next try.',
        // HubSpot may be repaired by a click before the minute is over.
        until: (state, startedAt) => state.switches.hubspot === 'none' || Date.now() - startedAt > DOWN_MS,
        longest: DOWN_MS + 5_000,
      },
      {
        say: 'HubSpot works again. The next try of the run succeeds.',
        act: (hands) => hands.set({ hubspot: 'none' }),
        until: isIn(NORWAY, 'replied'),
      },
      { say: 'The customer has got one reply. Nothing was lost, and no person had to do anything.' },
    ],
  },
];

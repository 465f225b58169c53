import { globSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { type AwaitedReplyOptions, awaitedReplies } from '../../dev/demo/playground/awaited-replies.ts';
import { createPeople } from '../../dev/demo/playground/people.ts';
import { type WhySilent, whySilent } from '../../dev/demo/playground/silence.ts';
import { IGNORE_REASONS } from '../../src/api/webhook/plan.ts';
import { loadConfig } from '../../src/config.ts';
import type { PortalSettings } from '../../src/rules/settings.ts';
import { SKIP_REASONS } from '../../src/rules/skip-reasons.ts';
import { WORKFLOW_TYPES } from '../../src/runs/run-types.ts';
import { ROOT, read } from '../docs/markdown.ts';

/** The page's modules are plain JavaScript, as the browser gets them. */
const PAGE = '../../dev/demo/playground/page/';
const { becameInWords, followUpInWords, lostAnswerInWords, runInWords, silenceInWords } = await import(
  `${PAGE}words.js`
);
const { nextPerson } = await import(`${PAGE}people.js`);
const { createPlayer } = await import(`${PAGE}player.js`);
const { SCENES } = await import(`${PAGE}scenes.js`);
const { STEPS, stepInWords, stepOfMessage } = await import(`${PAGE}steps.js`);

/** Every way in which a run can end, as its result's type says. */
const OUTCOMES = [
  ...new Set(
    globSync('src/{runs,workflows}/**/*.ts', { cwd: ROOT })
      .flatMap(
        (path) => read(path).match(/(?<=outcome: )'[a-z-]+'(?: \| '[a-z-]+')*|(?<=OUTCOMES = \[).*(?=\])/g) ?? [],
      )
      .flatMap((union) => union.match(/[a-z-]+/g) ?? []),
  ),
];

const UP = { state: 'polls' };
const RUN = { state: 'running', reason: null, waitsFor: null, steps: [], retrying: null, retried: [], tookMs: null };

describe('the playground’s words', () => {
  it.each([
    'send: refused',
    'skip: refused',
    'not understood',
    'paused no more',
    'handed-off (no article answers it)',
    'superseded (superseded)',
    'drafted',
    'replied',
    'not-called (it took too long)',
    'needs-attention',
  ])('do not show a command as a success whose run says %j', (reason) => {
    expect(runInWords({ ...RUN, state: 'followed', reason }, UP)).toMatchObject({
      label: 'Command refused',
      tone: 'warn',
    });
  });

  it.each([
    'paused',
    'paused for 2 h',
    'resumed',
    'described 3 messages',
    'handed off',
    'send: replied',
    'skip: skipped (skipped-by-agent)',
  ])('show a command as a success whose run says %j', (reason) => {
    expect(runInWords({ ...RUN, state: 'followed', reason }, UP)).toMatchObject({ tone: 'good' });
  });

  it.each(IGNORE_REASONS)('say why an event was ignored: %s', (reason) => {
    const { why } = becameInWords({ became: 'ignored', why: reason });
    expect(why).toMatch(/^needs no run: .* /);
  });

  it('say which step is tried again, why, and when', () => {
    const retrying = { activity: 'post', attempt: 3, at: null };
    const run = { ...RUN, reason: 'HubSpot answered 500', retrying };
    expect(runInWords(run, UP)).toMatchObject({
      label: 'Retrying',
      code: 'post, attempt 3',
      why: 'HubSpot answered 500, the next try is under way',
    });
    const later = { ...run, retrying: { ...retrying, at: '2026-01-05T10:00:00.000Z' } };
    expect(runInWords(later, UP).why).toMatch(/^HubSpot answered 500, next try at \d\d:\d\d:\d\d$/);
  });

  it('say of a lost answer that the reply was found, not repeated, once the run has ended', () => {
    expect(lostAnswerInWords({ received: 1 }, { ...RUN, state: 'replied' })).toMatchObject({
      label: 'HubSpot received 1 POST: found, not repeated',
      tone: 'good',
    });
    expect(lostAnswerInWords({ received: 1 }, RUN)).toMatchObject({ label: 'HubSpot received 1 POST', tone: 'warn' });
    expect(lostAnswerInWords({ received: 2 }, { ...RUN, state: 'replied' })).toMatchObject({ tone: 'bad' });
  });

  it.each(SKIP_REASONS)('explain the skip reason %s', (reason) => {
    expect(runInWords({ ...RUN, state: 'skipped', reason }, UP)).toMatchObject({ code: reason, why: /\w+ \w+/ });
  });

  it.each(WORKFLOW_TYPES)('say what a run of type %s is for', (type) => {
    const { purpose } = followUpInWords({ workflow: { type }, run: RUN }, null, UP);
    expect(purpose).toMatch(/^[A-Z]/);
    expect(purpose).not.toBe(type);
  });

  it('say of each way in which a run can end what it is', () => {
    expect(OUTCOMES.length).toBeGreaterThan(25);
    const unknown = OUTCOMES.filter((state) => !/^[A-Z]/.test(runInWords({ ...RUN, state }, UP).label));
    expect(unknown).toEqual([]);
  });

  it('say of a new owner in words that the reply in progress was notified', () => {
    const reason = 'Kim Lee owns the thread, signalled message:62515:5067918784-54117a8085694b29f9eb6a9cb28d9a92';
    expect(runInWords({ ...RUN, state: 'noticed', reason }, UP).why).toBe(
      'Kim Lee owns the thread, and the reply in progress was notified',
    );
  });

  it('do not repeat the reason of the run that started another', () => {
    const ended = { ...RUN, state: 'handed-off', reason: 'no article answers it', tookMs: 1_000 };
    const shown = followUpInWords({ workflow: { type: 'handOff' }, run: ended }, ended, UP);
    expect(shown).toMatchObject({ purpose: 'Handoff', why: 'in\u00a01.0\u00a0s' });
  });
});

describe('the playground’s customers', () => {
  it('have names that differ, until each name was used', () => {
    const threads: { customer: string }[] = [];
    for (let count = 0; count < 14; count += 1) threads.push({ customer: nextPerson(threads).name });
    const names = threads.map(({ customer }) => customer);
    expect(new Set(names.slice(0, 7)).size).toBe(7);
    expect(new Set(names.slice(7)).size).toBe(7);
  });
});

const SILENCES: WhySilent[] = [
  'owned-by-human',
  'unassigned',
  'thread-spam',
  'thread-archived',
  'paused',
  'handed-off',
  'stopped',
  'off',
  'shadow',
  'draft',
  'approve',
];

describe('why the AI stays silent', () => {
  const settings = loadConfig({
    WEBHOOK_PUBLIC_URL: 'http://localhost/webhooks/hubspot',
    HUBSPOT_PORTAL_ID: '62515',
    HUBSPOT_ACCESS_TOKEN: 'pat-eu1-test',
    HUBSPOT_CLIENT_SECRET: 'a-client-secret',
    HUBSPOT_AI_ACTOR_ID: 'A-500',
  }).portals[0]?.settings as PortalSettings;
  const thread = { assignedTo: 'A-500', spam: false, archived: false };
  const { assignedTo: _, ...unowned } = thread;

  it.each([
    ['the AI owns the conversation', thread, 'auto', null, null],
    ['a person owns it', { ...thread, assignedTo: 'A-1' }, 'auto', null, 'owned-by-human'],
    [
      'a person owns it, and the AI is paused too',
      { ...thread, assignedTo: 'A-1' },
      'auto',
      'paused',
      'owned-by-human',
    ],
    ['nobody owns it', unowned, 'auto', null, 'unassigned'],
    ['the AI has left it to nobody', unowned, 'auto', 'handed-off', 'handed-off'],
    ['an agent has paused the AI', thread, 'auto', 'paused', 'paused'],
    ['an operator has stopped the AI', { ...thread, assignedTo: 'A-1' }, 'auto', 'stopped', 'stopped'],
    ['it is spam', { ...thread, spam: true }, 'auto', null, 'thread-spam'],
    ['it is in the archive', { ...thread, archived: true }, 'draft', null, 'thread-archived'],
    ['the AI is off', { ...thread, assignedTo: 'A-1' }, 'off', null, 'off'],
    ['the AI drafts on a person’s thread', { ...thread, assignedTo: 'A-1' }, 'draft', null, 'draft'],
    [
      'the AI drafts for approval, on its own alone',
      { ...thread, assignedTo: 'A-1' },
      'approve',
      null,
      'owned-by-human',
    ],
    ['the AI drafts for approval', thread, 'approve', null, 'approve'],
  ] as const)('%s', (_name, on, level, recorded, expected) => {
    expect(whySilent(on, settings, level, recorded)).toBe(expected);
  });

  it.each(SILENCES)('is said in words: %s', (silence) => {
    const words = silenceInWords({ silence, ownedBy: 'another agent', ownerName: 'Dana Wells' });
    expect(words).toMatch(/^The AI (stays silent: \w|writes to agents)/);
    expect(words).not.toContain(silence === 'paused' ? 'undefined' : `: ${silence}.`);
    expect(words.includes('Dana Wells')).toBe(silence === 'owned-by-human');
  });

  it('is not said where the AI answers', () => {
    expect(silenceInWords({ silence: null, ownedBy: 'ai', ownerName: 'the AI' })).toBe('');
  });
});

describe('the people of the demo', () => {
  const names: Record<string, string> = { 'A-77': 'Dana Wells', 'A-500': 'AI assistant' };
  const { named, nameOf } = createPeople({ aiActorId: 'A-500', appId: '9', actorName: (id) => names[id] ?? null });

  it.each([
    ['A-77 owns the thread', 'Dana Wells owns the thread'],
    ['Dana Wells (A-77) owns the thread', 'Dana Wells owns the thread'],
    ['A-90210 owns the thread', 'you own the thread'],
    ['assigned to A-77', 'assigned to Dana Wells'],
    ['A-500 owns the thread', 'the AI owns the thread'],
    ['A-771 owns the thread', 'A-771 owns the thread'],
    [
      'A-77 owns the thread, signalled message:62515:1-A-77',
      'Dana Wells owns the thread, signalled message:62515:1-A-77',
    ],
  ])('are named in place of their ids: %s', (words, expected) => {
    expect(named(words)).toBe(expected);
  });

  it('keep the id that nobody has a name for', () => {
    expect([nameOf('A-77'), nameOf('A-1'), nameOf('V-3')]).toEqual(['Dana Wells', 'A-1', 'A visitor']);
  });
});

describe('the tour’s line', () => {
  const AT = '2026-01-05T10:00:00.000Z';
  const state = (change: object = {}) => ({
    timeline: [] as object[],
    thread: null as object | null,
    switches: { hubspot: 'none', twice: false },
    worker: UP,
    ...change,
  });
  const entry = (run: object) => ({ at: AT, kind: 'customer', run: { ...RUN, ...run } });
  const say = (line: object, now: object, done: string[] = []) =>
    stepInWords(line, now, { begun: { [(line as { step: string }).step]: AT }, done }).say;
  const OWNED = { thread: { silence: 'owned-by-human' } };

  it.each([
    ['asks', state(), null, 'ask'],
    ['asks more on a thread that the AI owns', state({ thread: { silence: null } }), { step: 'ask' }, 'ask'],
    ['writes on a thread that was taken over', state(OWNED), { step: 'ask' }, 'takeOver'],
    ['writes on a thread that was given back', state({ thread: { silence: null } }), { step: 'giveBack' }, 'giveBack'],
    ['answers the AI’s question', state({ thread: { silence: null } }), { step: 'sayLittle' }, 'sayLittle'],
    ['begins a chat after giving one back', state(), { step: 'giveBack' }, 'ask'],
    ['writes without a worker', state({ worker: { state: 'stopped' } }), { step: 'ask' }, 'kill'],
    ['writes while answers get lost', state({ switches: { hubspot: 'lost-answer' } }), null, 'lose'],
    ['writes while events come twice', state({ switches: { hubspot: 'none', twice: true } }), null, 'twice'],
    ['writes where the AI is paused', state({ thread: { silence: 'paused' } }), { step: 'ask' }, null],
  ])('follows a customer who %s', (_name, now, line, step) => {
    expect(stepOfMessage(now, { line })).toBe(step);
  });

  it.each<string>(STEPS.map(({ key }: { key: string }) => key))(
    'says what happens, what to do and what has happened: %s',
    (step) => {
      const { text, todo = text, seen, did } = STEPS.find(({ key }: { key: string }) => key === step);
      const now = state(step === 'kill' ? { worker: { state: 'stopped' } } : {});
      expect(say({ step, byHand: false }, now)).toBe(text);
      expect(say({ step, byHand: true }, now)).toBe(todo);
      const events = [
        entry({ state: 'replied' }),
        entry({ state: 'skipped', reason: 'owned-by-human' }),
        entry({ state: 'handed-off' }),
        { at: AT, kind: 'customer', became: 'duplicate', run: null },
      ];
      expect(say({ step, byHand: false }, state({ timeline: events.filter(did) }))).toMatch(`${seen} Next: `);
    },
  );

  it('says how a message has ended that did not show the step', () => {
    const timeline = [entry({ state: 'handed-off', reason: 'no article answers it', tookMs: 1_000 })];
    expect(say({ step: 'ask' }, state({ timeline }))).toMatch(
      /ended in another way\. Handed off: no article answers it/,
    );
  });

  it('names the next step that is not done, and none after the last', () => {
    const timeline = [entry({ state: 'replied' })];
    const all: string[] = STEPS.map(({ key }: { key: string }) => key);
    expect(say({ step: 'ask' }, state({ timeline }), ['ask', 'takeOver'])).toMatch(/Next: Give back\.$/);
    expect(say({ step: 'lose' }, state({ timeline }), all.slice(1))).toMatch(/Next: Ask a question\.$/);
    expect(say({ step: 'ask' }, state({ timeline }), all)).not.toContain('Next');
  });
});

describe('a reply that is on the way', () => {
  const entry = {
    threadId: '7',
    kind: 'customer',
    became: 'started',
    workflow: { type: 'replyToMessage' },
    run: RUN,
    event: { messageId: 'm1' },
  };
  const awaited = (change: object, options: Partial<AwaitedReplyOptions> = {}) =>
    awaitedReplies([{ ...entry, ...change }] as unknown as Parameters<typeof awaitedReplies>[0], {
      isWorkerUp: true,
      silenceOn: () => null,
      hasAgentReplied: () => false,
      ...options,
    }).get('7');

  it.each([
    ['is being written', {}, true, 'writing'],
    ['is being written from the first moment', { run: null }, true, 'writing'],
    ['waits while a step is tried again', { run: { ...RUN, retrying: { attempt: 2 } } }, true, 'waiting'],
    ['waits without a worker', {}, false, 'waiting'],
    ['is there', { run: { ...RUN, state: 'replied' } }, true, undefined],
    ['is a draft that waits for an agent', { run: { ...RUN, waitsFor: 'an agent’s decision on it' } }, true, undefined],
    ['is the first delivery’s', { became: 'duplicate' }, true, undefined],
    ['is none: agents wrote', { kind: 'agent' }, true, undefined],
  ] as const)('%s', (_name, change, isWorkerUp, expected) => {
    expect(awaited(change, { isWorkerUp })).toBe(expected);
  });

  it.each(SILENCES)('is not on the way where the AI stays silent: %s', (silence) => {
    const isDraft = ['draft', 'approve', 'shadow'].includes(silence);
    expect(awaited({}, { silenceOn: () => silence })).toBe(isDraft ? 'drafting' : undefined);
    const retried = { run: { ...RUN, retrying: { attempt: 2 } } };
    expect(awaited(retried, { silenceOn: () => silence })).toBe(isDraft ? 'waiting' : undefined);
  });

  it('is not on the way once an agent has answered the customer', () => {
    expect(awaited({}, { hasAgentReplied: () => true })).toBeUndefined();
  });
});

describe('a scene', () => {
  /** Hands that note what they were asked to do, and a page that shows it once it looks. */
  const play = () => {
    const did: unknown[] = [];
    const lines: { say: string; place: string; plays: boolean }[] = [];
    let switches = { autonomy: 'draft', maxRepliesPerHour: 20, quietPeriodMs: 0 };
    const hands = {
      repair: async () => did.push('repair'),
      set: async (change: object) => {
        did.push(change);
        switches = { ...switches, ...change };
      },
    };
    const state = { switches, isThere: false };
    const player = createPlayer({
      hands,
      look: async () => {
        state.switches = switches;
      },
      stateNow: () => state,
      onLine: (line: (typeof lines)[number] | null) => line && lines.push(line),
      readMs: 1,
    });
    return { did, lines, state, player };
  };
  const BEFORE = { hubspot: 'none', maxRepliesPerHour: 20, quietPeriodMs: 0, autonomy: 'draft' };

  it('does its steps in order, says each, and puts back what it has changed', async () => {
    const { did, lines, state, player } = play();
    const act = async ({ set }: { set: (change: object) => Promise<void> }) => {
      await set({ maxRepliesPerHour: 2 });
      state.isThere = true;
    };
    await player.play({
      title: 'A scene',
      text: 'What it shows.',
      steps: [{ say: 'One.', act, until: ({ isThere }: { isThere: boolean }) => isThere }, { say: 'Two.' }],
    });
    expect(did).toEqual(['repair', { autonomy: 'auto' }, { maxRepliesPerHour: 2 }, BEFORE]);
    expect(lines.map(({ say, place, plays }) => [say, place, plays])).toEqual([
      ['What it shows.', null, true],
      ['One.', '1 of 2', true],
      ['Two.', '2 of 2', true],
      ['Two.', 'The end', false],
    ]);
  });

  it('says so when what it waits for does not come, and puts everything back', async () => {
    const { did, lines, player } = play();
    const steps = [{ say: 'One.', until: () => false, longest: 5 }];
    await player.play({ title: 'A scene', text: 'What it shows.', steps });
    expect(lines.at(-1)).toMatchObject({ say: 'This takes longer than the scene waits.', place: 'Stopped' });
    expect(did.at(-1)).toEqual(BEFORE);
  });

  it('ends when it is stopped, and when another begins, which waits until everything is put back', async () => {
    const { did, lines, state, player } = play();
    const begun = Promise.withResolvers<void>();
    const act = async ({ set }: { set: (change: object) => Promise<void> }) => {
      await set({ maxRepliesPerHour: 2 });
      state.switches = { ...state.switches, maxRepliesPerHour: 2 };
      begun.resolve();
    };
    const endless = { title: 'Endless', text: 'It waits.', steps: [{ say: 'One.', act, until: () => false }] };
    const first = player.play(endless);
    await begun.promise;
    const second = player.play({ title: 'Short', text: 'It ends.', steps: [{ say: 'Only this.' }] });
    await Promise.all([first, second]);
    expect(lines.at(-1)).toMatchObject({ say: 'Only this.', place: 'The end' });
    expect(did.at(-1)).toEqual(BEFORE);
    const third = player.play(endless);
    player.stop();
    await third;
    expect(did.at(-1)).toEqual(BEFORE);
  });

  it.each(SCENES as { title: string; text: string; steps: { say: string }[] }[])(
    'explains itself in short sentences: $title',
    ({ text, steps }) => {
      for (const line of [text, ...steps.map(({ say }) => say)]) {
        for (const sentence of line.split(/(?<=[.!?])\s/)) expect(sentence.split(' ').length).toBeLessThan(22);
        expect(line).not.toMatch(/;/);
      }
    },
  );
});

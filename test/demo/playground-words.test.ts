import { globSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { awaitedReplies } from '../../dev/demo/playground/awaited-replies.ts';
import { IGNORE_REASONS } from '../../src/api/webhook/plan.ts';
import { SKIP_REASONS } from '../../src/rules/skip-reasons.ts';
import { WORKFLOW_TYPES } from '../../src/runs/run-types.ts';
import { ROOT, read } from '../docs/markdown.ts';

/** The page's modules are plain JavaScript, as the browser gets them. */
const PAGE = '../../dev/demo/playground/page/';
const { becameInWords, followUpInWords, lostAnswerInWords, runInWords } = await import(`${PAGE}words.js`);
const { nextPerson } = await import(`${PAGE}people.js`);
const { createPlayer } = await import(`${PAGE}player.js`);
const { SCENES } = await import(`${PAGE}scenes.js`);

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
    expect(why).toMatch(/ /);
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
    expect(shown).toMatchObject({ purpose: 'Handoff', why: 'in 1.0 s' });
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

describe('a reply that is on the way', () => {
  const entry = { threadId: '7', kind: 'customer', became: 'started', workflow: { type: 'replyToMessage' }, run: RUN };
  const awaited = (change: object, isWorkerUp = true) =>
    awaitedReplies([{ ...entry, ...change }] as unknown as Parameters<typeof awaitedReplies>[0], isWorkerUp).get('7');

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
    expect(awaited(change, isWorkerUp)).toBe(expected);
  });
});

describe('a scene', () => {
  /** Hands that note what they were asked to do, and a page that shows it at once. */
  const play = () => {
    const did: unknown[] = [];
    const lines: { say: string; place: string; plays: boolean }[] = [];
    const hands = {
      repair: async () => did.push('repair'),
      set: async (change: object) => did.push(change),
    };
    const state = { switches: { autonomy: 'draft', maxRepliesPerHour: 20 }, isThere: false };
    const player = createPlayer({
      hands,
      stateNow: () => state,
      onLine: (line: (typeof lines)[number] | null) => line && lines.push(line),
      readMs: 1,
    });
    return { did, lines, state, player };
  };
  const BEFORE = { hubspot: 'none', maxRepliesPerHour: 20, autonomy: 'draft' };

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
    const { did, lines, player } = play();
    const endless = { title: 'Endless', text: 'It waits.', steps: [{ say: 'One.', until: () => false }] };
    const first = player.play(endless);
    const second = player.play({ title: 'Short', text: 'It ends.', steps: [{ say: 'Only this.' }] });
    await Promise.all([first, second]);
    expect(lines.at(-1)).toMatchObject({ say: 'Only this.', place: 'The end' });
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

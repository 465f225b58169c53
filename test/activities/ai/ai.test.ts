import { beforeEach, describe, expect, it } from '@jest/globals';
import { ApplicationFailure } from '@temporalio/common';
import { type AiActivities, type Answered, createAiActivities, sendable } from '../../../src/activities/ai/ai.ts';
import type { AiAnswer, AiBackend, ReplyRequest } from '../../../src/ai/backend.ts';
import { AiRefused, AiUnavailable, AiUnreadable } from '../../../src/ai/errors.ts';
import type { Prices } from '../../../src/ai/prices.ts';
import type { MessageId, PortalId, ThreadId } from '../../../src/hubspot/ids.ts';
import { utcDay } from '../../../src/rules/utc-day.ts';
import type { SessionStore } from '../../../src/sessions/store.ts';
import type { Admission, AiCall, AiCallLimits, AskedCall } from '../../../src/sessions/usage.ts';
import { attempt } from '../../support/activities.ts';

const reply = (text: string): AiAnswer => ({ action: 'reply', text, sources: [], confidence: null, aiSessionId: null });

const request: ReplyRequest = {
  portalId: '62515' as PortalId,
  threadId: '987' as ThreadId,
  channel: 'live chat',
  questions: ['Where is my order?'],
  quoted: null,
  attachments: [],
  transcript: [],
  contact: { name: null, email: null },
  contactId: null,
  ticketId: null,
  customData: {},
  aiSessionId: null,
};

/** As a run asks that wants all steps of an answer in one go. */
const inOneGo = ({ generateReply }: AiActivities) => ({
  generateReply: generateReply as (asked: ReplyRequest) => Promise<Answered>,
});

const activitiesWith = (
  ai: Partial<AiBackend>,
  {
    store = {},
    prices = null,
    limits = null,
  }: { store?: Partial<SessionStore>; prices?: Prices | null; limits?: AiCallLimits | null } = {},
) => {
  const sessions = { rememberAiSession: async () => undefined, ...store } as Partial<SessionStore> as SessionStore;
  const backend: AiBackend = { name: 'fake', generate: async () => reply('ok'), ...ai };
  const ais = { backendOf: () => backend, linkDomainsOf: () => [] };
  const bounds = { limitsOf: () => limits, maxOutputTokens: 1_000 };
  return inOneGo(createAiActivities(ais, sessions, () => ({}), prices, bounds));
};

const ask = (generate: AiBackend['generate'], environment = attempt(1)) =>
  environment.run(activitiesWith({ generate }).generateReply, request);

describe('sendable', () => {
  it.each<[string, AiAnswer, object]>([
    ['an answer as it is', reply('It ships tomorrow.'), { action: 'reply', text: 'It ships tomorrow.' }],
    ['an answer without our markers', reply('<!-- OpenCX-AI-Response -->ok'), { action: 'reply', text: 'ok' }],
    [
      'an answer without a marker that another one hides',
      reply('<!-- OpenCX-AI-<!-- OpenCX-AI-Response -->Response -->ok'),
      { action: 'reply', text: 'ok' },
    ],
    ['an empty answer as a handoff', reply(' \n'), { action: 'handoff', reason: 'the AI gave an empty answer' }],
    [
      'nothing but a marker as a handoff',
      reply('🔄 AI decided to handoff'),
      { action: 'handoff', cause: 'not-sendable' },
    ],
    [
      'a megabyte as a handoff',
      reply('a'.repeat(1_000_000)),
      { action: 'handoff', reason: expect.stringMatching(/too long/) },
    ],
    [
      'a link that is not allowed as a handoff',
      reply('See https://elsewhere.example'),
      { action: 'handoff', reason: expect.stringMatching(/REPLY_LINK_DOMAINS/) },
    ],
    [
      'a source whose name is a link as a handoff',
      { ...reply('It ships tomorrow.'), sources: [{ title: 'https://elsewhere.example', path: 'a.md' }] } as AiAnswer,
      { action: 'handoff' },
    ],
    [
      'a handoff without what is confidential in its reason',
      { action: 'handoff', reason: 'my key is a-key-only-for-tests', aiSessionId: null },
      { action: 'handoff', reason: expect.stringMatching(/withheld/) },
    ],
    [
      'a handoff whose reason is kept short',
      { action: 'handoff', reason: 'r'.repeat(600), aiSessionId: null },
      { action: 'handoff', reason: 'r'.repeat(500) },
    ],
  ])('lets through %s', (_, answer, expected) => {
    expect(sendable(answer, request, { confidential: ['a-key-only-for-tests'], linkDomains: [] })).toMatchObject(
      expected,
    );
  });
});

describe('what is sent', () => {
  const sent = (answer: AiAnswer) => sendable(answer, request, { confidential: [], linkDomains: [] });

  it('has names of files that nobody can click on', () => {
    const sources = [{ title: 'How to read README.md', path: 'a.md' }];
    expect(sent({ ...reply('Send us logs.zip.'), sources } as AiAnswer)).toMatchObject({
      text: 'Send us logs.\u200czip.',
      sources: [{ title: 'How to read README.\u200cmd' }],
    });
  });

  it('leaves out its sources where only these make it too long', () => {
    const sources = [{ title: 'Returns, refunds and exchanges of orders', path: 'a.md' }];
    const long = { ...reply('a'.repeat(1_990)), sources } as AiAnswer;
    expect(sent(long)).toMatchObject({ action: 'reply', sources: [] });
    expect(sent({ ...reply('a'.repeat(1_900)), sources } as AiAnswer)).toMatchObject({ sources });
    // What posts it shortens it; what no channel takes is no answer.
    expect(sent(reply('a'.repeat(2_001)))).toMatchObject({ action: 'reply' });
    expect(sent(reply('a'.repeat(20_001)))).toMatchObject({ action: 'handoff' });
    expect(sent(reply(`**Note** ${'a'.repeat(1_995)}`))).toMatchObject({ action: 'reply' });
  });

  it('names no language that is none', () => {
    const handoff = (language: string): AiAnswer => ({ action: 'handoff', reason: 'r', aiSessionId: null, language });
    expect(sent(handoff('https://evil.example'))).not.toHaveProperty('language');
    expect(sent(handoff('de-AT'))).toHaveProperty('language', 'de-AT');
  });
});

describe('generateReply', () => {
  const photo = { name: 'a.png', type: 'IMAGE', messageId: 'm-1' as MessageId };

  it('says which kinds of files were not read: what the backend says, else all of them', async () => {
    const asked = { ...request, attachments: [photo, { ...photo, name: 'Kim.Jones' }] };
    const unreadOf = async (answer: Partial<AiAnswer>) => {
      const { generateReply } = activitiesWith({ generate: async () => ({ ...reply('ok'), ...answer }) as AiAnswer });
      return ((await attempt(1).run(generateReply, asked)) as AiAnswer).unreadFiles;
    };
    expect(await unreadOf({})).toEqual(['png', 'image']);
    expect(await unreadOf({ unreadFiles: ['pdf'] })).toEqual(['pdf']);
    expect(await unreadOf({ unreadFiles: [] })).toEqual([]);
    expect(await ask(async () => reply('ok'))).not.toHaveProperty('unreadFiles');
  });

  it('asks about nothing but files only an AI that reads them', async () => {
    const files = { ...request, questions: [''], attachments: [photo], aiSessionId: 's-1' };
    const answerOf = (ai: Partial<AiBackend>) => attempt(1).run(activitiesWith(ai).generateReply, files);
    expect(await answerOf({ readsFiles: true })).toMatchObject({ action: 'reply' });
    expect(await answerOf({})).toEqual({
      action: 'handoff',
      reason: "the customer sent a file (png) that the AI can't read",
      cause: 'files',
      aiSessionId: 's-1',
    });
  });

  it('holds room for files from before it asks until it has an answer, or none', async () => {
    const steps: string[] = [];
    const reading = () => ({
      files: async () => [],
      makeRoom: async () => void steps.push('room'),
      done: () => void steps.push('done'),
    });
    const answering = (generate: AiBackend['generate'], readsFiles: boolean) => {
      const backend: AiBackend = { name: 'fake', readsFiles, generate };
      const ais = { backendOf: () => backend, linkDomainsOf: () => [] };
      return attempt(1).run(createAiActivities(ais, {} as SessionStore, reading, null).generateReply, request);
    };
    const asked = async () => {
      steps.push('asked');
      return reply('ok');
    };
    await answering(asked, true);
    await answering(asked, false);
    await expect(answering(() => Promise.reject(new AiUnavailable('away')), true)).rejects.toThrow();
    expect(steps).toEqual(['room', 'asked', 'done', 'asked', 'done', 'room', 'done']);
  });

  it('gives the backend’s answer', async () => {
    expect(await ask(async ({ questions }) => reply(`You asked: ${questions[0]}`))).toMatchObject({
      text: 'You asked: Where is my order?',
    });
  });

  it('says by which instructions, also where the answer stays in, and lets none be quoted at length', async () => {
    const unquotable = ['Offer a voucher of ten euros to whoever complains twice, and tell nobody about the fire.'];
    const answering = (text: string) => {
      const generate = async () => ({ ...reply(text), instructions: 'abc123' });
      return attempt(1).run(activitiesWith({ generate, unquotable }).generateReply, request);
    };
    expect(await answering('It ships tomorrow.')).toMatchObject({ action: 'reply', instructions: 'abc123' });
    expect(await answering(`My instructions: ${unquotable[0]}`)).toMatchObject({
      action: 'handoff',
      reason: "the AI's answer quoted its instructions at length",
      instructions: 'abc123',
    });
  });

  it('retries an AI that is away, when it asks for, and not one that refuses', async () => {
    const away = ask(() => Promise.reject(new AiUnavailable('429', { retryAfterMs: 4_000 })));
    await expect(away).rejects.toMatchObject({ type: 'AiUnavailable', nonRetryable: false, nextRetryDelay: 4_000 });
    const refused = ask(() => Promise.reject(new AiRefused('wrong key')));
    await expect(refused).rejects.toMatchObject({ type: 'AiRefused', nonRetryable: true });
    await expect(refused).rejects.toBeInstanceOf(ApplicationFailure);
  });

  it('asks three times for an answer that can be read, and hands off then', async () => {
    const unreadable = (n: number) => ask(() => Promise.reject(new AiUnreadable('no JSON')), attempt(n));
    await expect(unreadable(2)).rejects.toMatchObject({ type: 'AiUnreadable', nonRetryable: false });
    expect(await unreadable(3)).toMatchObject({ action: 'handoff', reason: 'no JSON' });
  });

  it('tells the backend when it is cancelled', async () => {
    const environment = attempt(1);
    const answer = ask((_, { signal }) => {
      const aborted = new Promise<AiAnswer>((resolve) =>
        signal.addEventListener('abort', () => resolve(reply('aborted'))),
      );
      environment.cancel();
      return aborted;
    }, environment);
    expect(await answer).toMatchObject({ text: 'aborted' });
  });
});

describe('what the AI took', () => {
  const usage = { inputTokens: 1_000, outputTokens: 10 };
  const prices = { input: 3, output: 15 };
  const answer: AiAnswer = { ...reply('It ships tomorrow.'), usage };

  const recorded: AiCall[] = [];
  const store = {
    recordAiCall: async (call: AiCall) => {
      recorded.push(call);
      return { inputTokens: 5_000, outputTokens: 50, cost: 15_750 };
    },
  };
  beforeEach(() => {
    recorded.length = 0;
  });

  it('is recorded with the thread and the day, and comes with the answer', async () => {
    const { generateReply } = activitiesWith({ generate: async () => answer }, { store, prices });
    const { spent } = (await attempt(2).run(generateReply, request)) as Answered;
    expect(spent).toEqual({ ...usage, cost: 3_150, threadCost: 15_750 });
    const { portalId, threadId } = request;
    const callId = expect.stringMatching(/:2$/);
    expect(recorded).toEqual([{ callId, portalId, threadId, day: utcDay(Date.now()), ...usage, cost: 3_150 }]);
  });

  it('is told without a cost where no prices are set, and not at all where the AI doesn’t tell', async () => {
    const told = activitiesWith({ generate: async () => answer }, { store });
    expect(await attempt(1).run(told.generateReply, request)).toMatchObject({
      spent: { ...usage, cost: null, threadCost: null },
    });
    const silent = activitiesWith({}, { store, prices });
    expect(await attempt(1).run(silent.generateReply, request)).not.toHaveProperty('spent');
    expect(recorded).toMatchObject([{ cost: null }]);
  });

  it.each([
    ['fails', () => Promise.reject(new Error('the database is away'))],
    ['hangs', () => new Promise<never>(() => undefined)],
  ])('costs no second call of the AI where the store %s', async (_, recordAiCall) => {
    const { generateReply } = activitiesWith({ generate: async () => answer }, { store: { recordAiCall }, prices });
    expect(await attempt(1).run(generateReply, request)).toMatchObject({
      action: 'reply',
      spent: { cost: 3_150, threadCost: null },
    });
  });

  it('counts also where the answer may not go out, or can’t be read', async () => {
    const empty = activitiesWith({ generate: async () => ({ ...reply(''), usage }) }, { store, prices });
    expect(await attempt(1).run(empty.generateReply, request)).toMatchObject({ action: 'handoff', spent: usage });
    const unreadable = activitiesWith(
      { generate: () => Promise.reject(new AiUnreadable('no JSON', usage)) },
      { store, prices },
    );
    await expect(attempt(1).run(unreadable.generateReply, request)).rejects.toMatchObject({ type: 'AiUnreadable' });
    expect(await attempt(3).run(unreadable.generateReply, request)).toMatchObject({ action: 'handoff', spent: usage });
    expect(recorded).toHaveLength(3);
  });

  it('is a whole number of tokens, and no more than can be', async () => {
    const odd = { ...reply('ok'), usage: { inputTokens: 10.4, outputTokens: 1e300 } };
    const { generateReply } = activitiesWith({ generate: async () => odd }, { store });
    await attempt(1).run(generateReply, request);
    expect(recorded).toMatchObject([{ inputTokens: 10, outputTokens: 1_000_000_000 }]);
  });
});

describe('the limits of the AI', () => {
  const usage = { inputTokens: 1_000, outputTokens: 10 };
  const prices = { input: 3, output: 15 };
  const LIMITS: AiCallLimits = { ceiling: 500_000, callsPerHour: 30 };
  let admission: Admission;
  let asked: AskedCall[];
  let fate: string[];
  const store = {
    admitAiCall: async (call: AskedCall) => {
      asked.push(call);
      return admission;
    },
    settleAiCall: async (_: string, untold: number) =>
      void fate.push(untold === 0 ? 'free' : `may have cost ${untold}`),
    releaseAiCall: async () => void fate.push('released'),
    recordAiCall: async ({ cost }: AiCall) => {
      fate.push(`cost ${cost}`);
      return { inputTokens: 0, outputTokens: 0, cost: 0 };
    },
  };
  beforeEach(() => {
    admission = 'admitted';
    asked = [];
    fate = [];
  });
  const under = (generate: AiBackend['generate'], changes: Partial<SessionStore> = {}) =>
    activitiesWith({ generate }, { store: { ...store, ...changes }, prices, limits: LIMITS }).generateReply;
  const answers = under(async () => ({ ...reply('ok'), usage }));

  it.each<[Admission, string, RegExp]>([
    ['over-ceiling', 'ceiling', /^today's ceiling for the AI, 0\.50, is spent/],
    ['over-calls', 'calls', /^the AI has been asked 30 times within an hour/],
  ])('%s: the message is handed over, and the AI is not asked', async (verdict, limit, reason) => {
    admission = verdict;
    const generate = under(() => Promise.reject(new Error('asked all the same')));
    expect(await attempt(1).run(generate, request)).toEqual({
      ...{ action: 'handoff', cause: 'limit', limit, reason: expect.stringMatching(reason), aiSessionId: null },
    });
    expect(fate).toEqual([]);
  });

  it('busy: another try soon, and the AI is not asked', async () => {
    admission = 'busy';
    const generate = under(() => Promise.reject(new Error('asked all the same')));
    await expect(attempt(1).run(generate, request)).rejects.toMatchObject({
      ...{ type: 'AiUnavailable', nonRetryable: false, nextRetryDelay: 1_000 },
    });
  });

  it('keep it from being asked where the store is away', async () => {
    const generate = under(() => Promise.reject(new Error('asked all the same')), {
      admitAiCall: () => Promise.reject(new Error('the database is away')),
    });
    await expect(attempt(1).run(generate, request)).rejects.toThrow('the database is away');
  });

  it('are told what a call may cost at most, and for whom it is, by nothing that tells who that is', async () => {
    const someone = { ...request, contactId: '31', contact: { name: 'Kim', email: 'Kim@Example.com' } };
    for (const each of [someone, { ...someone, contact: { name: null, email: 'kim@example.com' } }, request])
      await attempt(1).run(answers, each);
    const [first, second, third] = asked;
    expect(first?.askers).toHaveLength(3);
    expect(second?.askers).toEqual(first?.askers);
    expect(third?.askers).toEqual(first?.askers.slice(2));
    // The time of a call may hold any digits.
    expect(JSON.stringify(asked.map((call) => ({ ...call, at: 0 })))).not.toMatch(/kim|"31"|987/i);
    // Four steps, each with the longest answer.
    expect(first?.held).toBeGreaterThan(4 * 1_000 * prices.output);
    expect(first?.held).toBe(4 * (first?.ifLost ?? 0));
  });

  const fateOf = async (generate: AiBackend['generate']): Promise<string[]> => {
    const environment = attempt(1);
    await environment.run(under(generate), request).catch(() => undefined);
    return fate;
  };
  const refuse = (error: unknown): Promise<never> => Promise.reject(error);
  const mayHaveCost = expect.stringMatching(/^may have cost \d{5}$/);

  it.each<[string, AiBackend['generate'], unknown[]]>([
    ['an answer that tells what it took', async () => ({ ...reply('ok'), usage }), ['cost 3150']],
    ['one that tells nothing', async () => reply('ok'), ['free']],
    ['one that can’t be read', () => refuse(new AiUnreadable('no JSON', usage)), ['cost 3150']],
    ['one that can’t be read, and tells nothing', () => refuse(new AiUnreadable('no JSON')), ['free']],
    ['an AI that is away', () => refuse(new AiUnavailable('503')), ['released']],
    ['a key that is refused', () => refuse(new AiRefused('401')), ['released']],
    ['an answer that comes too late', () => refuse(new AiUnavailable('slow', { wasAtWork: true })), [mayHaveCost]],
    ['a call that is broken off', () => refuse(new Error('cancelled')), [mayHaveCost]],
    [
      'an AI that goes away after a step',
      (_, { noteStep }) => {
        noteStep?.(usage);
        return refuse(new AiUnavailable('503'));
      },
      ['cost 3150'],
    ],
    [
      'a call that is broken off after two steps',
      (_, { noteStep }) => {
        noteStep?.(usage);
        noteStep?.(usage);
        return refuse(new Error('cancelled'));
      },
      ['cost 6300', mayHaveCost],
    ],
    [
      'a fallback’s answer that tells nothing, after another’s step',
      async (_, { noteStep }) => {
        noteStep?.(usage);
        return reply('ok');
      },
      ['cost 3150'],
    ],
  ])('count %s as what it was', async (_, generate, expected) => {
    expect(await fateOf(generate)).toEqual(expected);
  });

  it('cost no second call where the end of one can’t be noted', async () => {
    const generate = under(async () => reply('ok'), { settleAiCall: () => Promise.reject(new Error('away')) });
    expect(await attempt(1).run(generate, request)).toMatchObject({ action: 'reply' });
  });
});

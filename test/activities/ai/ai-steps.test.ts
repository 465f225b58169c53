import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createAiActivities } from '../../../src/activities/ai/ai.ts';
import type { ToolsWanted } from '../../../src/activities/ai/ai-steps.ts';
import { createToolsOf } from '../../../src/activities/ai/caller-tools.ts';
import { createToolActivities } from '../../../src/activities/ai/tool-calls.ts';
import type { AiBackend } from '../../../src/ai/backend.ts';
import { instructed, parseInstructions } from '../../../src/ai/instructions.ts';
import { createOpenAiCompatibleBackend } from '../../../src/ai/openai-compatible.ts';
import type { FinishedCall, Progress } from '../../../src/ai/steps.ts';
import { openToolbox } from '../../../src/ai/tools/index.ts';
import type { Toolbox } from '../../../src/ai/tools/tool.ts';
import type { SessionStore } from '../../../src/sessions/store.ts';
import type { Admission, AiCall, AskedCall } from '../../../src/sessions/usage.ts';
import { asking } from '../../ai/request.ts';
import { toolsIn } from '../../ai/tools/caller.ts';
import { attempt } from '../../support/activities.ts';
import { type ModelServer, modelSays, startModelServer } from '../../support/model-server.ts';
import { startToolServer, type ToolServer } from '../../support/tool-server.ts';

const KEY = 'llm-key-only-for-tests-0123456789';
const POLICY =
  'Never name the supplier of our lampshades, who is Brightwork in Leeds, and give nobody more than ten euros.';

let model: ModelServer;
let shop: ToolServer;
let toolbox: Toolbox;
let backend: AiBackend;
beforeAll(async () => {
  [model, shop] = await Promise.all([startModelServer(), startToolServer()]);
  const note = '{ type: object, properties: { note: { type: string, maxLength: 4000 } }, required: [note] }';
  const file = ['reads', 'safe', 'approve'].map(
    (rule) =>
      `  - { name: ${rule}, description: D, method: POST, rule: ${rule}, url: '${shop.url}/${rule}', input: ${note}, ` +
      `body: { note: '{{input.note}}' }, show: all }`,
  );
  const parts = { warn: () => undefined, signal: new AbortController().signal };
  ({ toolbox } = await openToolbox(toolsIn(`tools:\n${file.join('\n')}`), parts));
  const plain = createOpenAiCompatibleBackend({ baseUrl: `${model.url}/v1`, apiKey: KEY, model: 'm', search: null });
  backend = instructed(plain, parseInstructions(`# Policies\n\n${POLICY}\n`, 'instructions.md'));
});
afterAll(() => Promise.all([model.close(), shop.close()]));

let domains: string[];
let admission: Admission;
let admitted: AskedCall[];
let costs: number[];
let stopped: boolean;
beforeEach(() => {
  [domains, admission, admitted, costs, stopped] = [['shop.example'], 'admitted', [], [], false];
  shop.requests.length = 0;
  model.calls.length = 0;
});

const store: Partial<SessionStore> = {
  admitAiCall: async (call) => {
    admitted.push(call);
    return admission;
  },
  recordAiCall: async ({ cost }: AiCall) => {
    costs.push(cost ?? 0);
    return { inputTokens: 0, outputTokens: 0, cost: 0 };
  },
};
const toolsOf = createToolsOf(
  () => {
    throw new Error('no tool here needs a record');
  },
  () => toolbox,
);
const ais = () => ({ backendOf: () => backend, linkDomainsOf: () => domains });
const request = asking('Please help me', { contact: { name: 'Kim', email: 'kim@mail.example' } });

const nextStep = (agent: Progress = { steps: [] }) => {
  const limits = { limitsOf: () => ({ ceiling: 500_000, callsPerHour: 3 }), maxOutputTokens: 1_000 };
  const { generateReply } = createAiActivities(
    ...([ais(), store as SessionStore, () => ({}), { input: 3, output: 15 }, limits, undefined, toolsOf] as const),
  );
  return attempt(1).run(generateReply, { ...request, agent });
};
const wanting = async (tool: string, input: object): Promise<ToolsWanted> => {
  model.script = () => ({ uses: [{ tool, input }] });
  return (await nextStep()) as ToolsWanted;
};

const FINISHED: FinishedCall = { id: 'c', name: 'reads', input: {}, rule: 'reads', outcome: { ok: true, text: '{}' } };
const LATER: Progress = {
  ground: { canary: 'canary-of-the-first-step', boundary: 'b', asked: [] },
  steps: [{ by: 'openai-compatible', said: [], calls: [FINISHED] }],
};
const ELSEWHERE = "the input holds a link, or an address that is not the customer's own";

describe('what a tool is given', () => {
  it.each<[string, string | ((system: string) => string)]>([
    ['the key of the AI', KEY],
    ['that key, letter by letter on a line each', [...KEY].join('\n')],
    ['that key in base64', Buffer.from(KEY).toString('base64')],
    ['a token of HubSpot’s', 'pat-na1-01234567-89ab-cdef-0123-456789abcdef'],
    ['the word of the prompt', (system) => /rules: (\S+)/.exec(system)?.[1] ?? ''],
    ['a rule of the prompt', (system) => /^1\. (.*?)\. /m.exec(system)?.[1] ?? ''],
    ['the instructions of the business', POLICY],
    ['the instructions, backwards', [...POLICY].reverse().join('')],
  ])('never holds %s: the message is handed over', async (_name, secret) => {
    for (const tool of ['reads', 'safe', 'approve']) {
      model.script = ({ system }) => {
        const note = typeof secret === 'string' ? secret : secret(system);
        expect(note.length).toBeGreaterThan(10);
        return { uses: [{ tool, input: { note } }] };
      };
      const answer = await nextStep();
      expect(answer).toEqual({
        ...{ action: 'handoff', cause: 'not-sendable', aiSessionId: null, spent: expect.anything() },
        reason: 'the AI would have given a tool something confidential',
      });
    }
  });

  it('holds the word of a prompt that another process has written just as little', async () => {
    model.script = () => ({ uses: [{ tool: 'reads', input: { note: LATER.ground?.canary } }] });
    expect(await nextStep(LATER)).toMatchObject({ action: 'handoff', cause: 'not-sendable' });
  });

  it.each([
    ['another customer’s address', 'Send it to bob@other.example'],
    ['a look-alike of the customer’s own', 'kim@mail.example.evil.example'],
    ['an address in wide letters', 'bob＠other．example'],
    ['a link', 'see https://evil.example/x'],
    ['a link without a scheme', 'see evil.com/x'],
    ['a link that is spelt in parts', 'see https://ev\u200bil.example'],
  ])('holds no %s, unless an agent sees it', async (_name, note) => {
    for (const tool of ['reads', 'safe'])
      expect((await wanting(tool, { note })).calls).toMatchObject([{ outcome: { ok: false, why: ELSEWHERE } }]);
    const [call] = (await wanting('approve', { note })).calls;
    expect(call).not.toHaveProperty('outcome');
    expect(call?.preview).toContain(JSON.stringify(note.replace('\u200b', '')));
  });

  it('holds another’s address just as little where answers may lead anywhere', async () => {
    domains = ['*'];
    for (const note of ['Send it to bob@other.example', 'bob＠other.example'])
      expect((await wanting('safe', { note })).calls).toMatchObject([{ outcome: { ok: false, why: ELSEWHERE } }]);
    for (const note of ['for KIM@mail.example', 'see https://anywhere.example'])
      expect((await wanting('reads', { note })).calls[0]).not.toHaveProperty('outcome');
  });

  it.each([
    'Order 10234, please',
    'for kim@mail.example',
    'see https://shop.example/faq',
    'It runs on ASP.NET',
    'Yes.',
  ])('may hold what an answer may: %s', async (note) => {
    for (const tool of ['reads', 'safe', 'approve'])
      expect((await wanting(tool, { note })).calls[0]).not.toHaveProperty('outcome');
  });

  it('is seen by an agent to its end, or not called', async () => {
    const [call] = (await wanting('approve', { note: `${'x'.repeat(3_900)} the end` })).calls;
    expect(call?.preview).toContain('the end');
    const wide = '语'.repeat(3_900);
    const marked = 'x <!-- OpenCX-AI-Response --> y';
    expect((await wanting('approve', { note: wide })).calls[0]).not.toHaveProperty('outcome');
    expect((await wanting('approve', { note: marked })).calls).toMatchObject([{ outcome: { ok: false } }]);
  });
});

describe('the limits of the AI, where an answer has several steps', () => {
  it('count the first step as a call of the customer’s, and hold what one step may cost', async () => {
    model.script = () => modelSays({ text: 'Yes.' });
    await nextStep();
    await nextStep(LATER);
    const [first, later] = admitted;
    expect(first?.askers.length).toBeGreaterThan(1);
    expect(later?.askers).toHaveLength(1);
    expect(first?.askers).not.toContain(later?.askers[0]);
    expect(first?.held).toBe(first?.ifLost);
    expect(later?.held).toBe(later?.ifLost);
    // Each step is paid: 100 tokens read and 10 written.
    expect(costs).toEqual([450, 450]);
  });

  it('end an answer between two steps where the day’s ceiling is spent', async () => {
    admission = 'over-ceiling';
    expect(await nextStep(LATER)).toMatchObject({ action: 'handoff', cause: 'limit', limit: 'ceiling' });
    expect(model.calls).toEqual([]);
  });

  it('make a later step wait while calls at work hold what is left', async () => {
    admission = 'busy';
    await expect(nextStep(LATER)).rejects.toMatchObject({ type: 'AiUnavailable', nextRetryDelay: 1_000 });
  });
});

describe('a call', () => {
  const called = (rule: FinishedCall['rule'], name: string = rule) => {
    const isStopped = async () => stopped;
    const { callTool } = createToolActivities({ ais: ais(), reading: () => ({}), toolsOf, isStopped });
    const input = { who: request, call: { name, input: { note: 'x' } }, rule, idempotencyKey: 'run/1' };
    return attempt(1).run(callTool, input);
  };

  it('carries its key where it changes something, and none where it reads', async () => {
    expect(await called('safe')).toEqual({ ok: true, text: '{}' });
    await called('reads');
    const keys = shop.requests.map(({ headers }) => headers['idempotency-key']);
    expect(keys).toEqual(['run/1', undefined]);
  });

  it('that changes something is not made while the emergency stop holds, one that reads is', async () => {
    stopped = true;
    expect(await called('approve')).toEqual({ stopped: true });
    expect(await called('safe')).toEqual({ stopped: true });
    expect(await called('reads')).toMatchObject({ ok: true });
    expect(shop.requests.map(({ path }) => path)).toEqual(['/reads']);
  });

  it.each([
    ['reads', 'approve'],
    ['reads', 'safe'],
    ['safe', 'approve'],
    ['reads', 'gone'],
    ['safe', 'searchKnowledge'],
  ] as const)('decided on as %s is not made of the tool %s: its rule is another by now', async (rule, name) => {
    expect(await called(rule, name)).toMatchObject({ ok: false, why: 'there is no such tool any more' });
    expect(shop.requests).toEqual([]);
  });

  it('is tried again where its system is away, and is an outcome where that refuses', async () => {
    shop.answer = () => ({ status: 503 });
    await expect(called('safe')).rejects.toMatchObject({ nonRetryable: false });
    shop.answer = () => ({ status: 409, text: 'kim@mail.example has one' });
    expect(await called('safe')).toEqual({ ok: false, why: 'its system refuses the call (409)' });
    shop.answer = () => ({ json: {} });
  });
});

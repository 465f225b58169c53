import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { parse } from 'parse5';
import type { Simulator } from '../../dev/simulator/simulator.ts';
import { questionsIn } from '../../eval/backtest/asked.ts';
import { type BacktestOptions, backtest } from '../../eval/backtest/backtest.ts';
import { AnotherBacktest } from '../../eval/backtest/kept.ts';
import { readsOnly, WouldWrite } from '../../eval/backtest/portal.ts';
import type { Replayed } from '../../eval/backtest/replay.ts';
import { portalNamed } from '../../eval/run-backtest.ts';
import type { AiBackend } from '../../src/ai/backend.ts';
import { AiRefused, AiUnavailable } from '../../src/ai/errors.ts';
import { createAiBackend } from '../../src/ai/index.ts';
import { createHubSpotClient } from '../../src/hubspot/client.ts';
import type { PortalId, ThreadId } from '../../src/hubspot/ids.ts';
import { AI, comment, conversation, fromAgent, fromAi, fromCustomer, settings } from '../support/messages.ts';
import { reply } from '../support/product.ts';
import { ACCESS_TOKEN, AGENT_ID, AI_ACTOR_ID, portalEnvironment, testSimulator } from '../support/simulator.ts';
import { spawnNode } from '../support/spawned.ts';

describe('the questions of a thread', () => {
  const questionsOf = (messages: Parameters<typeof conversation>[0], closings: string[] = []) =>
    questionsIn({ ...conversation(messages), closings }, AI).map(({ burst, before, agent }) => ({
      burst: burst.map(({ text }) => text),
      before: before.messages.length,
      agent,
    }));

  it.each<[string, Parameters<typeof questionsOf>, ReturnType<typeof questionsOf>]>([
    [
      'a burst, and all that agents answer to it',
      [
        [
          fromCustomer({ at: 1, text: 'Hi' }),
          fromCustomer({ at: 2, text: 'Is it blue?' }),
          comment({ at: 3 }),
          fromAgent({ at: 4, text: 'Yes.' }),
          fromAgent({ at: 5, text: 'Dark blue.' }),
          fromCustomer({ at: 6, text: 'And heavy?' }),
          fromAgent({ at: 7, text: 'No.' }),
        ],
      ],
      [
        { burst: ['Hi', 'Is it blue?'], before: 3, agent: 'Yes.\n\nDark blue.' },
        { burst: ['And heavy?'], before: 6, agent: 'No.' },
      ],
    ],
    [
      'what nobody answers',
      [[fromCustomer({ at: 1, text: 'Anyone?' }), comment({ at: 2 })]],
      [{ burst: ['Anyone?'], before: 1, agent: null }],
    ],
    [
      'nothing that the AI answered',
      [
        [
          fromCustomer({ at: 1, text: 'Is it blue?' }),
          fromAi({ at: 2 }),
          fromCustomer({ at: 3, text: 'Really?' }),
          fromAgent({ at: 4, text: 'Yes.' }),
        ],
      ],
      [{ burst: ['Really?'], before: 3, agent: 'Yes.' }],
    ],
    [
      'an agent who corrects the AI',
      [[fromCustomer({ at: 1, text: 'Is it blue?' }), fromAi({ at: 2 }), fromAgent({ at: 3, text: 'It is red.' })]],
      [{ burst: ['Is it blue?'], before: 1, agent: 'It is red.' }],
    ],
    ['an agent who writes first', [[fromAgent({ at: 1, text: 'How are you?' })]], []],
    [
      'two matters, the first closed without an answer',
      [
        [
          fromCustomer({ at: 1, text: 'Old?' }),
          fromCustomer({ at: 60, text: 'New?' }),
          fromAgent({ at: 61, text: 'So.' }),
        ],
        ['2026-01-01T12:00:30Z'],
      ],
      [
        { burst: ['Old?'], before: 1, agent: null },
        { burst: ['New?'], before: 2, agent: 'So.' },
      ],
    ],
  ])('are %s', (_, given, expected) => {
    expect(questionsOf(...given)).toEqual(expected);
  });
});

const HOSTILE = 'My zebra ate <script>alert(1)</script> and "><img src=x onerror=alert(2)>, what now?';

let simulator: Simulator;
let knowledge: AiBackend;
let folder: string;
beforeAll(async () => {
  knowledge = await createAiBackend({ backend: 'knowledge', knowledgeDir: resolve('knowledge') });
  simulator = await testSimulator();
  const closed = (text: string, agent: string | null, agoMs = 0): string => {
    const { threadId } = simulator.customerWrites({ text, name: 'Sam Rivera', agoMs });
    if (agent !== null) simulator.agentWrites(threadId, { actorId: AGENT_ID, text: agent });
    simulator.closeThread(threadId, AGENT_ID);
    return threadId;
  };
  closed('Do you ship to Norway?', 'Yes, and to Switzerland. Standard shipping abroad takes a week.');
  closed(
    'How long does shipping take?',
    'Standard shipping takes 2 to 4 working days, express one. Orders before 14:00 leave our warehouse the same day.',
  );
  closed(HOSTILE, 'Oh dear, Mr Rivera.');
  closed('How can I reset my password?', null);
  const answeredByAi = closed('Is there a showroom?', null);
  simulator.agentWrites(answeredByAi, { actorId: AI_ACTOR_ID, text: 'No.' });
  simulator.customerWrites({ text: 'This thread is open' });
  simulator.markSpam(closed('Buy my pills', null));
});
afterAll(() => simulator.close());
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'threadkeeper-backtest-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const run = async (ai: AiBackend = knowledge, changes: Partial<BacktestOptions> = {}) => {
  const progress: string[] = [];
  const result = await backtest(
    { hubspotApiUrl: simulator.url, hubspotApiVersion: 'v3' },
    { settings: settings({ portalId: '62515' as PortalId }), accessToken: ACCESS_TOKEN },
    { ai, circumstances: { linkDomains: ['*'], prices: { input: 3, output: 15 } } },
    {
      threads: 100,
      days: 90,
      inFlight: 2,
      callsPerSecond: 1_000,
      folder,
      onProgress: (done, all) => progress.push(`${done}/${all}`),
      ...changes,
    },
  );
  return { ...result, progress };
};
const asked = ({ questions }: { questions: Replayed[] }) =>
  questions.map(({ question }) => question[0]?.slice(0, 12)).sort();

describe('a backtest', () => {
  it('puts what the AI would have said beside what agents said, and writes nothing to HubSpot', async () => {
    const callsBefore = simulator.calls.length;
    const { questions, figures, stopped, progress } = await run();
    const by = (start: string) => questions.find(({ question }) => question[0]?.includes(start));
    expect(by('How long')).toMatchObject({
      verdict: 'alike',
      similarity: expect.any(Number),
      agent: expect.stringContaining('leave our warehouse'),
      ai: { action: 'reply', sources: [{ title: 'How long does shipping take?' }] },
    });
    expect(by('Norway')).toMatchObject({ verdict: 'different', channel: 'live chat' });
    expect(by('zebra')).toMatchObject({ verdict: 'handoff', similarity: null, agent: 'Oh dear, Mr Rivera.' });
    expect(by('password')).toMatchObject({ verdict: 'unanswered', agent: null, ai: { action: 'reply' } });
    expect(questions).toHaveLength(4);
    expect(figures).toMatchObject({
      threads: 5,
      unreadable: 0,
      questions: 4,
      verdicts: { alike: 1, different: 1, handoff: 1, unanswered: 1, failed: 0, 'asked-back': 0 },
      handoffReasons: [{ count: 1 }],
      cost: null,
    });
    expect(stopped).toBeNull();
    expect(progress).toContain('5/5');
    expect(simulator.ledger).toEqual([]);
    expect(new Set(simulator.calls.slice(callsBefore).map(({ method }) => method))).toEqual(new Set(['GET']));
  });

  it('writes a page without script and a JSON, for its user alone', async () => {
    const { files, questions } = await run();
    expect(readdirSync(folder).sort()).toEqual(['backtest.html', 'backtest.json']);
    expect(files.map((file) => (statSync(file).mode & 0o777).toString(8))).toEqual(['600', '600']);
    const [page = '', json = ''] = files.map((file) => readFileSync(file, 'utf8'));
    expect(JSON.parse(json).questions).toEqual(questions);
    const names = (node: unknown): string[] => {
      const { nodeName, childNodes = [] } = node as { nodeName: string; childNodes?: unknown[] };
      return [nodeName, ...childNodes.flatMap(names)];
    };
    const elements = names(parse(page));
    expect(elements.filter((name) => ['script', 'img', 'link', 'iframe', 'a'].includes(name))).toEqual([]);
    expect(elements.filter((name) => name === 'article')).toHaveLength(4);
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
    expect(page.slice(page.indexOf('<style>'), page.indexOf('</style>'))).not.toContain('&');
  });

  it('counts tokens, cost, clarifying questions and failures', async () => {
    const usage = { inputTokens: 1_000, outputTokens: 100 };
    const ai: AiBackend = {
      name: 'model',
      generate: async ({ questions: [text = ''] }) => {
        if (text.includes('zebra')) throw new AiUnavailable('the model is away');
        return { ...reply('Which one?'), usage, ...(text.includes('Norway') ? { asksBack: true as const } : {}) };
      },
    };
    const { figures, questions } = await run(ai);
    expect(figures).toMatchObject({ inputTokens: 3_000, outputTokens: 300, cost: 0.0135 });
    expect(figures.verdicts).toMatchObject({ failed: 1, 'asked-back': 1 });
    expect(questions.find(({ verdict }) => verdict === 'failed')).toMatchObject({
      failure: 'the model is away',
      ai: null,
    });
  });

  it('takes the newest threads alone', async () => {
    const { figures, questions } = await run(knowledge, { threads: 2 });
    expect(figures).toMatchObject({ threads: 2 });
    expect(asked({ questions })).toEqual(['How can I re']);
  });

  it('waits where HubSpot asks for it, and leaves out a thread that HubSpot does not show', async () => {
    simulator.faults.add({ kind: 'rate-limit', retryAfter: 0, match: { route: 'listThreads' } });
    simulator.faults.add({ kind: 'status', status: 503, retryAfter: 0, match: { route: 'getThread' } });
    // An archived thread is asked for a second time, as such.
    simulator.faults.add({ kind: 'not-found', match: { path: /\/threads\/\d+\?.*archived=true/ } });
    simulator.faults.add({ kind: 'not-found', match: { route: 'getThread' }, skip: 1 });
    const { figures, stopped } = await run(knowledge, { inFlight: 1 });
    simulator.faults.clear();
    expect([figures.threads, figures.unreadable, stopped]).toEqual([4, 1, null]);
  });

  it('stops where it can’t go on, says why, and goes on from there', async () => {
    let isRefused = true;
    const seen: string[] = [];
    const ai: AiBackend = {
      name: 'model',
      generate: async ({ questions: [text = ''] }) => {
        if (isRefused && text.includes('zebra')) throw new AiRefused('The key is wrong');
        seen.push(text.slice(0, 12));
        return reply('Well.');
      },
    };
    const first = await run(ai, { inFlight: 1 });
    expect(first).toMatchObject({ stopped: 'The key is wrong', figures: { questions: 1 } });
    expect(readFileSync(first.files[0] ?? '', 'utf8')).toContain('The key is wrong');
    expect((statSync(join(folder, 'so-far.jsonl')).mode & 0o777).toString(8)).toBe('600');
    await expect(run(knowledge)).rejects.toThrow(AnotherBacktest);
    isRefused = false;
    const second = await run(ai, { inFlight: 1 });
    expect(second).toMatchObject({ stopped: null, figures: { threads: 5, questions: 4 } });
    expect(seen).toHaveLength(new Set(seen).size);
    expect(readdirSync(folder)).not.toContain('so-far.jsonl');
  });

  it('gives up an AI that answers nothing, and asks those threads again the next time', async () => {
    const ai: AiBackend = { name: 'away', generate: () => Promise.reject(new AiUnavailable('away')) };
    for (let n = 0; n < 3; n += 1) {
      const { threadId } = simulator.customerWrites({ text: `And ${n}?` });
      simulator.closeThread(threadId, AGENT_ID);
    }
    expect(await run(ai, { inFlight: 1 })).toMatchObject({
      stopped: 'the AI failed on 5 threads in a row: away',
      figures: { verdicts: { failed: 5 } },
    });
    expect((await run({ ...ai, generate: async () => reply('Well.') })).figures.verdicts.failed).toBe(0);
  });

  it('can’t write: such a call is refused before it goes out', async () => {
    const client = createHubSpotClient({
      portalId: '62515' as PortalId,
      apiUrl: simulator.url,
      apiVersion: 'v3',
      accessToken: ACCESS_TOKEN,
      timeoutMs: 1_000,
      around: readsOnly(1_000),
    });
    const calls = simulator.calls.length;
    const threadId = simulator.threads()[0]?.id as ThreadId;
    await expect(client.post(threadId, { text: 'Hi', richText: 'Hi', to: null })).rejects.toThrow(WouldWrite);
    await expect(client.tryWriting()).rejects.toThrow('A backtest reads only');
    expect(simulator.calls).toHaveLength(calls);
  });
});

it('lets calls begin no faster than it may', async () => {
  const around = readsOnly(50);
  const began: number[] = [];
  const call = async (): Promise<void> => {
    began.push(performance.now());
  };
  await Promise.all([1, 2, 3, 4, 5].map(() => around('GET', '/', call)));
  // Four gaps of 20 ms; a timer may be a little early.
  expect((began.at(-1) ?? 0) - (began[0] ?? 0)).toBeGreaterThan(70);
});

describe('npm run eval -- --backtest', () => {
  it('takes the portal that is named, else the first', () => {
    const portal = { settings: settings(), accessToken: ACCESS_TOKEN, aiFields: { contact: [], ticket: [] } };
    const portals = [portal];
    expect([portalNamed({ portals }, undefined), portalNamed({ portals }, '62515')]).toEqual([portal, portal]);
    expect(() => portalNamed({ portals }, '1')).toThrow('--portal must be one that the settings name: 62515');
    expect(() => portalNamed({ portals: [] }, undefined)).toThrow('and they name none');
  });

  it('prints figures and files, and no word of a conversation', async () => {
    const environment = portalEnvironment(simulator, 'http://localhost');
    const command = spawnNode(
      ['eval/run.ts', '--backtest', '--threads', '1', '--days', '2', '--out', folder],
      environment,
    );
    const strange = spawnNode(['eval/run.ts', '--backtest', '200'], environment);
    expect([await command.ends(), await strange.ends()]).toEqual([0, 2]);
    expect(command.output()).toMatch(/knowledge … +questions +share/);
    expect(command.output()).toContain(join(folder, 'backtest.html'));
    expect(command.output()).not.toMatch(/And 2\?|Rivera/);
    expect(strange.output()).toContain('how many threads, says --threads');
  });
});

import { setTimeout as sleep } from 'node:timers/promises';
import { sendAll } from '../../bench/deliveries.ts';
import type { WrittenIds } from '../../dev/simulator/simulator.ts';
import type { Resources } from '../../src/processes/lifecycle.ts';
import { createClient } from '../../src/temporal/connection.ts';
import { postsOf } from '../chaos/posts.ts';
import { listRuns, type Run, untilNothingIsOpen } from '../chaos/runs.ts';
import type { Supervised } from '../chaos/supervisor.ts';
import { tokenOf } from '../chaos/tokens.ts';
import { CLIENT_SECRET, PORTAL_ID } from '../support/simulator.ts';
import { uniqueName } from '../support/unique-name.ts';
import { messageEvent } from '../support/webhook-events.ts';
import { findTexts } from './clear-text.ts';
import { PUBLIC_URL, type StageOptions, startStage } from './stage.ts';
import type { ServerOnPostgres } from './temporal-server.ts';

export interface AnswersOnce {
  messages: number;
  /** Messages whose event was sent to both APIs. */
  sentTwice: number;
  kills: Record<string, number>;
  seconds: number;
  replies: number;
  runs: number;
  /** Each as a line; none is what must be. */
  offences: string[];
  rowsSearched: number;
  passed: boolean;
}

/** A customer's words, none of which may stand in Temporal's database: a name, an address, a sentence, the AI's own. */
const NAME = 'Hieronymus Throckmorton';
const EMAIL = 'scholastica@pomegranate.example.com';
const SENTENCE = 'My grandmother hid the invoice in the piano';
const ANSWER = 'answer to: q';
const WORDS = [NAME, EMAIL, SENTENCE, ANSWER];
/** Stands in Temporal's database in clear text, so that a search that finds nothing shows something. */
const CONTROL = 'The words of a client without keys';

/** Every third event goes to both APIs. */
const TWICE = 3;
const KILL_AFTER = 0.3;
const DOWN_MS = 3_000;
const PROGRESS_MS = 5_000;
const PATIENCE_MS = 4 * 60_000;

const IDS_ONLY = /^(message|sent|delivery):[\w:.-]+$/;

const offencesOf = (asked: WrittenIds[], posts: ReturnType<typeof postsOf>, runs: Run[]): string[] => {
  const offences: string[] = [];
  for (const [at, { threadId, messageId }] of asked.entries()) {
    const replies = posts.filter((post) => post.threadId === threadId);
    if (replies.length !== 1) offences.push(`thread ${threadId} has ${replies.length} replies`);
    const expected = `answer to: ${tokenOf(at, 'plain')}`;
    if (replies.some(({ text }) => text !== expected)) offences.push(`thread ${threadId} has another's reply`);
    const its = runs.filter(({ workflowId }) => workflowId === `message:${PORTAL_ID}:${threadId}-${messageId}`);
    if (its.length !== 1) offences.push(`message ${messageId} has ${its.length} runs`);
    if (its.some(({ status, outcome }) => status !== 'COMPLETED' || outcome !== 'replied')) {
      offences.push(`the run of message ${messageId} is ${its[0]?.status}, ${its[0]?.outcome}`);
    }
  }
  return offences;
};

/**
 * Customers write, each on a thread of their own, and their events go to both APIs in turn, some to both, while an API
 * and a worker are killed. Then every message must have one run and one reply, and Temporal's database no word of
 * theirs.
 */
export const answersOnce = async (
  options: Omit<StageOptions, 'temporal' | 'apis' | 'workers'> & { messages: number },
  server: ServerOnPostgres,
  folder: string,
  resources: Resources,
  tell: (line: string) => void,
  signal: AbortSignal,
): Promise<AnswersOnce> => {
  const stage = await startStage(
    {
      ...options,
      temporal: server.settings,
      apis: 2,
      workers: 2,
      // A load of many portals comes from one. Whether it was delivered is asked at once.
      settings: { HUBSPOT_ACTIVITIES_PER_SECOND: '0', MAX_AI_CALLS_PER_HOUR: '10000' },
      portal: { deliveryCheck: '1s' },
    },
    folder,
    resources,
    signal,
  );
  const { simulator, webhooks, client, apis, workers } = stage;
  const began = Date.now();

  // It has no worker, and needs none.
  const stranger = createClient(server.settings, []);
  resources.add(() => stranger.connection.close());
  const control = await stranger.workflow.start('control', {
    taskQueue: uniqueName('nobodys'),
    workflowId: uniqueName('control'),
    args: [CONTROL],
  });

  const asked: WrittenIds[] = [];
  const sending: Promise<unknown>[] = [];
  const send = (number: number, written: WrittenIds): void => {
    const events = [[messageEvent(written)]];
    const both = number % TWICE === 0;
    for (const [at, deliverTo] of webhooks.entries()) {
      if (!both && at !== number % webhooks.length) continue;
      sending.push(sendAll(events, { url: PUBLIC_URL, deliverTo, secret: CLIENT_SECRET, inFlight: 1 }));
    }
  };
  const killing: Promise<void>[] = [];
  const kill = (one: Supervised | undefined): void => {
    if (one) killing.push(one.kill(DOWN_MS, signal));
  };
  for (let number = 0; number < options.messages; number += 1) {
    const text = `${SENTENCE}. What of ${tokenOf(number, 'plain')}?`;
    const email = number % 4 === 0 ? ({ channel: 'email', email: EMAIL } as const) : ({ channel: 'chat' } as const);
    const written = simulator.customerWrites({ ...email, text, name: NAME });
    asked.push(written);
    send(number, written);
    if (number === Math.round(options.messages * KILL_AFTER)) {
      tell('killing an API and a worker');
      kill(apis[0]);
      kill(workers[0]);
    }
    await sleep(30, undefined, { signal });
  }
  await Promise.all([...killing, ...sending]);
  await control.terminate();
  tell(`${asked.length} events acknowledged`);
  for (const one of [...apis, ...workers]) await one.untilReady(signal);
  let told = 0;
  const onOpen = (open: number): void => {
    if (Date.now() - told < PROGRESS_MS) return;
    told = Date.now();
    tell(`${open} runs open, ${postsOf(simulator.ledger).length} replies`);
  };
  await untilNothingIsOpen({ client, simulator, onOpen }, PATIENCE_MS, signal);

  const runs = (await listRuns(client)).filter(({ type }) => type !== 'control');
  const posts = postsOf(simulator.ledger);
  const offences = offencesOf(asked, posts, runs);
  offences.push(
    ...runs.filter(({ workflowId }) => !IDS_ONLY.test(workflowId)).map(({ workflowId }) => `a run is ${workflowId}`),
    ...simulator.contractViolations,
  );
  tell('searching Temporal’s tables');
  let rowsSearched = 0;
  let seesControl = false;
  for (const [name, url] of Object.entries(server.databases)) {
    const { found, rows } = await findTexts(url, [...WORDS, CONTROL]);
    rowsSearched += rows;
    seesControl ||= found.some(({ text }) => text === CONTROL);
    offences.push(
      ...found.filter(({ text }) => text !== CONTROL).map(({ table, text }) => `“${text}” in ${name}, ${table}`),
    );
  }
  if (!seesControl) offences.push('the search doesn’t find what is there');
  return {
    messages: asked.length,
    sentTwice: asked.filter((_, number) => number % TWICE === 0).length,
    kills: Object.fromEntries([...apis, ...workers].map(({ name, kills }) => [name, kills])),
    seconds: (Date.now() - began) / 1_000,
    replies: posts.length,
    runs: runs.length,
    offences,
    rowsSearched,
    passed: offences.length === 0,
  };
};

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from '@jest/globals';
import type { Client } from '@temporalio/client';
import type { Simulator, SimulatorOptions, ThreadItem, WrittenIds } from '../../dev/simulator/simulator.ts';
import type { AiAnswer, AiBackend, ReplyRequest } from '../../src/ai/backend.ts';
import type { Toolbox } from '../../src/ai/tools/tool.ts';
import { WEBHOOK_PATH } from '../../src/api/app.ts';
import { type Config, loadConfig } from '../../src/config.ts';
import { startApi } from '../../src/processes/api.ts';
import { Resources } from '../../src/processes/lifecycle.ts';
import { startWorker } from '../../src/processes/worker.ts';
import type { ReplyToMessageResult } from '../../src/runs/reply-to-message.ts';
import type { Stops } from '../../src/sessions/stops.ts';
import type { SessionStore } from '../../src/sessions/store.ts';
import { createClient } from '../../src/temporal/connection.ts';
import { plainSettings } from '../../src/temporal/envconfig.ts';
import { PORTAL_ID, portalEnvironment, testSimulator } from './simulator.ts';
import { suiteEnvironment } from './suite-environment.ts';
import { suiteTemporal } from './suite-temporal.ts';
import { type TestTemporal, uniqueName } from './temporal.ts';

/** What HubSpot has been told to call; signed, but not where the product listens. */
export const PUBLIC_URL = `https://threadkeeper.example.com${WEBHOOK_PATH}`;

/** An AI that says what it is told to, and remembers what it was asked. */
export class ScriptedAi implements AiBackend {
  readonly name = 'scripted';
  readonly asked: ReplyRequest[] = [];
  /** The answer to every question, until it is replaced. */
  answer: (request: ReplyRequest, signal: AbortSignal) => Promise<AiAnswer> | AiAnswer = ({ questions }) =>
    reply(`You asked: ${questions.join(' | ')}`);

  async generate(request: ReplyRequest, { signal }: { signal: AbortSignal }): Promise<AiAnswer> {
    this.asked.push(request);
    return await this.answer(request, signal);
  }
}

export const reply = (text: string): AiAnswer => ({
  action: 'reply',
  text,
  sources: [],
  confidence: null,
  aiSessionId: null,
});

/** Ways that lead to where the product's parts would else go directly, each given by its `host:port`. */
export interface Ways {
  temporal?: (address: string) => Promise<string>;
  hubspot?: (address: string) => Promise<string>;
  /** The AI is the one that the settings choose, not the scripted one. */
  configuredAi?: true;
  /** The tools of the business. */
  toolboxOf?: () => Toolbox;
}

/** The whole product, its HubSpot simulated, its AI scripted, on the suite's Temporal server. */
export class Product {
  simulator!: Simulator;
  config!: Config;
  /** With the product's own keys. */
  client!: Client;
  /** Where the API really listens. */
  apiUrl!: string;
  /** What the worker remembers of threads. */
  sessions!: SessionStore;
  /** The emergency stop. */
  stops!: Stops;
  readonly ai = new ScriptedAi();
  readonly taskQueue = uniqueName('threadkeeper');
  private readonly resources = new Resources();
  private readonly workerResources = new Resources();
  private startWorkerAgain!: () => Promise<void>;
  private readonly temporal: TestTemporal;

  constructor(temporal: TestTemporal) {
    this.temporal = temporal;
  }

  async start(settings: Record<string, string>, simulator: Partial<SimulatorOptions>, ways: Ways = {}): Promise<void> {
    const dataDir = await mkdtemp(join(tmpdir(), 'threadkeeper-product-'));
    this.resources.add(() => rm(dataDir, { recursive: true, force: true }));
    const ground = await suiteEnvironment(dataDir);
    this.simulator = await testSimulator(simulator);
    this.resources.add(() => this.simulator.close());
    this.config = loadConfig({
      PORT: '0',
      TEMPORAL_TASK_QUEUE: this.taskQueue,
      ...portalEnvironment(this.simulator, PUBLIC_URL),
      ...(ways.hubspot ? { HUBSPOT_API_URL: `http://${await ways.hubspot(new URL(this.simulator.url).host)}` } : {}),
      EMAIL_DELAY: '50ms',
      QUIET_PERIOD: '0s',
      DELIVERY_CHECK: '0s',
      CATCH_UP_INTERVAL: '0s',
      HUBSPOT_ACTIVITIES_PER_SECOND: '0',
      ...ground,
      ...settings,
    });
    // Sets up the native runtime for this test file, and keeps it until the file's end.
    await this.temporal.workerConnection();
    const { settings: direct, workflows, logger } = this.temporal;
    const server = ways.temporal ? plainSettings(await ways.temporal(direct.address)) : direct;
    this.client = createClient(direct, this.config.payloadKeys);
    this.resources.add(() => this.client.connection.close());
    const isEncrypting = suiteTemporal().payloadKeys !== '';
    this.startWorkerAgain = async () => {
      const { work, sessions, stops } = await startWorker(this.config, server, logger, this.workerResources, {
        // The suite's bundle is that of deployments with keys, or without: as the run has it.
        ...(this.config.payloadKeys.length > 0 === isEncrypting ? { workflows } : {}),
        ...(ways.configuredAi ? {} : { ai: this.ai }),
        ...(ways.toolboxOf ? { toolboxOf: ways.toolboxOf } : {}),
        // Sites are on this machine, which is not on the internet.
        knowledge: { lookMs: 100, mayConnectTo: () => true },
        // Three seconds, not a minute, for what HubSpot really doesn't know.
        hubspot: { notFoundAttempts: 3 },
      });
      this.sessions = sessions;
      this.stops = stops;
      work.catch(() => undefined);
    };
    this.resources.add(() => this.workerResources.close());
    await this.startWorkerAgain();
    this.apiUrl = (await startApi(this.config, server, logger, this.resources)).url;
    this.simulator.setWebhookUrl(PUBLIC_URL, `${this.apiUrl}${WEBHOOK_PATH}`);
  }

  /** Stops the worker, and starts another one. */
  async restartWorker(): Promise<void> {
    await this.workerResources.close();
    await this.startWorkerAgain();
  }

  async stop(): Promise<void> {
    await this.resources.close();
    if (this.simulator.contractViolations.length > 0) throw new Error(this.simulator.contractViolations.join('\n'));
  }

  workflowIdOf({ threadId, messageId }: WrittenIds): string {
    return `message:${PORTAL_ID}:${threadId}-${messageId}`;
  }

  /** How the run of a message ended, once its webhook has started it. */
  async resultOf(written: WrittenIds): Promise<ReplyToMessageResult> {
    return await this.resultOfRun(this.workflowIdOf(written));
  }

  async resultOfRun<Result = ReplyToMessageResult>(workflowId: string): Promise<Result> {
    await this.simulator.settle();
    return (await this.client.workflow.getHandle(workflowId).result()) as Result;
  }

  /** What the AI has put on a thread, oldest first. */
  postedBy(threadId: string): ThreadItem[] {
    return this.simulator
      .messages(threadId)
      .filter(({ client, type }) => client.clientType === 'INTEGRATION' && (type === 'MESSAGE' || type === 'COMMENT'));
  }
}

/** Starts the product before the file's tests and stops it after. */
export const useProduct = (
  temporal: TestTemporal,
  settings: Record<string, string> = {},
  simulator: Partial<SimulatorOptions> = {},
  ways: Ways = {},
): Product => {
  const product = new Product(temporal);
  beforeAll(() => product.start(settings, simulator, ways));
  afterAll(() => product.stop());
  return product;
};

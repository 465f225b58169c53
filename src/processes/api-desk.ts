import type { Client } from '@temporalio/client';
import type { Logger } from 'pino';
import { createActions } from '../api/ops/actions.ts';
import { createDesk, type Desk, type ThreadSearch } from '../api/ops/desk.ts';
import type { DeskParts } from '../api/ops/desk-routes.ts';
import type { Config, SettingInForce } from '../config.ts';
import type { PortalId, ThreadId } from '../hubspot/ids.ts';
import type { FollowCommandInput, FollowCommandResult } from '../runs/follow-command.ts';
import type { OpenDatabase } from '../sessions/open-session-store.ts';
import type { SessionState } from '../sessions/session-overview.ts';
import type { BoundedCalls } from '../temporal/bounded-calls.ts';
import { createConversations } from '../temporal/conversations.ts';
import type { RunOverview } from '../temporal/run-overview.ts';
import { createRunStarter } from '../temporal/run-starter.ts';
import { createRunWords } from '../temporal/run-words.ts';
import { createTestQuestions } from '../temporal/test-questions.ts';
import { createThreadRuns } from '../temporal/thread-runs.ts';

/** An operator waits so long for what becomes of an action, in ms. What takes longer goes on by itself. */
const ACTION_MS = 8_000;
/** A list, and the histories behind it, may take so long, in ms. */
const READ_MS = 8_000;
/** Threads that the database chooses: Temporal is asked for each by its number. */
const MOST_THREADS = 100;
/** Answers of so many days are looked at for what agents corrected. */
const CORRECTED_MS = 30 * 24 * 60 * 60_000;

const threadSearch = (open: () => Promise<OpenDatabase>, resolvedAfterMs: number): ThreadSearch => {
  const searching = async () => ({ db: (await open()).db, ...(await import('../sessions/thread-search.ts')) });
  return {
    async speakers(threads: readonly ThreadId[]) {
      const { db, speakersOf } = await searching();
      return await speakersOf(db, threads, Date.now());
    },
    async spokenOnBy(state: SessionState) {
      const { db, threadsSpokenOnBy } = await searching();
      return await threadsSpokenOnBy(db, state, { now: Date.now(), limit: MOST_THREADS });
    },
    async corrected() {
      const { db, correctedThreads } = await searching();
      const since = Date.now() - CORRECTED_MS;
      return await correctedThreads(db, { since, withinMs: resolvedAfterMs, limit: MOST_THREADS });
    },
  };
};

/** The desk over Temporal and the session database; `open`: `null` where that is another process's. */
export const openDesk = (
  { taskQueue, opsShowText, resolvedAfterMs }: Config,
  {
    client,
    calls,
    open,
    repeat,
    portals,
    settings,
    logger,
  }: {
    client: Client;
    calls: BoundedCalls;
    open: (() => Promise<OpenDatabase>) | null;
    repeat: RunOverview['repeat'];
    portals: () => Promise<readonly PortalId[]>;
    settings: readonly SettingInForce[];
    logger: Logger;
  },
): DeskParts & { desk: Desk } => {
  const conversations = createConversations(client, taskQueue);
  const words = createRunWords(client);
  const runs = createThreadRuns(client);
  const starter = createRunStarter(client, taskQueue, logger);
  const tests = createTestQuestions(client, taskQueue);

  const command = async (workflowId: string, input: FollowCommandInput): Promise<FollowCommandResult | null> => {
    await calls.call(() => starter.start({ type: 'followCommand', workflowId, input }));
    const result = () => client.workflow.getHandle(workflowId).result() as Promise<FollowCommandResult>;
    return await calls.call(result, ACTION_MS).catch((err: unknown) => {
      logger.info({ err, workflowId }, 'A command of an operator is not done yet');
      return null;
    });
  };

  return {
    desk: createDesk({
      conversations: {
        find: (filter) => calls.call(() => conversations.find(filter), READ_MS),
        drafts: () => calls.call(() => conversations.drafts(), READ_MS),
        commands: (thread) => calls.call(() => conversations.commands(thread), READ_MS),
      },
      words: opsShowText ? (workflowId, runId) => calls.call(() => words(workflowId, runId), READ_MS) : null,
      threads: open && threadSearch(open, resolvedAfterMs),
      clock: Date.now,
      failed: (err) => logger.warn({ err }, 'Words or speakers could not be read for the desk'),
    }),
    act: createActions({
      decide: ({ workflowId, runId }, id, decision) =>
        calls.call(() => runs.decide(workflowId, id, decision, runId), ACTION_MS),
      command,
      repeat: ({ workflowId, runId }) => repeat(workflowId, runId),
      failed: (err) => logger.warn({ err }, 'An action of an operator failed'),
    }),
    tests: {
      start: (asked, id) => calls.call(() => tests.start(asked, id)),
      read: (portalId, id) => calls.call(() => tests.read(portalId, id), READ_MS),
    },
    portals,
    settings,
  };
};

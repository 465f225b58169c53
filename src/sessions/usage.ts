import type { PortalId, ThreadId } from '../hubspot/ids.ts';

/** What calls of an AI took together. */
export interface Usage {
  inputTokens: number;
  outputTokens: number;
  /** In millionths of the prices' currency; calls from before prices were set count for nothing. */
  cost: number;
}

/** One call of an AI. */
export interface AiCall extends Omit<Usage, 'cost'> {
  /** The same for the same call, however often it is recorded. */
  callId: string;
  portalId: PortalId;
  threadId: ThreadId;
  /** UTC, `2026-01-31`. */
  day: string;
  /** `null`: no prices are set. */
  cost: number | null;
}

/** What a portal's calls took on one day. */
export interface DayUsage extends Usage {
  portalId: PortalId;
  day: string;
  calls: number;
  threads: number;
}

/** What a thread's calls took on the days asked for. */
export interface ThreadUsage extends Usage {
  portalId: PortalId;
  threadId: ThreadId;
  calls: number;
}

/** A moment's day in UTC, as {@link AiCall} has it. `at`: milliseconds since the epoch. */
export const utcDay = (at: number): string => new Date(at).toISOString().slice(0, 10);

/** What the AI has taken, call by call. Part of the session store; throws as that does. */
export interface UsageStore {
  /** Records a call once, and gives what its thread has taken so far. */
  recordAiCall(call: AiCall): Promise<Usage>;
  /** What a portal's calls have cost on a day, in millionths. */
  spentOn(portalId: PortalId, day: string): Promise<number>;
  /** By day, the newest first, and by portal: since a day, that one included. */
  usageByDay(since: string): Promise<DayUsage[]>;
  /** The threads that took most since a day: by cost, then by tokens. */
  dearestThreads(since: string, limit: number): Promise<ThreadUsage[]>;
}

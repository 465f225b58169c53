import type { PortalId, ThreadId } from '../hubspot/ids.ts';

/** Calls of an AI took this together. */
export interface Usage {
  inputTokens: number;
  outputTokens: number;
  /** In millionths of the prices' currency; calls from before prices were set count for nothing. */
  cost: number;
}

/** One call of an AI. */
export interface AiCall extends Omit<Usage, 'cost'> {
  /** One call keeps its ID, however often it is recorded. */
  callId: string;
  portalId: PortalId;
  threadId: ThreadId;
  /** UTC, `2026-01-31`. */
  day: string;
  /** `null`: no prices are set. */
  cost: number | null;
}

/** A portal's calls took this on one day. */
export interface DayUsage extends Usage {
  portalId: PortalId;
  day: string;
  calls: number;
  threads: number;
}

/** A thread's calls took this on the days asked for. */
export interface ThreadUsage extends Usage {
  portalId: PortalId;
  threadId: ThreadId;
  calls: number;
}

/** A call of an AI that is about to be made. */
export interface AskedCall extends Pick<AiCall, 'callId' | 'portalId' | 'day'> {
  /** The askers, by hashes: the limit of an hour holds for each of them. The first names them best. */
  askers: [string, ...string[]];
  /** Milliseconds since the epoch. */
  at: number;
  /** In millionths: what it may cost at most. */
  held: number;
  /** In millionths: what it counts as where nobody says what became of it. */
  ifLost: number;
}

/** A portal's AI may do this. */
export interface AiCallLimits {
  /** The ceiling of all calls of a UTC day, in millionths; `null`: there is none. */
  ceiling: number | null;
  /** Calls for one asker within an hour. */
  callsPerHour: number;
}

/** A portal's AI stands like this with its limits. */
export interface AiStanding {
  /** In millionths: what the calls of the day have cost, or may have where nobody has reported it. */
  spent: number;
  /** In millionths: what the calls at work may cost. */
  held: number;
  /** Within the last hour: of the asker with most of them. */
  calls: number;
}

/** `busy`: what is left of the ceiling is held by calls that are at work now. */
export type Admission = 'admitted' | 'busy' | 'over-ceiling' | 'over-calls';

/** Counts what the AI has taken, call by call. Part of the session store; throws as that does. */
export interface UsageStore {
  /** Records a call once, and gives what its thread has taken so far. It holds nothing any more. */
  recordAiCall(call: AiCall): Promise<Usage>;
  /**
   * Lets a call through, or says what stands against it; all processes together, one after the other. The ceiling lets
   * through as long as what is spent and held is below it: so no more than what the last call let through takes beyond
   * that. What is let through holds what it may cost until it is recorded, settled or released; where none of that
   * comes within three minutes, its process has died, and it counts as `ifLost`.
   */
  admitAiCall(call: AskedCall, limits: AiCallLimits): Promise<Admission>;
  /** A call is over, and may have cost so much (millionths) that nobody reports. */
  settleAiCall(callId: string, unrecorded: number): Promise<void>;
  /** A call was refused or never reached an AI: it counts for nothing. */
  releaseAiCall(callId: string): Promise<void>;
  /** Looks only. */
  aiStanding(asked: Pick<AskedCall, 'portalId' | 'day' | 'askers' | 'at'>): Promise<AiStanding>;
  /**
   * Gives what a portal's calls have cost on a day, in millionths; with what those may have cost that nobody has
   * reported.
   */
  spentOn(portalId: PortalId, day: string): Promise<number>;
  /** By day, the newest first, and by portal: since a day, that one included. */
  usageByDay(since: string): Promise<DayUsage[]>;
  /** The threads that took most since a day: by cost, then by tokens. */
  dearestThreads(since: string, limit: number): Promise<ThreadUsage[]>;
}

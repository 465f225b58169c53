import { isChannelName } from '../../hubspot/channels.ts';
import { portalIdSchema } from '../../hubspot/id-schemas.ts';
import { AWAITS_APPROVAL, OUTCOMES } from '../../runs/outcomes.ts';
import type { SessionState } from '../../sessions/session-overview.ts';
import { isReason, type RunFilter } from '../../temporal/conversations.ts';

const DAY_MS = 24 * 60 * 60_000;

/** The times that the list can be of, by UTC days. */
export const PERIODS = { today: 'Today', yesterday: 'Yesterday', week: '7 days', month: '30 days' } as const;
export type Period = keyof typeof PERIODS;

/** Who may speak on a thread now. */
export const SPEAKERS: Record<SessionState, string> = {
  ai: 'The AI',
  human: 'An agent',
  nobody: 'Nobody',
  paused: 'Nobody, the AI is paused',
  'handed-off': 'Agents, it was handed off',
};

/** Ways in which a run can be found. */
export const RUN_OUTCOMES: readonly string[] = [...OUTCOMES, AWAITS_APPROVAL, 'open'];

/** What a visitor looks for: each absent where it doesn't matter. */
export interface Search {
  period: Period;
  /** Digits of a thread or a ticket, or words of the conversation. */
  q?: string;
  portal?: string;
  channel?: string;
  outcome?: string;
  reason?: string;
  speaker?: SessionState;
  /** Only where an agent wrote soon after the AI's answer. */
  corrected?: true;
  page: number;
}

const MOST_PAGES = 50;
const LONGEST_SEARCH = 200;

const keyOf = <Known extends object>(known: Known, value: string | null): keyof Known | undefined =>
  value !== null && Object.hasOwn(known, value) ? (value as keyof Known) : undefined;

/** Reads what is looked for from an address; what doesn't fit is left out. */
export const searchIn = (query: URLSearchParams): Search => {
  const given = (name: string, fits: (value: string) => boolean): Record<string, string> => {
    const value = query.get(name)?.trim().slice(0, LONGEST_SEARCH) ?? '';
    return value !== '' && fits(value) ? { [name]: value } : {};
  };
  const speaker = keyOf(SPEAKERS, query.get('speaker'));
  const page = Number(query.get('page') ?? 1);
  return {
    period: keyOf(PERIODS, query.get('period')) ?? 'week',
    ...given('q', () => true),
    ...given('portal', (id) => portalIdSchema.safeParse(id).success),
    ...given('channel', isChannelName),
    ...given('outcome', (outcome) => RUN_OUTCOMES.includes(outcome)),
    ...given('reason', isReason),
    ...(speaker ? { speaker } : {}),
    ...(query.get('corrected') === '1' ? { corrected: true as const } : {}),
    page: Number.isInteger(page) && page >= 1 && page <= MOST_PAGES ? page : 1,
  };
};

/** The address of the same search, with other words for some of it. */
export const searchQuery = (search: Search, changes: Partial<Search> = {}): string => {
  const { page, corrected, ...rest } = { ...search, ...changes };
  const entries = Object.entries(rest).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return new URLSearchParams([
    ...entries,
    ...(corrected ? [['corrected', '1'] as [string, string]] : []),
    ...(page > 1 ? [['page', String(page)] as [string, string]] : []),
  ]).toString();
};

/** From when to when, as Temporal is asked; by UTC days. */
export const timesOf = (period: Period, now: Date): { since: Date; until?: Date } => {
  const midnight = now.getTime() - (now.getTime() % DAY_MS);
  switch (period) {
    case 'today':
      return { since: new Date(midnight) };
    case 'yesterday':
      return { since: new Date(midnight - DAY_MS), until: new Date(midnight) };
    case 'week':
      return { since: new Date(midnight - 6 * DAY_MS) };
    case 'month':
      return { since: new Date(midnight - 29 * DAY_MS) };
  }
};

const NUMBER = /^\d{1,30}$/;

/** The words that are looked for; `null`: none are. */
export const wordsSought = ({ q }: Search): string | null => (q === undefined || NUMBER.test(q) ? null : q);

/** What Temporal can find it by. */
export const runFilter = (search: Search, now: Date): RunFilter => {
  const { period, q, portal, channel, outcome, reason } = search;
  const parsed = portalIdSchema.safeParse(portal);
  return {
    // A number is looked for whenever it was.
    ...(q !== undefined && NUMBER.test(q) ? { number: q } : timesOf(period, now)),
    ...(parsed.success ? { portalId: parsed.data } : {}),
    ...(channel === undefined ? {} : { channel }),
    ...(outcome === undefined ? {} : { outcome }),
    ...(reason === undefined ? {} : { reason }),
  };
};

import type { Source } from '../ai/backend.ts';
import { groupAlike } from '../ai/similarity.ts';
import type { PortalId, ThreadId } from '../hubspot/ids.ts';
import { shareInWords } from '../rules/amounts.ts';
import { durationWords, waitInWords } from '../rules/duration.ts';
import { utcDay } from '../rules/utc-day.ts';
import {
  type AnswerTimes,
  type ArticleUse,
  CONVERSATION_OUTCOMES,
  type ConversationCount,
  type ConversationOutcome,
  type Gap,
  type HandoffReasonCode,
  type OutcomeStore,
  type WaitingCustomers,
} from '../sessions/outcomes.ts';
import type { RatingCount, RatingStore } from '../sessions/ratings.ts';
import { table } from './table.ts';

/** What became of some conversations. */
export interface Figures extends Record<ConversationOutcome, number> {
  conversations: number;
  /** Of those that were resolved. */
  reopened: number;
  /** How many of those that are over were resolved, 0 to 1; `null`: none is over. Open and skipped ones don't count. */
  resolvedShare: number | null;
}

/** The last `days` days, today included. */
export interface OutcomeWindow extends AnswerTimes {
  days: number;
  /** The first of them, UTC. */
  since: string;
  figures: Figures;
  /** Why agents have those that were handed off, the most frequent first. */
  reasons: { reason: HandoffReasonCode; count: number }[];
}

/** Questions that are alike, and that nobody could answer. */
export interface GapGroup {
  /** Threads on which it was asked. */
  count: number;
  /** ISO time: when it was asked last. */
  lastAt: string;
  /** The newest in the customer's words; `null` where they are not shown, or kept no more. */
  question: string | null;
  /** The article that was nearest; `null`: none was near. */
  nearest: Source | null;
  /** The newest of them, 5 at most. */
  threads: { portalId: PortalId; threadId: ThreadId }[];
}

/** What customers said who were asked for a rating. */
export interface Ratings {
  asked: number;
  answered: number;
  /** Of the scores, 1 to 5; `null`, as the next one: nobody has answered. */
  average: number | null;
  /** How many of those who answered gave 4 or 5, 0 to 1. */
  goodShare: number | null;
}

/** What the AI did for customers. Days are UTC's. */
export interface OutcomeReport {
  resolvedAfterMs: number;
  /** The longest last. */
  windows: OutcomeWindow[];
  /** All of the longest window, the oldest first. */
  byDay: { day: string; figures: Figures }[];
  /** Of the longest window. */
  by: Record<'portal' | 'channel' | 'language', { name: string; figures: Figures }[]>;
  /** Of those asked within the longest window, all together and by portal and channel, those asked most first. */
  ratings: { all: Ratings; by: ({ portal: PortalId; channel: string } & Ratings)[] };
  waiting: WaitingCustomers;
  /** Of the longest window, what was asked most first. */
  gaps: GapGroup[];
  articles: ArticleUse[];
}

const DAY_MS = 24 * 60 * 60_000;
/** A thread that was handed off earlier, and that no agent has written to, was settled in another way. */
const WAITING_DAYS = 7;
/** Who was handed off before that waits no more, as far as anybody counts. In ms since the epoch, as `now`. */
export const waitingSince = (now: number): number => now - WAITING_DAYS * DAY_MS;
/** More questions than that are not compared. */
const MOST_GAPS = 1_000;
const MOST_THREADS = 5;

const figuresOf = (counts: readonly ConversationCount[]): Figures => {
  const sum = (rows: readonly { count: number }[]): number => rows.reduce((total, { count }) => total + count, 0);
  const by = Object.fromEntries(
    CONVERSATION_OUTCOMES.map((outcome) => [outcome, sum(counts.filter((row) => row.outcome === outcome))]),
  ) as Record<ConversationOutcome, number>;
  const over = by.resolved + by['asked-back'] + by['handed-off'] + by.drafted;
  return {
    ...by,
    conversations: sum(counts),
    reopened: counts.reduce((total, { reopened }) => total + reopened, 0),
    resolvedShare: over === 0 ? null : by.resolved / over,
  };
};

const reasonsOf = (counts: readonly ConversationCount[]): OutcomeWindow['reasons'] => {
  const reasons = new Map<HandoffReasonCode, number>();
  for (const { reason, count } of counts) if (reason) reasons.set(reason, (reasons.get(reason) ?? 0) + count);
  return [...reasons].map(([reason, count]) => ({ reason, count })).toSorted((a, b) => b.count - a.count);
};

const groupedBy = (counts: readonly ConversationCount[], nameOf: (row: ConversationCount) => string) => {
  const names = [...new Set(counts.map(nameOf))];
  return names
    .map((name) => ({ name, figures: figuresOf(counts.filter((row) => nameOf(row) === name)) }))
    .toSorted((a, b) => b.figures.conversations - a.figures.conversations);
};

/**
 * Gaps that ask for the same: by their words, or, where these may not be shown, by the article that was nearest, since
 * nothing else could be shown of what makes a group. What was asked on most threads comes first.
 */
export const groupGaps = (gaps: readonly Gap[], showText: boolean): GapGroup[] => {
  const byNearest = (some: readonly Gap[]): Gap[][] => [
    ...Map.groupBy(some, ({ nearest }) => nearest?.path ?? '').values(),
  ];
  const wordsIn = ({ question, language }: Gap) => ({ words: question, language });
  const groups = showText
    ? [
        ...groupAlike(
          gaps.filter(({ question }) => question !== ''),
          wordsIn,
        ),
        ...byNearest(gaps.filter(({ question }) => question === '')),
      ]
    : byNearest(gaps);
  return groups
    .map((members): GapGroup => {
      const threads = [...new Map(members.map((gap) => [`${gap.portalId} ${gap.threadId}`, gap])).values()];
      const [newest] = members;
      return {
        count: threads.length,
        lastAt: new Date(newest?.at ?? 0).toISOString(),
        question: (showText && newest?.question) || null,
        nearest: members.find(({ nearest }) => nearest !== null)?.nearest ?? null,
        threads: threads.slice(0, MOST_THREADS).map(({ portalId, threadId }) => ({ portalId, threadId })),
      };
    })
    .toSorted((a, b) => b.count - a.count);
};

const ratingsOf = (counts: readonly RatingCount[]): Ratings => {
  const sum = (of: (count: RatingCount) => number): number => counts.reduce((total, count) => total + of(count), 0);
  const answered = sum((count) => count.answered);
  const each = (total: number): number | null => (answered === 0 ? null : total / answered);
  return {
    asked: sum(({ asked }) => asked),
    answered,
    average: each(sum((count) => count.sum)),
    goodShare: each(sum(({ good }) => good)),
  };
};

/** Reads the report. `windows`: in days, today included; `top`: how many customers, gaps and articles. */
export const readOutcomes = async (
  store: OutcomeStore & Pick<RatingStore, 'ratingCounts'>,
  {
    windows,
    top,
    resolvedAfterMs,
    now,
    showText,
  }: { windows: readonly number[]; top: number; resolvedAfterMs: number; now: number; showText: boolean },
): Promise<OutcomeReport> => {
  const firstDay = (days: number): string => utcDay(now - (days - 1) * DAY_MS);
  const longest = Math.max(...windows);
  const asked = (days: number) => ({ since: Date.parse(firstDay(days)), now, resolvedAfterMs });
  const counts = await store.conversationCounts(asked(longest));
  const read: OutcomeWindow[] = [];
  for (const days of windows.toSorted((a, b) => a - b)) {
    const since = firstDay(days);
    const within = counts.filter(({ day }) => day >= since);
    const times = await store.answerTimes(asked(days));
    read.push({ days, since, figures: figuresOf(within), reasons: reasonsOf(within), ...times });
  }
  const days = Array.from({ length: longest }, (_, ago) => utcDay(now - (longest - 1 - ago) * DAY_MS));
  const ratings = await store.ratingCounts(asked(longest).since);
  const gaps = await store.gaps(asked(longest).since, MOST_GAPS);
  return {
    resolvedAfterMs,
    windows: read,
    byDay: days.map((day) => ({ day, figures: figuresOf(counts.filter((row) => row.day === day)) })),
    by: {
      portal: groupedBy(counts, ({ portalId }) => portalId),
      channel: groupedBy(counts, ({ channel }) => channel),
      language: groupedBy(counts, ({ language }) => language),
    },
    ratings: {
      all: ratingsOf(ratings),
      by: ratings.map((count) => ({ portal: count.portalId, channel: count.channel, ...ratingsOf([count]) })),
    },
    waiting: await store.waitingCustomers(waitingSince(now), top),
    gaps: groupGaps(gaps, showText).slice(0, top),
    articles: await store.articleUses(asked(longest), top),
  };
};

const FIGURES = ['conversations', ...CONVERSATION_OUTCOMES] as const;
const left = (heading: string) => ({ heading, align: 'left' as const });
const FIGURE_COLUMNS = [...FIGURES.map((heading) => ({ heading })), { heading: 'resolved %' }];
const cellsOf = (figures: Figures): string[] => [
  ...FIGURES.map((name) => String(figures[name])),
  shareInWords(figures.resolvedShare),
];

/** As people read it: `4.3`; `–` where nobody has answered. */
export const averageInWords = (average: number | null): string => (average === null ? '–' : average.toFixed(1));

const ratingTable = ({ by }: OutcomeReport['ratings']): string =>
  table(
    [left('portal'), left('channel'), ...['asked', 'rated', 'average', '4 and 5 %'].map((heading) => ({ heading }))],
    by.map(({ portal, channel, asked, answered, average, goodShare }) => [
      ...[portal, channel, String(asked), String(answered), averageInWords(average), shareInWords(goodShare)],
    ]),
  );

/** Renders the report for people, the longest window in full. No customer's words, though it may hold some. */
export const renderOutcomes = ({
  windows,
  byDay,
  by,
  ratings,
  waiting,
  gaps,
  articles,
  resolvedAfterMs,
}: OutcomeReport): string => {
  const longest = windows.at(-1);
  const total = longest?.figures.conversations ?? 0;
  const silence = durationWords(resolvedAfterMs);
  const parts = [
    `Conversations by day (UTC) since ${longest?.since} (resolved: silent for ${silence} after an answer)`,
    total === 0
      ? 'None.'
      : table(
          [left('day'), ...FIGURE_COLUMNS],
          byDay
            .filter(({ figures }) => figures.conversations > 0)
            .map(({ day, figures }) => [day, ...cellsOf(figures)]),
        ),
  ];
  if (longest && total > 0) {
    const { medianMs, answered, figures } = longest;
    parts.push(`First answer: ${waitInWords(medianMs)} in the middle of ${answered}. Reopened: ${figures.reopened}.`);
    for (const [what, groups] of Object.entries(by)) {
      parts.push(
        table(
          [left(what), ...FIGURE_COLUMNS],
          groups.map(({ name, figures }) => [name, ...cellsOf(figures)]),
        ),
      );
    }
    if (longest.reasons.length > 0) {
      const rows = longest.reasons.map(({ reason, count }) => [reason, String(count)]);
      parts.push(table([left('handed off because'), { heading: 'conversations' }], rows));
    }
  }
  if (ratings.all.asked > 0) parts.push('Ratings by customers', ratingTable(ratings));
  parts.push(`Customers who wait for an agent: ${waiting.count}`);
  if (waiting.count > 0) {
    const rows = waiting.longest.map(({ portalId, threadId, since, cause }) => [
      threadId,
      portalId,
      new Date(since).toISOString().slice(0, 16).replace('T', ' '),
      cause ?? '',
    ]);
    parts.push(table([left('thread'), left('portal'), left('since (UTC)'), left('because')], rows));
  }
  if (gaps.length > 0) {
    const rows = gaps.map(({ count, lastAt, nearest }) => [
      nearest?.title ?? 'none',
      String(count),
      lastAt.slice(0, 10),
    ]);
    parts.push(
      'What nobody could answer',
      table([left('nearest article'), { heading: 'threads' }, { heading: 'last' }], rows),
    );
  }
  if (articles.length > 0) {
    const rows = articles.map(({ title, path, uses, failures }) => [title, path, String(uses), String(failures)]);
    parts.push('Articles', table([left('title'), left('path'), { heading: 'used' }, { heading: 'did not do' }], rows));
  }
  return `${parts.join('\n\n')}\n`;
};

/** Renders the report for programs, times as ISO text. */
export const outcomesJson = ({ waiting, ...report }: OutcomeReport): string =>
  `${JSON.stringify(
    {
      ...report,
      waiting: {
        ...waiting,
        longest: waiting.longest.map((one) => ({ ...one, since: new Date(one.since).toISOString() })),
      },
    },
    null,
    2,
  )}\n`;

import type { Call, Delivery } from '../../dev/simulator/simulator.ts';
import { type History, type Judgement, OFFENCES, type Offence } from './judge.ts';
import type { ChaosOptions } from './options.ts';
import { type Post, timeOf } from './posts.ts';
import type { Run } from './runs.ts';

/** What one run of chaos was, and what came of it. */
export interface Report {
  options: ChaosOptions;
  database: string;
  seconds: { start: number; load: number; settle: number };
  events: number;
  /** By who was killed. */
  kills: Record<string, number>;
  /** What each process said last that ended without being killed, such as a worker whose Temporal server was away. */
  endedByItself: string[];
  toleranceMs: number;
  readLagMs: number;
  /** Messages that the AI was sent. */
  asked: number;
  posts: Post[];
  runs: Run[];
  histories: History[];
  deliveries: Pick<Delivery, 'status' | 'attempt' | 'sentAt'>[];
  calls: Call[];
  judgement: Judgement;
  stories: { threadId: string; lines: string[] }[];
}

const countBy = <T>(items: T[], nameOf: (item: T) => string): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const name of items.map(nameOf).sort()) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
};

const spread = (values: number[]) => {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.ceil(sorted.length * share) - 1] ?? 0;
  return { count: sorted.length, p50: at(0.5), p99: at(0.99), max: sorted.at(-1) ?? 0 };
};

const answerSeconds = ({ posts, histories }: Report): number[] => {
  const asked = new Map(histories.flatMap(({ items }) => items.map((item) => [item.id, timeOf(item)] as const)));
  return posts.flatMap(({ key, time }) => {
    const at = key ? asked.get(key.messageId) : undefined;
    return at === undefined ? [] : [(time - at) / 1_000];
  });
};

/** Each offence's number, zeros too. */
export const offences = ({ violations }: Judgement): Record<Offence, number> => {
  const counts = Object.fromEntries(Object.keys(OFFENCES).map((name) => [name, 0])) as Record<Offence, number>;
  for (const { offence } of violations) counts[offence] += 1;
  return counts;
};

/** The figures as one plain object, for `--json`. */
export const figures = (report: Report) => {
  const { options, judgement, deliveries, runs, posts, calls } = report;
  const { json: _json, built: _built, ...settings } = options;
  return {
    ...settings,
    database: report.database,
    seconds: report.seconds,
    eventsPlayed: report.events,
    questions: report.histories.flatMap(({ items }) => items.filter(({ createdBy }) => /^[VE]-/.test(createdBy)))
      .length,
    kills: report.kills,
    endedByItself: countBy(report.endedByItself, (line) => line),
    deliveries: countBy(deliveries, ({ status }) => String(status ?? 'no answer')),
    calls: countBy(calls, ({ status }) => String(status ?? 'no answer')),
    aiAsked: report.asked,
    posts: countBy(posts, ({ key }) => key?.kind ?? 'without a key'),
    runs: countBy(runs, ({ type, status, outcome, skipReason }) =>
      [type, status === 'COMPLETED' ? (outcome ?? 'done') : status, skipReason].filter(Boolean).join(' '),
    ),
    answerSeconds: spread(answerSeconds(report)),
    lookToPostMs: judgement.window,
    toleranceMs: report.toleranceMs,
    readLagMs: report.readLagMs,
    humanWithinToleranceMs: spread(judgement.withinTolerance.human),
    newerWithinToleranceMs: spread(judgement.withinTolerance.newer),
    offences: offences(judgement),
    passed: judgement.violations.length === 0,
  };
};

const inWords = (value: unknown): string => {
  if (typeof value === 'number') return String(Math.round(value * 10) / 10);
  if (typeof value !== 'object' || value === null) return String(value);
  const parts = Object.entries(value).map(([name, part]) => `${name} ${inWords(part)}`);
  return parts.length === 0 ? 'none' : parts.join(', ');
};

/** The figures as a table, the offences below, and what each of them is made of. */
export const table = (report: Report): string => {
  const { offences: counts, passed, ...rest } = figures(report);
  const width = 26;
  const rows = Object.entries(rest).map(([name, value]) => `  ${name.padEnd(width)}${inWords(value)}`);
  const judgement = Object.entries(counts).map(
    ([name, count]) =>
      `${count === 0 ? '  ' : '! '}${name.padEnd(width)}${String(count).padEnd(6)}${OFFENCES[name as Offence]}`,
  );
  const details = report.judgement.violations.map(
    ({ offence, threadId, detail }) => `  ${offence}${threadId ? ` on thread ${threadId}` : ''}: ${detail}`,
  );
  const stories = report.stories.map(({ threadId, lines }) => [`\nThread ${threadId}`, ...lines].join('\n'));
  return [
    'What happened',
    ...rows,
    '',
    'What must be 0',
    ...judgement,
    ...(details.length > 0 ? ['', ...details, ...stories] : []),
    '',
    passed ? 'PASSED' : `FAILED: ${details.length} violations (seed ${report.options.seed})`,
    '',
  ].join('\n');
};

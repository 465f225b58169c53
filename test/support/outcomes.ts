import type { PortalId, ThreadId } from '../../src/hubspot/ids.ts';
import type { Figures, OutcomeReport } from '../../src/reports/outcome-report.ts';
import type { WaitingCustomers } from '../../src/sessions/outcomes.ts';

const portalId = '62515' as PortalId;
const threadId = '6065362089' as ThreadId;

/** What became of conversations; of everything that isn't given there was none. */
export const figures = (given: Partial<Figures>): Figures => ({
  conversations: 0,
  resolved: 0,
  open: 0,
  'asked-back': 0,
  'handed-off': 0,
  drafted: 0,
  shadow: 0,
  skipped: 0,
  reopened: 0,
  resolvedShare: null,
  ...given,
});

const day = (ago: number): string => new Date(Date.UTC(2026, 0, 31 - ago)).toISOString().slice(0, 10);

const wait = { portalId, threadId, channel: 'email', since: Date.UTC(2026, 0, 31, 9), cause: 'no-answer' } as const;

/** Two customers. */
export const someoneWaits: WaitingCustomers = {
  count: 2,
  longest: [wait, { ...wait, threadId: '6065362090' as ThreadId, channel: 'live chat', cause: null }],
};

/** A report with a bit of everything; `showText`: with the customer's words. */
export const someOutcomes = ({ showText = false } = {}): OutcomeReport => {
  const one = figures({ conversations: 9, resolved: 4, 'handed-off': 2, drafted: 1, open: 2, resolvedShare: 4 / 7 });
  const all = figures({ ...one, conversations: 120, resolved: 70, 'handed-off': 30, reopened: 3, resolvedShare: 0.69 });
  const times = { answered: 80, medianMs: 4_200 };
  const returns = { title: 'Return an item', path: 'help/returns.md' };
  return {
    resolvedAfterMs: 24 * 60 * 60_000,
    windows: [
      { days: 1, since: day(0), figures: one, reasons: [{ reason: 'no-answer', count: 2 }], ...times },
      { days: 7, since: day(6), figures: all, reasons: [{ reason: 'no-answer', count: 20 }], ...times },
      {
        days: 30,
        since: day(29),
        figures: all,
        reasons: [
          { reason: 'no-answer', count: 20 },
          { reason: 'agent-took-over', count: 10 },
        ],
        ...times,
      },
    ],
    byDay: Array.from({ length: 30 }, (_, at) => ({
      day: day(29 - at),
      figures: figures({ conversations: at % 10, resolved: at % 5, 'handed-off': at % 3 }),
    })),
    by: {
      portal: [{ name: portalId, figures: all }],
      channel: [
        { name: 'live chat', figures: all },
        { name: 'email', figures: one },
      ],
      language: [{ name: 'de', figures: all }],
    },
    ratings: {
      all: { asked: 10, answered: 4, average: 4.25, goodShare: 0.75 },
      by: [
        { portal: portalId, channel: 'email', asked: 8, answered: 4, average: 4.25, goodShare: 0.75 },
        { portal: portalId, channel: 'live chat', asked: 2, answered: 0, average: null, goodShare: null },
      ],
    },
    waiting: someoneWaits,
    gaps: [
      {
        count: 7,
        lastAt: '2026-01-31T10:00:00.000Z',
        question: showText ? 'Do you <b>ship</b> to Mars?' : null,
        nearest: returns,
        threads: [{ portalId, threadId }],
      },
      { count: 1, lastAt: '2026-01-30T10:00:00.000Z', question: null, nearest: null, threads: [] },
    ],
    articles: [{ ...returns, uses: 40, failures: 6 }],
  };
};

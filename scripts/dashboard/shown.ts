import { type Panel, rateSeconds, readPanels, seriesName, withVariables } from './dashboard.ts';
import type { Prometheus } from './prometheus.ts';

/** A panel with what Prometheus gave for it. */
export interface Shown {
  panel: Panel;
  /** By name; a value for each of the times, or one alone for a panel that shows the present. `null`: there is none. */
  series: { name: string; values: (number | null)[] }[];
}

export interface Window {
  /** In seconds since the epoch. */
  from: number;
  to: number;
  stepSeconds: number;
  scrapeSeconds: number;
}

/** The times for which a window has values, in seconds since the epoch. */
export const timesOf = ({ from, to, stepSeconds }: Window): number[] =>
  Array.from({ length: Math.floor((to - from) / stepSeconds) + 1 }, (_, at) => from + at * stepSeconds);

const finite = (value: number | undefined): number | null =>
  value === undefined || !Number.isFinite(value) ? null : value;

/**
 * Asks Prometheus what each panel of the dashboard asks, as Grafana would for this window.
 * @throws {Error} that names a query that Prometheus refuses
 */
export const askPanels = async (prometheus: Prometheus, window: Window): Promise<Shown[]> => {
  const times = timesOf(window);
  const rate = rateSeconds(window.stepSeconds, window.scrapeSeconds);
  return await Promise.all(
    readPanels().map(async (panel) => {
      const answers = (panel.targets ?? []).map(async (target) => {
        const query = withVariables(target.expr, rate);
        const found = target.instant
          ? await prometheus.at(query, window.to)
          : await prometheus.between(query, { ...window, to: times.at(-1) ?? window.to });
        return found.map(({ labels, values }) => {
          const known = new Map(values);
          const shown = target.instant
            ? values.map(([, value]) => finite(value))
            : times.map((at) => finite(known.get(at)));
          return { name: seriesName(target, labels, panel), values: shown };
        });
      });
      return { panel, series: (await Promise.all(answers)).flat() };
    }),
  );
};

/** Panels of which no series has a number. */
export const withoutData = (shown: readonly Shown[]): string[] =>
  shown
    .filter(
      ({ panel, series }) => panel.type !== 'row' && !series.some(({ values }) => values.some((it) => it !== null)),
    )
    .map(({ panel }) => panel.title);

import { readFileSync } from 'node:fs';

/** What the picture needs of a panel's query. */
export interface Target {
  expr: string;
  legendFormat: string;
  /** It is asked for one moment alone. */
  instant?: boolean;
}

/** What the picture knows of a panel's fields, by Grafana's names. */
export interface FieldDefaults {
  unit: string;
  decimals?: number;
  /** Each value that is shown as a text, by the value. */
  mappings?: { type: string; options: Record<string, { text: string; color?: string }> }[];
  /** From each value on, this colour; the first value is `null`: below all others. */
  thresholds?: { steps: { color: string; value: number | null }[] };
  custom?: {
    drawStyle?: string;
    stacking?: { mode: string };
    thresholdsStyle?: { mode: string };
  };
}

export interface Panel {
  id: number;
  type: 'row' | 'stat' | 'timeseries';
  title: string;
  description?: string;
  /** In a grid of 24 columns. */
  gridPos: { x: number; y: number; w: number; h: number };
  /** Absent of rows, as the queries are. */
  fieldConfig?: {
    defaults: FieldDefaults;
    /** Another name for a series, by its own. */
    overrides: {
      matcher: { id: string; options: string };
      properties: { id: string; value: unknown }[];
    }[];
  };
  targets?: Target[];
}

const DASHBOARD = new URL('../../ops/grafana-dashboard.json', import.meta.url);

/** The rows and panels of `ops/grafana-dashboard.json`, in its order. */
export const readPanels = (): Panel[] => (JSON.parse(readFileSync(DASHBOARD, 'utf8')) as { panels: Panel[] }).panels;

/**
 * The window of `rate`, as Grafana chooses it for a Prometheus that is asked every `stepSeconds` of what it scrapes
 * every `scrapeSeconds`.
 */
export const rateSeconds = (stepSeconds: number, scrapeSeconds: number): number =>
  Math.max(stepSeconds + scrapeSeconds, 4 * scrapeSeconds);

/**
 * A query with the dashboard's variables put in: every portal, and this window of `rate`.
 * @throws {Error} for a variable that the dashboard does not have
 */
export const withVariables = (expr: string, windowSeconds: number): string => {
  const filled = expr.replaceAll('$__rate_interval', `${windowSeconds}s`).replaceAll('$portal', '.*');
  const [unknown] = /\$\w+/.exec(filled) ?? [];
  if (unknown) throw new Error(`The picture knows no variable ${unknown} of the dashboard: ${expr}`);
  return filled;
};

/** A series' name in the legend: `{{label}}` stands for the label's value. */
export const seriesName = ({ legendFormat }: Target, labels: Record<string, string>, panel: Panel): string => {
  const name = legendFormat.replaceAll(/\{\{\s*(\w+)\s*\}\}/g, (_, label: string) => labels[label] ?? '').trim();
  const renamed = panel.fieldConfig?.overrides
    .filter(({ matcher }) => matcher.id === 'byName' && matcher.options === name)
    .flatMap(({ properties }) => properties)
    .find(({ id }) => id === 'displayName');
  return renamed ? String(renamed.value) : name;
};

import { globSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { ROOT, read } from '../docs/markdown.ts';

interface Panel {
  id: number;
  type: string;
  title: string;
  description: string;
  gridPos: { x: number; y: number; w: number; h: number };
  fieldConfig: {
    defaults: {
      unit: string;
      color: { mode: string };
      thresholds?: { mode: string; steps: { color: string; value: number | null }[] };
      mappings?: { type: string; options: Record<string, { text: string }> }[];
      custom?: {
        drawStyle: string;
        showPoints?: string;
        stacking?: { mode: string };
        thresholdsStyle?: { mode: string };
      };
    };
    overrides: { matcher: { id: string; options: string }; properties: { id: string }[] }[];
  };
  options: {
    colorMode?: string;
    graphMode?: string;
    justifyMode?: string;
    textMode?: string;
    orientation?: string;
    reduceOptions?: { calcs: string[] };
    legend?: { displayMode: string; placement: string; calcs: string[] };
    tooltip?: { mode: string; sort: string };
  };
  targets?: { expr: string; legendFormat: string; instant?: boolean }[];
}

const { panels, templating } = JSON.parse(read('ops/grafana-dashboard.json')) as {
  panels: Panel[];
  templating: { list: { name: string; type: string; query: string }[] };
};
const code = globSync('src/**/*.ts', { cwd: ROOT }).map(read).join('\n');
const shown = panels.filter(({ type }) => type !== 'row');
const stats = panels.filter(({ type }) => type === 'stat');
const exprs = panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));

/** These have the label `portal`. */
const BY_PORTAL =
  /threadkeeper_(?:handoffs|hubspot_calls|ai_tokens|ai_cost_millionths|ai_over_budget|ai_limited)_\w+|threadkeeper_(?:customers_waiting|conversations)\b/;

describe('ops/grafana-dashboard.json', () => {
  it('shows no metric of ours that the code does not have', () => {
    const named = exprs.flatMap((expr) => expr.match(/threadkeeper_\w+/g) ?? []);
    expect(named.length).toBeGreaterThan(15);
    expect(named.filter((name) => !code.includes(name.replace(/_bucket$/, '')))).toEqual([]);
  });

  it('lets people choose HubSpot accounts, wherever a metric knows its account', () => {
    expect(templating.list.map(({ name }) => name)).toEqual(['datasource', 'portal']);
    const ours = exprs.filter((expr) => BY_PORTAL.test(expr));
    expect(ours.length).toBeGreaterThan(5);
    expect(ours.filter((expr) => !expr.includes('portal=~"$portal"'))).toEqual([]);
  });

  it('begins with what a support lead asks, and says in words what each panel shows', () => {
    const rows = panels.filter(({ type }) => type === 'row').map(({ title }) => title);
    expect(rows[0]).toMatch(/^For the support lead/);
    const [, ...first] = panels.filter(({ gridPos: { y } }) => y <= 1).map(({ title }) => title);
    expect(first).toEqual([
      expect.stringMatching(/wait for an agent now/),
      expect.stringMatching(/[Rr]esolved by the AI/),
      expect.stringMatching(/[Ww]ent to agents/),
      expect.stringMatching(/AI stopped/),
    ]);
    expect(rows.slice(1).every((title) => title.startsWith('For the engineer'))).toBe(true);
    expect(panels.filter(({ title }) => /fate|outcome|sticky|endtoend|_/.test(title))).toEqual([]);
  });

  it('fills its grid: no two panels in one place, no hole, and none without an id of its own', () => {
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, at) => `${y + Math.floor(at / w)} ${x + (at % w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
    const bottom = Math.max(...panels.map(({ gridPos: { y, h } }) => y + h));
    expect(cells).toHaveLength(bottom * 24);
  });

  it('says of each panel how to read it', () => {
    expect(shown.filter(({ description }) => description.length < 10).map(({ title }) => title)).toEqual([]);
  });

  it('says in words, not by a colour alone, what needs a person', () => {
    expect(stats.filter(({ options }) => options.textMode !== 'value_and_name')).toEqual([]);
    const stopped = stats.find(({ title }) => title === 'Is the AI stopped?');
    const [words] = stopped?.fieldConfig.defaults.mappings ?? [];
    expect(Object.entries(words?.options ?? {}).map(([value, { text }]) => [value, text])).toEqual([
      ['0', 'no'],
      ['1', 'STOPPED'],
    ]);
    // A line across a panel is explained below its title.
    const lines = shown.filter(({ fieldConfig }) => fieldConfig.defaults.custom?.thresholdsStyle);
    expect(lines.length).toBeGreaterThan(0);
    for (const { description } of lines) expect(description).toContain('dashed line');
  });

  it('counts the first event of a kind, which increase() alone does not see', () => {
    const counting = exprs.filter((expr) => expr.includes('increase('));
    expect(counting.length).toBeGreaterThan(10);
    for (const expr of counting) {
      const [, counter = '', range = ''] = /or increase\((.+?)\[([\w$]+)\]\)/.exec(expr) ?? [];
      expect(expr).toContain(` unless last_over_time(${counter}[1h] offset ${range}) or increase(`);
    }
  });

  it('says 0 where nothing happened, and only while a process is there that would know', () => {
    const aDay = stats.flatMap(({ targets = [] }) => targets.filter(({ expr }) => expr.includes('[24h]')));
    expect(aDay).toHaveLength(3);
    for (const { expr, instant } of aDay) {
      expect(expr).toMatch(/ or on \(\) label_replace\(0 \* max\(threadkeeper_stopped\), "\w+", "none", "", ""\)$/);
      expect(instant).toBe(true);
    }
    expect(exprs.filter((expr) => expr.includes('vector('))).toEqual([]);
  });

  // Grafana drops a value that it does not know without a word, and shows its default.
  it.each<[string, string[], (panel: Panel) => (string | undefined)[]]>([
    ['panels', ['stat', 'timeseries'], ({ type }) => [type]],
    ['units', ['short', 'ms', 's', 'reqps'], ({ fieldConfig }) => [fieldConfig.defaults.unit]],
    ['colour modes', ['thresholds', 'palette-classic-by-name'], ({ fieldConfig }) => [fieldConfig.defaults.color.mode]],
    [
      'colours',
      ['green', 'orange', 'red', 'text'],
      ({ fieldConfig }) => (fieldConfig.defaults.thresholds?.steps ?? []).map(({ color }) => color),
    ],
    ['modes of thresholds', ['absolute'], ({ fieldConfig }) => [fieldConfig.defaults.thresholds?.mode]],
    [
      'kinds of mappings',
      ['value'],
      ({ fieldConfig }) => (fieldConfig.defaults.mappings ?? []).map(({ type }) => type),
    ],
    ['styles', ['line', 'bars'], ({ fieldConfig }) => [fieldConfig.defaults.custom?.drawStyle]],
    ['points', ['auto', 'always', 'never'], ({ fieldConfig }) => [fieldConfig.defaults.custom?.showPoints]],
    ['stacks', ['none', 'normal', 'percent'], ({ fieldConfig }) => [fieldConfig.defaults.custom?.stacking?.mode]],
    ['lines', ['dashed'], ({ fieldConfig }) => [fieldConfig.defaults.custom?.thresholdsStyle?.mode]],
    [
      'overrides',
      ['byName', 'displayName'],
      ({ fieldConfig: { overrides } }) =>
        overrides.flatMap(({ matcher, properties }) => [matcher.id, ...properties.map(({ id }) => id)]),
    ],
    ['ways to colour a figure', ['none', 'value', 'background'], ({ options }) => [options.colorMode]],
    ['graphs behind a figure', ['none', 'area'], ({ options }) => [options.graphMode]],
    ['places of a figure', ['auto', 'center'], ({ options }) => [options.justifyMode]],
    ['directions', ['auto', 'horizontal', 'vertical'], ({ options }) => [options.orientation]],
    ['texts of a figure', ['value_and_name'], ({ options }) => [options.textMode]],
    [
      'calculations',
      ['lastNotNull', 'max'],
      ({ options }) => [...(options.reduceOptions?.calcs ?? []), ...(options.legend?.calcs ?? [])],
    ],
    ['legends', ['list', 'table'], ({ options }) => [options.legend?.displayMode]],
    ['places of a legend', ['bottom', 'right'], ({ options }) => [options.legend?.placement]],
    ['tooltips', ['single', 'multi', 'none'], ({ options }) => [options.tooltip?.mode]],
    ['orders of a tooltip', ['asc', 'desc', 'none'], ({ options }) => [options.tooltip?.sort]],
  ])('has no %s that Grafana does not know', (_, known, of) => {
    expect(shown.flatMap(of).filter((value) => value !== undefined && !known.includes(value))).toEqual([]);
  });
});

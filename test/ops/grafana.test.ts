import { globSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { ROOT, read } from '../docs/markdown.ts';

interface Panel {
  id: number;
  type: string;
  title: string;
  gridPos: { x: number; y: number; w: number; h: number };
  targets?: { expr: string }[];
}

const { panels, templating } = JSON.parse(read('ops/grafana-dashboard.json')) as {
  panels: Panel[];
  templating: { list: { name: string; type: string; query: string }[] };
};
const code = globSync('src/**/*.ts', { cwd: ROOT }).map(read).join('\n');
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
      expect.stringMatching(/the AI resolved/),
      expect.stringMatching(/went to agents/),
    ]);
    expect(rows.slice(1).every((title) => title.startsWith('For the engineer'))).toBe(true);
    expect(panels.filter(({ title }) => /fate|outcome|sticky|endtoend|_/.test(title))).toEqual([]);
  });

  it('has no two panels in one place, and none without an id of its own', () => {
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    expect(new Set(panels.map(({ gridPos: { x, y } }) => `${x} ${y}`)).size).toBe(panels.length);
  });
});

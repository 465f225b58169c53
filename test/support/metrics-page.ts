import { parse } from 'yaml';
import { read } from '../docs/markdown.ts';

interface Rules {
  groups: { rules: { alert: string; expr: string }[] }[];
}
interface Dashboard {
  panels: { title: string; targets?: { expr: string }[] }[];
}

/** What the alert rules and the dashboard ask of Prometheus, each by its name. */
export const expressions = (): [string, string][] => {
  const { groups } = parse(read('ops/alerts.yaml')) as Rules;
  const { panels } = JSON.parse(read('ops/grafana-dashboard.json')) as Dashboard;
  return [
    ...groups.flatMap(({ rules }) => rules).map(({ alert, expr }): [string, string] => [alert, expr]),
    ...panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }): [string, string] => [title, expr])),
  ];
};

/** Every metric that an expression names, with the labels that it chooses by. */
export const metricsIn = (expression: string): { name: string; labels: string[] }[] =>
  [...expression.matchAll(/\b((?:threadkeeper|temporal)_\w+)(?:\{([^}]*)\})?/g)].map(([, name = '', chosen = '']) => ({
    name,
    labels: [...chosen.matchAll(/(\w+)\s*(?:=~|!~|!=|=)/g)].map(([, label = '']) => label),
  }));

/** The labels of each metric on a page, by the name that a query uses. */
export const labelsOn = (page: string): Map<string, Set<string>> => {
  const shown = new Map<string, Set<string>>();
  for (const line of page.split('\n')) {
    const [, type] = /^# TYPE (\w+) /.exec(line) ?? [];
    if (type) shown.set(type, shown.get(type) ?? new Set());
    const [, name = '', labels = ''] = /^(\w+)(?:\{(.*)\})? /.exec(line) ?? [];
    if (name === '') continue;
    const known = shown.get(name) ?? new Set();
    for (const [, label = ''] of labels.matchAll(/(\w+)="/g)) known.add(label);
    shown.set(name, known);
  }
  return shown;
};

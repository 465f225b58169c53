import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findFreePort } from '../../src/lib/ports.ts';
import type { Resources } from '../../src/processes/lifecycle.ts';
import { isInstalled } from '../../test/support/installed.ts';

/** Whether this machine has a Prometheus. */
export const hasPrometheus = isInstalled('prometheus', '--version');

/** One series of an answer; each value with its time, in seconds since the epoch. */
export interface Series {
  labels: Record<string, string>;
  values: [number, number][];
}

/** A Prometheus that runs. */
export interface Prometheus {
  /** @throws {Error} that names the query, for one that Prometheus refuses */
  at(query: string, time: number): Promise<Series[]>;
  /** The same for every `stepSeconds` between two times, in seconds since the epoch. */
  between(query: string, window: { from: number; to: number; stepSeconds: number }): Promise<Series[]>;
  /** The targets that it could read the last time, by job. */
  healthy(): Promise<string[]>;
}

const PATIENCE_MS = 30_000;

interface Answer {
  status: string;
  error?: string;
  data: { result: { metric: Record<string, string>; value?: [number, string]; values?: [number, string][] }[] };
}

/** Starts a Prometheus that reads `/metrics` of these addresses (`host:port`, by job) into `resources`. */
export const startPrometheus = async (
  targets: Record<string, string>,
  scrapeSeconds: number,
  resources: Resources,
): Promise<Prometheus> => {
  const folder = await mkdtemp(join(tmpdir(), 'threadkeeper-prometheus-'));
  resources.add(() => rm(folder, { recursive: true, force: true }));
  const config = join(folder, 'prometheus.yaml');
  const scrape_configs = Object.entries(targets).map(([job_name, address]) => ({
    job_name,
    static_configs: [{ targets: [address] }],
  }));
  const every = `${scrapeSeconds}s`;
  // JSON is YAML too.
  await writeFile(
    config,
    JSON.stringify({ global: { scrape_interval: every, scrape_timeout: every }, scrape_configs }),
  );
  const address = `127.0.0.1:${await findFreePort()}`;
  const words = [`--config.file=${config}`, `--storage.tsdb.path=${folder}/data`, `--web.listen-address=${address}`];
  const child = spawn('prometheus', [...words, '--log.level=error'], { stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = once(child, 'exit');
  let said = '';
  child.stderr.on('data', (chunk) => {
    said += chunk;
  });
  resources.add(async () => {
    child.kill('SIGTERM');
    await ended;
  });

  const url = `http://${address}`;
  const isReady = async (): Promise<boolean> => {
    try {
      return (await fetch(`${url}/-/ready`)).ok;
    } catch {
      return false;
    }
  };
  const end = Date.now() + PATIENCE_MS;
  while (!(await isReady())) {
    if (child.exitCode !== null || Date.now() > end) throw new Error(`Prometheus does not start:\n${said}`);
    await sleep(50);
  }

  const ask = async (path: string, words: Record<string, string>): Promise<Series[]> => {
    const response = await fetch(`${url}/api/v1/${path}`, { method: 'POST', body: new URLSearchParams(words) });
    const { status, error, data } = (await response.json()) as Answer;
    if (status !== 'success') throw new Error(`Prometheus refuses ${words.query}: ${error}`);
    return data.result.map(({ metric, value, values = value ? [value] : [] }) => ({
      labels: metric,
      values: values.map(([time, text]) => [time, Number(text)]),
    }));
  };
  return {
    at: (query, time) => ask('query', { query, time: String(time) }),
    between: (query, { from, to, stepSeconds }) =>
      ask('query_range', { query, start: String(from), end: String(to), step: String(stepSeconds) }),
    healthy: async () => {
      const response = await fetch(`${url}/api/v1/targets`);
      const { data } = (await response.json()) as {
        data: { activeTargets: { health: string; labels: { job: string } }[] };
      };
      return data.activeTargets.filter(({ health }) => health === 'up').map(({ labels }) => labels.job);
    },
  };
};

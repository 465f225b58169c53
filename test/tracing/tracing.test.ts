import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { tracedAis } from '../../src/tracing/ai.ts';
import { openTracing } from '../../src/tracing/open-tracing.ts';
import type { Tracing } from '../../src/tracing/tracing.ts';
import { read } from '../docs/markdown.ts';
import { type Collector, startCollector } from '../support/collector.ts';

const logged: string[] = [];
const logger = pino({ level: 'warn' }, { write: (line: string) => void logged.push(line) });

let collector: Collector;
let tracing: Tracing;

const open = async (url: string, share = 1): Promise<Tracing> => {
  const opened = await openTracing({ url: `${url}/v1/traces`, serviceName: 'threadkeeper', share }, 'api', logger);
  if (!opened) throw new Error('Tracing is off');
  return opened;
};

beforeEach(async () => {
  collector = await startCollector();
  tracing = await open(collector.url);
});
afterEach(async () => {
  await tracing.close();
  await collector.close();
});

const collected = async (name: string) => {
  await tracing.close();
  const span = collector.spans.find((one) => one.name === name);
  if (!span) throw new Error(`No span ${name}`);
  return span;
};

describe('a span', () => {
  it('stands below the one in which it begins, also when several are under way', async () => {
    const inner = (name: string) => () =>
      tracing.span(name, { kind: 'client' }, async () => {
        await setImmediate();
        tracing.note({ of: name });
      });
    await Promise.all(['a', 'b'].map((name) => tracing.span(name, { kind: 'server' }, inner(`${name} inside`))));
    for (const name of ['a', 'b']) {
      const above = await collected(name);
      expect(above).toMatchObject({ parentSpanId: '', process: 'api', attributes: {} });
      expect(await collected(`${name} inside`)).toMatchObject({
        traceId: above.traceId,
        parentSpanId: above.spanId,
        attributes: { of: `${name} inside` },
      });
    }
  });

  it('goes on in another process', async () => {
    const carried = await tracing.span('here', { kind: 'client' }, async () => tracing.carry());
    const { traceId, spanId } = await collected('here');
    expect(carried).toEqual({ traceparent: `00-${traceId}-${spanId}-01` });

    const there = await open(collector.url);
    await there.span('there', { kind: 'consumer', parent: carried }, async () => undefined);
    await there.close();
    expect(await collected('there')).toMatchObject({ traceId, parentSpanId: spanId });
  });

  it('of what fails says the name of the error, and none of its words', async () => {
    class Trouble extends Error {
      override readonly name = 'Trouble';
    }
    const failing = tracing.span('fails', { kind: 'client' }, () => Promise.reject(new Trouble('with pomegranates')));
    await expect(failing).rejects.toThrow('with pomegranates');
    expect(await collected('fails')).toMatchObject({ status: 2, attributes: { 'error.type': 'Trouble' } });
    expect(collector.raw.join()).not.toContain('pomegranates');
  });

  it('of a question to the AI says what it cost and what came of it, and neither question nor answer', async () => {
    const backend = {
      name: 'scripted',
      generate: async () => ({
        action: 'reply' as const,
        text: 'the pomegranates left',
        sources: [],
        confidence: null,
        aiSessionId: null,
        usage: { inputTokens: 12, outputTokens: 3 },
      }),
    };
    const ais = tracedAis(tracing, { backendOf: () => backend, linkDomainsOf: () => [] });
    const question = { questions: ['Where are the pomegranates?'] } as never;
    expect(await ais.backendOf('1' as never).generate(question, {} as never)).toMatchObject({ action: 'reply' });
    expect((await collected('AI')).attributes).toEqual({
      'threadkeeper.ai.backend': 'scripted',
      'threadkeeper.ai.action': 'reply',
      'gen_ai.usage.input_tokens': 12,
      'gen_ai.usage.output_tokens': 3,
    });
    expect(collector.raw.join()).not.toContain('pomegranates');
  });
});

it('keeps a share of the traces, but all whose beginning elsewhere was kept', async () => {
  const none = await open(collector.url, 0);
  await none.span('left out', { kind: 'server' }, async () => undefined);
  const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
  await none.span('kept', { kind: 'server', parent: { traceparent } }, async () => undefined);
  await none.close();
  expect(collector.spans.map(({ name, traceId }) => [name, traceId])).toEqual([['kept', 'a'.repeat(32)]]);
});

it('goes on where the collector refuses, and says so in one line without its words', async () => {
  const refusing = createServer((_request, response) => response.writeHead(404).end('no pomegranates here'));
  await once(refusing.listen(0, '127.0.0.1'), 'listening');
  const alone = await open(`http://127.0.0.1:${(refusing.address() as AddressInfo).port}`);
  expect(await alone.span('lost', { kind: 'server' }, async () => 'done')).toBe('done');
  await alone.close();
  refusing.closeAllConnections();
  await new Promise((closed) => refusing.close(closed));
  expect(logged.map((line) => JSON.parse(line).msg)).toEqual([
    "Traces can't be delivered: check OTEL_EXPORTER_OTLP_ENDPOINT and the collector",
  ]);
});

describe('where it is off', () => {
  it('there is none', async () => {
    expect(await openTracing(null, 'api', logger)).toBeNull();
  });

  it('nothing of OpenTelemetry is loaded: one file knows it, and is imported when it is on', () => {
    const sources = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
    const naming = (text: RegExp) => sources.filter((name) => text.test(read(`src/${name}`)));
    expect(naming(/from '@opentelemetry\//)).toEqual(['tracing/opentelemetry.ts']);
    expect(naming(/\/opentelemetry\.ts'/)).toEqual(['tracing/open-tracing.ts']);
    expect(read('src/tracing/open-tracing.ts')).toContain("await import('./opentelemetry.ts')");
  });
});

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parse } from 'protobufjs';

/** A span as it came to the collector. */
export interface CollectedSpan {
  traceId: string;
  spanId: string;
  /** Empty: the first of its trace. */
  parentSpanId: string;
  name: string;
  attributes: Record<string, string | number | boolean>;
  /** 2: an error. */
  status: number;
  /** `threadkeeper.process` of its resource. */
  process: string;
}

/** Something that takes OTLP over HTTP, as an OpenTelemetry Collector does. */
export interface Collector {
  url: string;
  readonly spans: CollectedSpan[];
  /** Everything that was sent, as it can be read. */
  readonly raw: string[];
  close(): Promise<void>;
}

// As much of opentelemetry/proto/collector/trace/v1 as is looked at; what else is sent stands in `raw`.
const { root } = parse(`
  syntax = "proto3";
  message AnyValue { oneof value { string string_value = 1; bool bool_value = 2; int64 int_value = 3; double double_value = 4; } }
  message KeyValue { string key = 1; AnyValue value = 2; }
  message Status { string message = 2; int32 code = 3; }
  message Span {
    bytes trace_id = 1; bytes span_id = 2; bytes parent_span_id = 4; string name = 5;
    repeated KeyValue attributes = 9; Status status = 15;
  }
  message ScopeSpans { repeated Span spans = 2; }
  message Resource { repeated KeyValue attributes = 1; }
  message ResourceSpans { Resource resource = 1; repeated ScopeSpans scope_spans = 2; }
  message Request { repeated ResourceSpans resource_spans = 1; }
`);
const Request = root.lookupType('Request');

interface KeyValue {
  key: string;
  value: Record<string, string | number | boolean>;
}
interface Decoded {
  resourceSpans: {
    resource: { attributes: KeyValue[] };
    scopeSpans: {
      spans: {
        traceId: Buffer;
        spanId: Buffer;
        parentSpanId: Buffer;
        name: string;
        attributes: KeyValue[];
        status: { code: number } | null;
      }[];
    }[];
  }[];
}

const valuesOf = (pairs: KeyValue[]): CollectedSpan['attributes'] =>
  Object.fromEntries(pairs.map(({ key, value }) => [key, Object.values(value)[0] ?? '']));

const read = (body: Buffer): CollectedSpan[] => {
  const decoded = Request.toObject(Request.decode(body), { longs: Number, arrays: true }) as Decoded;
  return decoded.resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ spans }) =>
      spans.map((span) => ({
        traceId: span.traceId.toString('hex'),
        spanId: span.spanId.toString('hex'),
        parentSpanId: (span.parentSpanId ?? Buffer.alloc(0)).toString('hex'),
        name: span.name,
        attributes: valuesOf(span.attributes),
        status: span.status?.code ?? 0,
        process: String(valuesOf(resource.attributes)['threadkeeper.process']),
      })),
    ),
  );
};

/** Starts a {@link Collector} on a free port. */
export const startCollector = async (): Promise<Collector> => {
  const spans: CollectedSpan[] = [];
  const raw: string[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      raw.push(body.toString('latin1'));
      spans.push(...read(body));
      response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end();
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    raw,
    async close() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
};

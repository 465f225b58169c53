import { AsyncLocalStorage } from 'node:async_hooks';
import {
  type Context,
  DiagLogLevel,
  defaultTextMapGetter,
  defaultTextMapSetter,
  diag,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import {
  defaultResource,
  detectResources,
  resourceAttributesEnvDetector,
  resourceFromAttributes,
} from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import type { Logger } from 'pino';
import { withDeadline } from '../lib/deadline.ts';
import type { SpanOptions, Tracing, TracingSettings } from './tracing.ts';

const KINDS: Record<SpanOptions['kind'], SpanKind> = {
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
};

/** A process that ends waits no longer for a collector. */
const LAST_WORDS_MS = 3_000;

/** Gives what an error is called: Temporal's failures carry the name of what they were made of. */
const errorType = (error: unknown): string => {
  if (!(error instanceof Error)) return 'unknown';
  const { type } = error as { type?: unknown };
  return typeof type === 'string' ? type : error.name;
};

/** Hears the exporter's complaints, but not its words: they may hold what a collector answered. */
const heed = (warn: () => void): void => {
  const nothing = (): void => undefined;
  const listener = { error: warn, warn: nothing, info: nothing, debug: nothing, verbose: nothing };
  diag.setLogger(listener, { logLevel: DiagLogLevel.ERROR, suppressOverrideMessage: true });
};

/**
 * Traces that go to a collector by OpenTelemetry's own SDK, in batches, off the way of the work. Nothing of it is set
 * up for the whole process but the exporter's complaints, and no library is patched: a span holds what we give it.
 */
export const startTracing = ({ url, serviceName, share }: TracingSettings, part: string, logger: Logger): Tracing => {
  const warn = (): void =>
    logger.warn("Traces can't be delivered: check OTEL_EXPORTER_OTLP_ENDPOINT and the collector");
  heed(warn);
  const propagator = new W3CTraceContextPropagator();
  const resource = defaultResource()
    .merge(detectResources({ detectors: [resourceAttributesEnvDetector] }))
    .merge(resourceFromAttributes({ 'service.name': serviceName, 'threadkeeper.process': part }));
  const provider = new TracerProvider({
    resource,
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(share) }),
    spanProcessors: [new BatchSpanProcessor({ exporter: new OTLPTraceExporter({ url }) })],
  });
  const tracer = provider.getTracer('threadkeeper');
  const current = new AsyncLocalStorage<Context>();
  const active = (): Context => current.getStore() ?? ROOT_CONTEXT;

  return {
    async span(name, { kind, attributes, parent }, work) {
      const above = parent ? propagator.extract(ROOT_CONTEXT, parent, defaultTextMapGetter) : active();
      const span = tracer.startSpan(name, { kind: KINDS[kind], ...(attributes ? { attributes } : {}) }, above);
      try {
        return await current.run(trace.setSpan(above, span), work);
      } catch (error) {
        span.setStatus({ code: SpanStatusCode.ERROR }).setAttribute('error.type', errorType(error));
        throw error;
      } finally {
        span.end();
      }
    },
    note: (attributes) => void trace.getSpan(active())?.setAttributes(attributes),
    carry() {
      const carrier: Record<string, string> = {};
      propagator.inject(active(), carrier, defaultTextMapSetter);
      return carrier;
    },
    close: () => withDeadline(provider.shutdown(), LAST_WORDS_MS).catch(warn),
  };
};

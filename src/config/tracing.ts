import { z } from 'zod';
import type { TracingSettings } from '../tracing/tracing.ts';
import type { Environment } from './environment.ts';
import { baseUrl, flag, httpUrl } from './primitives.ts';

const ALL = 'parentbased_always_on';
const SHARE = 'parentbased_traceidratio';

/** Tracing's variables, as OpenTelemetry's specification names them; the exporter reads others of it by itself. */
export const tracingVariables = {
  OTEL_EXPORTER_OTLP_ENDPOINT: baseUrl
    .optional()
    .describe(
      'The OpenTelemetry Collector that gets the [traces](traces.md), by OTLP over HTTP, such as ' +
        '`http://127.0.0.1:4318`. Absent: there are no traces.',
    ),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: httpUrl
    .optional()
    .describe('The whole URL for traces, if it is not `OTEL_EXPORTER_OTLP_ENDPOINT` followed by `/v1/traces`.'),
  OTEL_EXPORTER_OTLP_PROTOCOL: z.literal('http/protobuf', { error: 'must be http/protobuf' }).optional().meta({
    takes: '`http/protobuf`',
    without: '`http/protobuf`',
    description: 'The protocol. Only this one is supported.',
  }),
  OTEL_SERVICE_NAME: z
    .string()
    .default('threadkeeper')
    .meta({ takes: 'text', description: 'The name of the service in the traces.' }),
  OTEL_TRACES_SAMPLER: z
    .enum([ALL, SHARE], { error: `must be ${ALL} or ${SHARE}` })
    .default(ALL)
    .describe('Whether all traces are kept, or a share of them.'),
  OTEL_TRACES_SAMPLER_ARG: z
    .string()
    .regex(/^(0(\.\d+)?|1(\.0+)?)$/, 'must be a number from 0 to 1, such as 0.1')
    .default('1')
    .transform(Number)
    .meta({ takes: '0 to 1', description: 'The share of traces that is kept with `parentbased_traceidratio`.' }),
  OTEL_SDK_DISABLED: flag(false).describe('With `true` there are no traces, no matter what else is set.'),
};

/** Where traces go; `null`: nowhere. */
export const readTracing = (env: Environment): TracingSettings | null => {
  const base = env.OTEL_EXPORTER_OTLP_ENDPOINT;
  const url = env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT ?? (base === undefined ? undefined : `${base}/v1/traces`);
  if (url === undefined || env.OTEL_SDK_DISABLED) return null;
  const share = env.OTEL_TRACES_SAMPLER === SHARE ? env.OTEL_TRACES_SAMPLER_ARG : 1;
  return { url, serviceName: env.OTEL_SERVICE_NAME, share };
};

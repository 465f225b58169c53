import type { Logger } from 'pino';
import type { Tracing, TracingSettings } from './tracing.ts';

/**
 * Tracing by the settings, to be closed last of all; `null` where it is off: then nothing of OpenTelemetry is loaded.
 * @param part which process this is, such as `api`
 */
export const openTracing = async (
  settings: TracingSettings | null,
  part: string,
  logger: Logger,
): Promise<Tracing | null> => {
  if (settings === null) return null;
  const { startTracing } = await import('./opentelemetry.ts');
  return startTracing(settings, part, logger);
};

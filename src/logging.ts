import { type DestinationStream, type Logger, pino } from 'pino';
import { prettyFactory } from 'pino-pretty';

/** Credentials that could come along in a logged object, at its top or one level down. */
const SECRETS = [
  'accessToken',
  'access_token',
  'apiKey',
  'authorization',
  'Authorization',
  'clientSecret',
  'databaseUrl',
  'secret',
  'token',
];

/** What customers write. No log line needs it. */
const CUSTOMERS_WORDS = ['text', 'richText', 'propertyValue', 'questions', 'transcript', 'subject', 'body'];

const redacted = [...SECRETS, ...CUSTOMERS_WORDS].flatMap((key) => [key, `*.${key}`, `*.*.${key}`]);

interface LoggedError {
  type: string;
  message: string;
  code?: unknown;
  stack?: string | undefined;
  cause?: LoggedError;
}

// Errors of HTTP clients carry request and response as properties, tokens and customers' words included.
const loggedError = (error: unknown, causes = 5): LoggedError | undefined => {
  if (error === undefined || error === null || causes < 0) return undefined;
  if (!(error instanceof Error)) return { type: typeof error, message: 'not an Error' };
  const cause = loggedError(error.cause, causes - 1);
  return {
    type: error.name,
    message: error.message,
    ...('code' in error ? { code: error.code } : {}),
    stack: error.stack,
    ...(cause ? { cause } : {}),
  };
};

export interface LoggerOptions {
  /** pino's: `fatal` to `trace`, or `silent`. */
  level: string;
  /** For people at a terminal; else a JSON object a line. */
  pretty?: boolean;
  /** Standard output, unless given. */
  destination?: DestinationStream;
}

/** Logs what works, but not as it should: `setting` beside each message. */
export const logWarnings = (logger: Logger, warnings: readonly { setting: string; message: string }[]): void => {
  for (const { setting, message } of warnings) logger.warn({ setting }, message);
};

/**
 * A logger that keeps secrets and customers' words out of the log: known fields are redacted, and of an error (`err`)
 * only type, message, code, stack and causes are written.
 */
export const createLogger = ({ level, pretty = false, destination = process.stdout }: LoggerOptions): Logger => {
  const prettify = prettyFactory({
    singleLine: true,
    translateTime: 'SYS:HH:MM:ss',
    // Where in Temporal's SDK a line comes from doesn't help a person at a terminal.
    ignore: 'sdkComponent,isLocal,namespace,activityId',
  });
  const output: DestinationStream = pretty
    ? { write: (line) => destination.write(String(prettify(line))) }
    : destination;
  return pino(
    {
      level,
      redact: { paths: redacted, censor: '[redacted]' },
      serializers: { err: (error: unknown) => loggedError(error) },
      base: null,
    },
    output,
  );
};

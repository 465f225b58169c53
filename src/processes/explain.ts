/** Errors of the language and the runtime: bugs, which need their stack. Ours say in one line what to do. */
const BUGS = new Set(['Error', 'TypeError', 'RangeError', 'ReferenceError', 'SyntaxError']);

const LATER = 'Temporal starts, stops or has too much to do: try again when it serves.';
const CREDENTIALS = 'Correct the credentials of Temporal: TEMPORAL_API_KEY, or the client certificate.';

/** What a person can do about an answer of Temporal, by the name of its gRPC status. */
const ADVICE: Record<string, string> = {
  UNAVAILABLE: LATER,
  DEADLINE_EXCEEDED: LATER,
  RESOURCE_EXHAUSTED: LATER,
  UNAUTHENTICATED: CREDENTIALS,
  PERMISSION_DENIED: CREDENTIALS,
};

/**
 * What Temporal answered instead of doing it, in one line; `null`: it is another error. gRPC's errors say
 * `14 UNAVAILABLE: details`, and their stack is of gRPC's own code. Known by their form: the client takes long to load.
 */
const explainAnswer = (error: unknown): string | null => {
  if (!(error instanceof Error && 'details' in error && 'code' in error)) return null;
  const [, status = '', details = ''] = /^\d+ ([A-Z_]+): ?(.*)/.exec(error.message) ?? [];
  if (status === '') return null;
  const said = details.trim().replace(/\.$/, '') || 'it says no more';
  return [`Temporal answered ${status}: ${said}.`, ADVICE[status]].filter(Boolean).join(' ');
};

/** Why a process failed, for standard error: the message of an error of ours, and the stack of any other. */
export const explain = (error: unknown): string => {
  if (error instanceof AggregateError) return [error.message, ...error.errors.map(explain)].join('\n');
  if (!(error instanceof Error)) return String(error);
  const answer = explainAnswer(error);
  if (answer !== null) return answer;
  // What the SDK puts around an answer says which call failed, and not why.
  const cause = error.name === 'ServiceError' ? explainAnswer(error.cause) : null;
  if (cause !== null) return `${error.message}. ${cause}`;
  return BUGS.has(error.name) ? (error.stack ?? error.message) : error.message;
};

/** Errors of the language and the runtime: bugs, which need their stack. Ours say in one line what to do. */
const BUGS = new Set(['Error', 'TypeError', 'RangeError', 'ReferenceError', 'SyntaxError']);

/** Why a process failed, for standard error: the message of an error of ours, and the stack of any other. */
export const explain = (error: unknown): string => {
  if (error instanceof AggregateError) return [error.message, ...error.errors.map(explain)].join('\n');
  if (!(error instanceof Error)) return String(error);
  return BUGS.has(error.name) ? (error.stack ?? error.message) : error.message;
};

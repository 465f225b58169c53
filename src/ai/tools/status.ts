/** An answer with this status may be another one in a while. */
export const isPassing = (status: number): boolean => status >= 500 || [408, 425, 429].includes(status);

/** Nothing but a changed setting makes this better: the address, the credentials, the fields that may be seen. */
export const isForOperators = (status: number): boolean => status < 400 || status === 401 || status === 403;

/** Says why nothing came of a call, in a few words, by the status of what was answered. */
export const refusalIn = (status: number): string => {
  if (status >= 300 && status < 400) return `its system leads elsewhere, where no call follows (${status})`;
  if (status === 401 || status === 403) return `its system refuses the credentials (${status})`;
  if (status === 404 || status === 410) return `its system has nothing of the kind (${status})`;
  return `its system refuses the call (${status})`;
};

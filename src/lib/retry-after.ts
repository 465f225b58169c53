/** HubSpot asks for up to 24 h while it migrates a portal; looking again each hour costs nothing. */
const LONGEST_MS = 60 * 60_000;

/**
 * Reads how long an answer's `Retry-After` asks to wait, in ms, at most an hour: seconds or an HTTP date; `undefined`
 * when it is missing or makes no sense.
 */
export const retryAfterMs = (header: string | null, now: number = Date.now()): number | undefined => {
  if (header === null || header.trim() === '') return undefined;
  const seconds = Number(header);
  const wait = Number.isNaN(seconds) ? Date.parse(header) - now : seconds * 1_000;
  return Number.isFinite(wait) && wait >= 0 ? Math.min(wait, LONGEST_MS) : undefined;
};

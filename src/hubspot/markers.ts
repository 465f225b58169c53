/** Begins every internal comment with which the AI hands a thread over. */
export const HANDOFF_MARKER = '🔄 AI decided to handoff';

/** Stands in the richText of everything that the AI puts on a thread. Invisible to the customer. */
export const RESPONSE_MARKER = '<!-- OpenCX-AI-Response -->';

const MARKERS = [HANDOFF_MARKER, RESPONSE_MARKER];

/**
 * Says whether a message's plain text says that an AI wrote it. A quote in richText alone doesn't count (design promise
 * 6).
 */
export const carriesAiMarker = (text: string): boolean => MARKERS.some((marker) => text.includes(marker));

/** The text without any marker, so that no AI can forge one. */
export const withoutMarkers = (text: string): string => {
  const rest = MARKERS.reduce((left, marker) => left.replaceAll(marker, ''), text);
  // What is left and right of a marker may make another one.
  return rest === text ? text.trim() : withoutMarkers(rest);
};

/**
 * Says in richText, beside {@link RESPONSE_MARKER}, what this post answers, so that the run finds it again. `key`: see
 * `postKeyOf`.
 */
export const postKeyMarker = (key: string): string => `<!-- threadkeeper:${key} -->`;

/** The key of a post of ours, or `null` where HubSpot stripped it or someone else wrote it. */
export const postKeyIn = (richText: string): string | null =>
  /<!-- threadkeeper:(\S{1,250}) -->/.exec(richText)?.[1] ?? null;

import type { ServerResponse } from 'node:http';

/**
 * Resolves when an answer is out or its connection gone: at once where that has happened before, since `close` comes
 * once.
 */
export const closed = (response: ServerResponse): Promise<void> =>
  response.closed ? Promise.resolve() : new Promise((resolve) => response.once('close', resolve));

/** More than any answer needs, and little enough to hold in memory. */
const LONGEST_BODY = 2 * 1024 * 1024;

/** The answer is larger than anyone should have to read. */
export class AnswerTooLarge extends Error {
  override readonly name = 'AnswerTooLarge';

  constructor() {
    super(`The answer is larger than ${LONGEST_BODY} bytes`);
  }
}

/** The answer with a body that was read from it. The length and the encoding were of the body on its way. */
export const withBody = (
  { status, statusText, headers }: Response,
  body: Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array> | null,
): Response => {
  const kept = new Headers(headers);
  for (const name of ['content-encoding', 'content-length']) kept.delete(name);
  return new Response([204, 304].includes(status) ? null : body, { status, statusText, headers: kept });
};

/**
 * `fetch` of an answer that is read to its end, up to 2 MiB, and no redirect followed: it would turn a POST into a GET,
 * and carry the key elsewhere.
 * @throws {AnswerTooLarge}
 */
export const boundedFetch: typeof fetch = async (input, init) => {
  const response = await fetch(input, { ...init, redirect: 'manual' });
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += chunk.length;
    if (length > LONGEST_BODY) throw new AnswerTooLarge();
    chunks.push(chunk);
  }
  return withBody(response, Buffer.concat(chunks));
};

import type { FileContent } from './backend.ts';

const startsWith = (bytes: Uint8Array, start: string, at = 0): boolean =>
  Buffer.from(bytes.subarray(at, at + start.length)).toString('latin1') === start;

/** The kinds that both model APIs take, by how each begins. A name or a type that someone gives proves nothing. */
const imageType = (bytes: Uint8Array): string | null => {
  if (startsWith(bytes, '\x89PNG\r\n\x1a\n')) return 'image/png';
  if (startsWith(bytes, '\xff\xd8\xff')) return 'image/jpeg';
  if (startsWith(bytes, 'GIF87a') || startsWith(bytes, 'GIF89a')) return 'image/gif';
  return startsWith(bytes, 'RIFF') && startsWith(bytes, 'WEBP', 8) ? 'image/webp' : null;
};

/** PDF and RTF may look like text, and nobody reads them as such. */
const isForPrograms = (text: string): boolean => /^\s*(?:%PDF-|\{\\rtf)/.test(text);

/** Text is UTF-8 without controls, but for those that lay it out; `null` for anything else, and for nothing at all. */
const textOf = (bytes: Uint8Array): string | null => {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: a program's file is known from text by them
    return text.trim() === '' || /[\0-\x08\x0e-\x1a\x1c-\x1f\x7f]/.test(text) || isForPrograms(text) ? null : text;
  } catch {
    // The decoder's own way of saying that it is no UTF-8.
    return null;
  }
};

/** In characters: more than any model gets to see of a file. */
const LONGEST_TEXT = 100_000;

/** The beginning of a text as a string of its own: a part of one keeps all of it in memory. */
const beginningOf = (text: string): string =>
  text.length > LONGEST_TEXT ? Buffer.from(text.slice(0, LONGEST_TEXT)).toString() : text;

/** Gives what a model can read of a file's bytes: a picture, the beginning of a text, or `null`. */
export const contentOf = (bytes: Uint8Array): FileContent | null => {
  const mediaType = imageType(bytes);
  if (mediaType !== null) return { kind: 'images', bytes, mediaType };
  const text = textOf(bytes);
  return text === null ? null : { kind: 'text', text: beginningOf(text) };
};

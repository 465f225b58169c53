import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { lexer, type Token } from 'marked';
import { HUBSPOT_CHANNELS, isChannelName } from '../hubspot/channels.ts';
import type { AiBackend } from './backend.ts';

/** In characters: a model reads them with every answer. */
export const LONGEST_INSTRUCTIONS = 16_000;

/** A part of the instructions. */
interface Section {
  /** The channels that it is for; `null`: all. */
  channels: readonly string[] | null;
  markdown: string;
}

/** What a business asks of its AI: tone, name, policies, words, and what it always hands over. */
export interface Instructions {
  /** The first 12 hex digits of the file's SHA-256: two answers by the same one had the same instructions. */
  version: string;
  sections: readonly Section[];
  /** The languages that sections are for, as the file names them. */
  languages: readonly string[];
}

/** Instructions that can't be used: the message says which file, and what to do. */
export class InstructionsError extends Error {
  override readonly name = 'InstructionsError';
}

const HEADING = /^(channels?|languages?)\s*:\s*(.+)$/i;

const isLanguage = (tag: string): boolean => {
  try {
    return /^[a-z]{2,3}(?:-|$)/i.test(tag) && Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false;
  }
};

const listed = (names: string): string[] =>
  names
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');

/** Gives what a heading says of the part below it; `null`: nothing, it is the business's own. */
const conditionIn = (heading: string, path: string): { channels?: string[]; languages?: string[] } | null => {
  const [, key = '', names = ''] = HEADING.exec(heading.replace(/[*_`]/g, '').trim()) ?? [];
  if (key === '') return null;
  if (/^c/i.test(key)) {
    const channels = listed(names.toLowerCase());
    const unknown = channels.find((name) => !isChannelName(name));
    if (unknown === undefined) return { channels };
    const known = `${HUBSPOT_CHANNELS.join(', ')}, or channel and its id`;
    throw new InstructionsError(`${path} has a section for the channel "${unknown}", which is none: use ${known}`);
  }
  const languages = listed(names);
  const unknown = languages.find((tag) => !isLanguage(tag));
  if (unknown === undefined) return { languages };
  throw new InstructionsError(`${path} has a section for the language "${unknown}": use its tag, such as de or pt-BR`);
};

const isBlank = (text: string): boolean => /^[\s\p{Cf}]*$/u.test(text);

/**
 * Reads instructions from markdown. The part below a heading `Channel: email, forms` is for these channels alone, up
 * to the next heading of its level; below `Language: de` for answers in that language, which the model minds.
 * @throws {InstructionsError} for a channel or a language that is none, for more than
 *   {@link LONGEST_INSTRUCTIONS} characters, and for nothing
 */
export const parseInstructions = (markdown: string, path: string): Instructions => {
  const text = markdown.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n');
  if (text.length > LONGEST_INSTRUCTIONS) {
    const most = LONGEST_INSTRUCTIONS.toLocaleString('en');
    throw new InstructionsError(
      `${path} has ${text.length.toLocaleString('en')} characters: a model reads instructions with every answer, so they may have ${most} at most`,
    );
  }
  const sections: Section[] = [];
  const languages = new Set<string>();
  let scope: { depth: number; channels: string[] }[] = [];
  let hasWords = false;
  const add = (token: Token): void => {
    const channels = scope.reduce<string[] | null>(
      (all, one) => (all === null ? one.channels : all.filter((name) => one.channels.includes(name))),
      null,
    );
    sections.push({ channels, markdown: token.raw });
  };
  for (const token of lexer(text)) {
    if (token.type !== 'heading') {
      hasWords ||= !isBlank(token.raw);
      add(token);
      continue;
    }
    scope = scope.filter(({ depth }) => depth < token.depth);
    const condition = conditionIn(token.text, path);
    for (const language of condition?.languages ?? []) languages.add(language);
    if (condition?.channels) scope.push({ depth: token.depth, channels: condition.channels });
    else add(token);
  }
  if (!hasWords)
    throw new InstructionsError(`${path} holds no instructions: write some, or leave INSTRUCTIONS_FILE out`);
  return {
    version: createHash('sha256').update(markdown).digest('hex').slice(0, 12),
    sections,
    languages: [...languages],
  };
};

const textOf = (bytes: Uint8Array, path: string): string => {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    throw new InstructionsError(`The instructions file ${path} is no UTF-8 text: save it as such`, { cause: error });
  }
};

/**
 * {@link parseInstructions} of a file.
 * @throws {InstructionsError} also where it isn't there, can't be read, or is no text
 */
export const readInstructions = async (path: string): Promise<Instructions> => {
  const advice = 'set INSTRUCTIONS_FILE to a markdown file, or leave it out';
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    const reason = error.code === 'ENOENT' ? 'is not there' : `can't be read (${error.code ?? error.message})`;
    throw new InstructionsError(`The instructions file ${path} ${reason}: ${advice}`, { cause: error });
  });
  return parseInstructions(textOf(bytes, path), `The instructions file ${path}`);
};

/** Gives what of them is for a channel, as markdown; `''`: nothing. */
export const instructionsOn = ({ sections }: Instructions, channel: string): string =>
  sections
    .filter(({ channels }) => channels === null || channels.includes(channel))
    .map(({ markdown }) => markdown)
    .join('')
    .trim();

/** The channels that sections are for. */
export const channelsOf = ({ sections }: Instructions): string[] => [
  ...new Set(sections.flatMap(({ channels }) => channels ?? [])),
];

/**
 * Gives what customers mustn't read of them word for word: all but quotations (`>`), which are written for customers.
 */
export const unquotableOf = ({ sections }: Instructions): string =>
  sections
    .map(({ markdown }) => markdown.replace(/^[ \t]*>.*$/gm, ''))
    .join('')
    .trim();

/** The AI, which answers by these instructions where it reads any; itself without any. */
export const instructed = (backend: AiBackend, instructions: Instructions | null): AiBackend => {
  if (instructions === null) return backend;
  const { stepwise } = backend;
  return {
    ...backend,
    unquotable: [...(backend.unquotable ?? []), unquotableOf(instructions)],
    generate: (request, context) => backend.generate(request, { ...context, instructions }),
    ...(stepwise
      ? {
          stepwise: {
            ...stepwise,
            next: (request, context) => stepwise.next(request, { ...context, instructions }),
          },
        }
      : {}),
  };
};

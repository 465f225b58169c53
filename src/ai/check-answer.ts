import { longestText } from '../hubspot/channels.ts';
import { toHtml, toPlainText } from '../hubspot/markup.ts';
import type { AiAnswer, ReplyRequest } from './backend.ts';
import { withoutEntities } from './links/text-forms.ts';
import { leadsElsewhere, type Posted, unclickable } from './links.ts';

/** An answer is checked by these, besides the conversation. */
export interface AnswerRules {
  /** No answer may hold these: keys, and what a model was given in confidence. */
  confidential: readonly string[];
  /** Domains to which a link may lead, subdomains included; `*`: any. */
  linkDomains: readonly string[];
  /** The business has published this, such as its articles: whoever repeats it, the words are its own. */
  published?: readonly string[];
  /** What it may say but not quote at length: the business's instructions. */
  unquotable?: readonly string[];
}

/**
 * In characters. What is longer on its channel is shortened when it is posted; what is longer than any, is no answer.
 */
const LONGEST = longestText('email');

/** The reason of a handoff is cut to this many characters. */
const LONGEST_REASON = 500;

/** Fewer letters than these are a phrase that anyone may say, not a repetition; a courtesy may be said twice. */
const SHORTEST_ECHO = 30;
const SHORTEST_REPETITION = 60;
/** A shorter key is a word, such as the `ollama` that some servers take. */
const SHORTEST_SECRET = 12;

/**
 * A key or a token begins with one of these. What follows has to look like one: `sk-` begins many a Slovak page's
 * address too.
 */
const KEYS = [
  /\b(?:sk|pk|rk)[-_]([A-Za-z0-9_-]{16,})/g,
  /\b(?:gh[pousr]_|github_pat_|glpat-|xox[abprs]-|AIza)([\w-]{20,})/g,
  /\bBearer\s+([\w.~+/-]{20,})/gi,
];

const SECRETS = [
  /\bpat-(?:na|eu|ap)\d-[\da-f-]{20,}/i,
  /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/,
  /\beyJ[\w-]{10,}\.eyJ[\w-]{10,}/,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  /\bpostgres(?:ql)?:\/\/[^\s:@]{1,500}:[^\s@]{1,500}@/i,
];

/** Shorter runs of letters and digits stand in names of pages and products too. */
const SHORTEST_RANDOM = 12;

/**
 * Says whether nobody would write it as a word: a long run without a hyphen that mixes digits and letters, or capitals
 * and small letters.
 */
const looksRandom = (key: string): boolean =>
  key.split(/[^A-Za-z\d]+/).some((run) => {
    const count = (kind: RegExp): number => run.match(kind)?.length ?? 0;
    const [digits, capitals, small] = [count(/\d/g), count(/[A-Z]/g), count(/[a-z]/g)];
    return (
      run.length >= SHORTEST_RANDOM &&
      ((digits > 1 && digits < run.length) || Math.min(capitals, small) * 5 >= run.length)
    );
  });

const holdsKey = (text: string): boolean =>
  SECRETS.some((secret) => secret.test(text)) ||
  KEYS.some((pattern) => [...text.matchAll(pattern)].some(([, key = '']) => looksRandom(key)));

/** A BCP 47 tag looks like this: nobody else's words stand where a language is named. */
const LANGUAGE = /^[a-z]{2,3}(?:-[a-z\d]{1,8}){0,4}$/i;

/** The answer without a language that is none. */
export const withRealLanguage = (answer: AiAnswer): AiAnswer => {
  const { language, ...rest } = answer;
  return language === undefined || LANGUAGE.test(language) ? answer : rest;
};

/** Letters and digits alone: neither spacing nor quoting nor look-alike forms make a text another one. */
const lettersOf = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');

const reversed = (text: string): string => [...text].reverse().join('');

const inBase64 = (text: string): string[] =>
  [...text.matchAll(/[A-Za-z\d+/_-]{24,}={0,2}/g)].map(([run]) => Buffer.from(run, 'base64').toString());

const decodings = (text: string): string[] => [
  ...inBase64(text),
  ...[...text.matchAll(/(?:[\da-f]{2}[\s:]?){16,}/gi)].map(([run]) =>
    Buffer.from(run.replace(/[^\da-f]/gi, ''), 'hex').toString(),
  ),
];

/** Each letter for the one 13 further in the alphabet (ROT13). */
const rotated = (text: string): string =>
  text.replace(/[a-z]/gi, (letter) => {
    const first = letter >= 'a' ? 97 : 65;
    return String.fromCharCode(((letter.charCodeAt(0) - first + 13) % 26) + first);
  });

const withoutPercents = (text: string): string =>
  text.replace(/(?:%[\da-f]{2})+/gi, (run) => Buffer.from(run.replaceAll('%', ''), 'hex').toString());

/** The letters of a text as it is, and of what it may say in disguise. */
const readings = (text: string): string[] =>
  [
    text,
    reversed(text),
    text.replace(/[\p{L}\p{M}]+/gu, reversed),
    rotated(text),
    withoutPercents(text),
    withoutEntities(text),
    ...decodings(text),
    ...inBase64(text.replace(/\s+/g, '')),
  ].map(lettersOf);

const leaks = (text: string, confidential: readonly string[]): boolean => {
  if ([text, ...decodings(text)].some(holdsKey)) return true;
  const forms = readings(text);
  return (
    confidential
      // One sentence of a rule is as much a leak as all of them.
      .flatMap((secret) => [secret, ...secret.split(/(?<=[.:!?])\s+/)])
      .map(lettersOf)
      .some((secret) => secret.length >= SHORTEST_SECRET && forms.some((form) => form.includes(secret)))
  );
};

/** So many letters in a row are a quotation, and so many of them in all, about two sentences, are one at length. */
const SHORTEST_QUOTATION = 24;
const MOST_QUOTED = 120;
/** Of short instructions, half is at length too. */
const LEAST_QUOTED = 60;

/** A character of Chinese, Japanese or Korean says about as much as three letters. */
const weighed = (letters: string): string =>
  letters.replace(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/gu, '$&$&$&');

/** The parts of a text that stand in another one, by the runs of letters that that has. */
const quotations = (letters: string, runs: ReadonlySet<string>): string[] => {
  const found: string[] = [];
  let start = -1;
  let end = -1;
  for (let at = 0; at + SHORTEST_QUOTATION <= letters.length; at += 1) {
    if (!runs.has(letters.slice(at, at + SHORTEST_QUOTATION))) continue;
    if (at > end && start >= 0) found.push(letters.slice(start, end));
    if (at > end) start = at;
    end = at + SHORTEST_QUOTATION;
  }
  return start < 0 ? found : [...found, letters.slice(start, end)];
};

/**
 * Says whether it gives away what must not be quoted, however it is spaced, numbered or encoded. What an article says
 * too is no secret.
 */
const quotesAtLength = (text: string, unquotable: readonly string[], published: readonly string[] = []): boolean => {
  const forms = readings(text).map(weighed);
  const lengthOf = (parts: string[]): number => parts.reduce((sum, { length }) => sum + length, 0);
  return unquotable.some((secret) => {
    const letters = weighed(lettersOf(secret));
    const runs = new Set<string>();
    for (let at = 0; at + SHORTEST_QUOTATION <= letters.length; at += 1)
      runs.add(letters.slice(at, at + SHORTEST_QUOTATION));
    const most = Math.min(MOST_QUOTED, Math.max(LEAST_QUOTED, letters.length / 2));
    return forms.some((form) => {
      const quoted = quotations(form, runs);
      if (lengthOf(quoted) < most) return false;
      const known = weighed(lettersOf(published.join('\n')));
      return lengthOf(quoted.filter((part) => !known.includes(part))) >= most;
    });
  });
};

/** Says whether a text that leaves us by another way than an answer gives away what no answer may. */
export const givesAway = (text: string, { confidential, unquotable = [], published }: AnswerRules): boolean =>
  leaks(text, confidential) || quotesAtLength(text, unquotable, published);

/** A sentence that the customer wrote out and that no one else has said here: "Reply exactly: …" was obeyed. */
const echoes = (
  text: string,
  { questions, quoted, transcript }: ReplyRequest,
  published: readonly string[] = [],
): boolean => {
  const ofCustomer = [
    ...questions,
    quoted ?? '',
    ...transcript.filter(({ from }) => from === 'customer').map((line) => line.text),
  ];
  const ofOthers = transcript.filter(({ from }) => from !== 'customer').map((line) => line.text);
  const theirs = lettersOf(ofCustomer.join('\n'));
  const echoed = text
    .split(/(?<=[.!?…。！？])\s+|\n+/u)
    .map(lettersOf)
    .filter((sentence) => sentence.length >= SHORTEST_ECHO && theirs.includes(sentence));
  if (echoed.length === 0) return false;
  const ours = lettersOf([...ofOthers, ...published].join('\n'));
  return echoed.some((sentence) => !ours.includes(sentence));
};

const repeats = (text: string, { transcript }: ReplyRequest): boolean => {
  const last = transcript.findLast(({ from }) => from === 'ai');
  const letters = lettersOf(text);
  // What was posted may go on with the names of its sources.
  return letters.length >= SHORTEST_REPETITION && last !== undefined && lettersOf(last.text).startsWith(letters);
};

/** Markup as it goes out. */
export const asPosted = (markup: string): Posted => ({ text: toPlainText(markup), richText: toHtml(markup) });

/**
 * Says why what an AI wrote for the customer may not go out, as one line for agents that holds none of it; `null`: it
 * may.
 *
 * Whatever a customer or an article talks a model into, this stands between it and the customer: it sees the answer
 * alone, and no word in the conversation can change what it looks for. Neither a model's mistake nor a lie in plain
 * words is seen.
 *
 * `posted`: the answer with all that is added to it, as it goes out; the answer itself after {@link unclickable} unless
 * given.
 */
export const whyNotSendable = (
  text: string,
  request: ReplyRequest,
  rules: AnswerRules,
  posted?: Posted,
): string | null => {
  if (/^[\s\p{Cf}\p{Cc}]*$/u.test(text)) return 'the AI gave an empty answer';
  // Marks are no words, but no answer has as many of them: it isn't even written out.
  const tooLong = ({ length }: string): string => `the AI's answer is too long (${length} characters)`;
  if (text.length > 2 * LONGEST) return tooLong(text);
  const allowed = { domains: rules.linkDomains, email: request.contact.email };
  const words = posted ?? asPosted(unclickable(text, allowed));
  if (words.text.length > LONGEST) return tooLong(words.text);
  if (leaks(text, rules.confidential) || leaks(words.text, rules.confidential)) {
    return "the AI's answer held something confidential";
  }
  const { unquotable = [], published } = rules;
  if (quotesAtLength(text, unquotable, published) || quotesAtLength(words.text, unquotable, published)) {
    return "the AI's answer quoted its instructions at length";
  }
  if (leadsElsewhere(words, allowed)) {
    return "the AI's answer held a link or an address that isn't allowed (REPLY_LINK_DOMAINS)";
  }
  if (echoes(text, request, published)) {
    return "the AI's answer only repeated what the customer had written out";
  }
  if (repeats(text, request)) return 'the AI gave the same answer again';
  return null;
};

/**
 * The line that an AI gives agents with a handoff, made fit for them: no link to click on but to where the rules allow,
 * nothing confidential, at most 500 characters. `email`: the customer's own address, which may be named.
 */
export const safeReason = (reason: string, rules: AnswerRules, email: string | null = null): string => {
  const allowed = { domains: rules.linkDomains, email };
  const line = unclickable(
    reason
      .slice(0, 2 * LONGEST_REASON)
      .replace(/\s+/g, ' ')
      .trim(),
    allowed,
  ).slice(0, LONGEST_REASON);
  // It stands rendered in a comment, and as it is in a ticket.
  const forms = [asPosted(`Reason: ${line}`), { text: line.replaceAll('](', '] ('), richText: '' }];
  const isUnfit = leaks(line, rules.confidential) || forms.some((form) => leadsElsewhere(form, allowed));
  return isUnfit ? 'the AI hands over, and its reason was withheld: it held a link or something confidential' : line;
};

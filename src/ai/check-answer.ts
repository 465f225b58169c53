import { longestText } from '../hubspot/channels.ts';
import type { ReplyRequest } from './backend.ts';
import { isAllowedDomain, linkedDomains } from './links.ts';

/** What an answer is held against, besides the conversation. */
export interface AnswerRules {
  /** What no answer may hold: keys, and what a model was told in confidence. */
  confidential: readonly string[];
  /** Domains to which a link may lead, subdomains included; `*`: any. */
  linkDomains: readonly string[];
}

/** In characters. What is longer on its channel is shortened when it is posted; what is longer than any, is no answer. */
const LONGEST = longestText('email');

/** Fewer letters than these are a phrase that anyone may say, not a repetition; a courtesy may be said twice. */
const SHORTEST_ECHO = 30;
const SHORTEST_REPETITION = 60;
/** A shorter key is a word, such as the `ollama` that some servers take. */
const SHORTEST_SECRET = 12;

const SECRETS = [
  /\b(?:sk|pk|rk)[-_](?:[a-z]+[-_])*[A-Za-z0-9_-]{16,}/,
  /\bpat-(?:na|eu|ap)\d-[\da-f-]{20,}/i,
  /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/,
  /\b(?:gh[pousr]_|github_pat_|glpat-|xox[abprs]-|AIza)[\w-]{20,}/,
  /\beyJ[\w-]{10,}\.eyJ[\w-]{10,}/,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  /\bBearer\s+[\w.~+/-]{20,}/i,
  /\bpostgres(?:ql)?:\/\/[^\s:@]+:[^\s@]+@/i,
];

/** How long a reply may be on a channel, in characters. */
export const longestReply = longestText;

/** Letters and digits alone: neither spacing nor quoting nor look-alike forms make a text another one. */
const lettersOf = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');

const reversed = (text: string): string => [...text].reverse().join('');

const decodings = (text: string): string[] => [
  ...[...text.matchAll(/[A-Za-z\d+/_-]{24,}={0,2}/g)].map(([run]) => Buffer.from(run, 'base64').toString()),
  ...[...text.matchAll(/(?:[\da-f]{2}[\s:]?){16,}/gi)].map(([run]) =>
    Buffer.from(run.replace(/[^\da-f]/gi, ''), 'hex').toString(),
  ),
];

const leaks = (text: string, confidential: readonly string[]): boolean => {
  if ([text, ...decodings(text)].some((form) => SECRETS.some((secret) => secret.test(form)))) return true;
  const forms = [text, reversed(text), ...decodings(text)].map(lettersOf);
  return (
    confidential
      // One sentence of a rule is as much a leak as all of them.
      .flatMap((secret) => [secret, ...secret.split(/(?<=[.:!?])\s+/)])
      .map(lettersOf)
      .some((secret) => secret.length >= SHORTEST_SECRET && forms.some((form) => form.includes(secret)))
  );
};

const foreignDomain = (text: string, request: ReplyRequest, linkDomains: readonly string[]): string | undefined => {
  const { email } = request.contact;
  const rest = email === null ? text : text.replaceAll(email, '');
  return linkedDomains(rest).find((domain) => !isAllowedDomain(domain, linkDomains));
};

/** A sentence that the customer wrote out and that no one else has said here: "Reply exactly: …" was obeyed. */
const echoes = (text: string, { questions, quoted, transcript }: ReplyRequest): boolean => {
  const ofCustomer = [
    ...questions,
    quoted ?? '',
    ...transcript.filter(({ from }) => from === 'customer').map((line) => line.text),
  ];
  const ofOthers = transcript.filter(({ from }) => from !== 'customer').map((line) => line.text);
  const [theirs, ours] = [ofCustomer, ofOthers].map((lines) => lettersOf(lines.join('\n'))) as [string, string];
  return text
    .split(/(?<=[.!?…。！？])\s+|\n+/u)
    .map(lettersOf)
    .some((sentence) => sentence.length >= SHORTEST_ECHO && theirs.includes(sentence) && !ours.includes(sentence));
};

const repeats = (text: string, { transcript }: ReplyRequest): boolean => {
  const last = transcript.findLast(({ from }) => from === 'ai');
  const letters = lettersOf(text);
  // What was posted may go on with the names of its sources.
  return letters.length >= SHORTEST_REPETITION && last !== undefined && lettersOf(last.text).startsWith(letters);
};

/**
 * Why what an AI wrote for the customer may not go out, as one line for agents that holds none of it; `null`: it may.
 *
 * Whatever a customer or an article talks a model into, this stands between it and the customer: it sees the answer alone,
 * and no word in the conversation can change what it looks for. Neither a model's mistake nor a lie in plain words is seen.
 */
export const whyNotSendable = (text: string, request: ReplyRequest, rules: AnswerRules): string | null => {
  if (/^[\s\p{Cf}\p{Cc}]*$/u.test(text)) return 'the AI gave an empty answer';
  if (text.length > LONGEST) return `the AI's answer is too long (${text.length} characters)`;
  if (leaks(text, rules.confidential)) return "the AI's answer held something confidential";
  const domain = foreignDomain(text, request, rules.linkDomains);
  if (domain !== undefined) return "the AI's answer held a link or an address that isn't allowed (REPLY_LINK_DOMAINS)";
  if (echoes(text, request)) return "the AI's answer only repeated what the customer had written out";
  if (repeats(text, request)) return 'the AI gave the same answer again';
  return null;
};

/**
 * The line that an AI gives agents with a handoff, made fit for them: no link to click on, nothing confidential, at most 500
 * characters.
 */
export const safeReason = (reason: string, rules: AnswerRules): string => {
  const line = reason.replace(/\s+/g, ' ').trim().slice(0, 500);
  const isUnfit =
    leaks(line, rules.confidential) ||
    linkedDomains(line).some((domain) => !isAllowedDomain(domain, rules.linkDomains));
  return isUnfit ? 'the AI hands over; its reason was withheld, as it held a link or something confidential' : line;
};

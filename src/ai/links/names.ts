import type { Found } from './found.ts';
import { asDomain, canBeReached, HOST_ENDINGS, hasPublicEnding, isLookAlike } from './host-names.ts';

const TOKEN = /[\p{L}\p{M}\p{N}.-]{4,}/gu;
const LOCAL_PART = /[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~.-]+(?=@$)/u;
/** Of an address before its `@`, by the rules of mail. */
const LONGEST_LOCAL_PART = 64;
/** Where a sentence without spaces begins or ends a name. */
const WITH_SPACES = /[^\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\p{sc=Thai}]{4,}/gu;
const SPELT = /[\p{sc=Latin}\p{sc=Cyrillic}\p{sc=Greek}\p{M}]$/u;

/** A part of a token that may be a host's name. */
interface Name {
  name: string;
  at: number;
  /** It ends and begins where the token does, whatever its script. */
  isWhole: boolean;
  /** The label that follows it, where it is the head of a longer name. */
  next?: string;
}

/** Up to the last character of these. A pattern at a text's end would take quadratic time. */
export const trimmedEnd = (text: string, last: RegExp): string => {
  let end = text.length;
  while (end > 0 && !last.test(text[end - 1] ?? '')) end -= 1;
  return text.slice(0, end);
};

const trimmed = (name: string, at: number, isWhole: boolean): Name[] => {
  const inner = trimmedEnd(name, /[^.-]/);
  const skipped = /^[.-]*/.exec(inner)?.[0].length ?? 0;
  return inner.includes('.', skipped) ? [{ name: inner.slice(skipped), at: at + skipped, isWhole }] : [];
};

/**
 * A name, or where its ending is none, the one with which a sentence ends in it: "evil.com.Then wait". Only the last labels are
 * looked at: what has more of them is no text.
 */
const withoutNextSentence = (whole: Name): Name[] => {
  const labels = whole.name.split('.');
  const heads = labels.slice(-4, -1).flatMap((ending, index) => {
    const at = Math.max(0, labels.length - 4) + index;
    const next = labels[at + 1] ?? '';
    const isHead = at > 0 && (HOST_ENDINGS.has(ending.toLowerCase()) || /^\p{Lu}/u.test(next));
    const name = labels.slice(0, at + 1).join('.');
    return isHead && hasPublicEnding(name) ? [{ ...whole, name, next }] : [];
  });
  return heads.length === 0 || canBeReached(whole.name) ? [whole] : heads;
};

/** The names in a run of letters, digits, dots and hyphens, as programs with Unicode and those without read it. */
const namesOf = (token: string): Name[] =>
  // Where two dots meet, a name ends.
  [...token.matchAll(/(?:[^.]|\.(?!\.))+/gu)].flatMap(({ 0: run, index }) => {
    if (/^[\w.-]+$/.test(run)) return trimmed(run, index, true);
    const ascii = [...run.matchAll(/[a-z\d.-]{4,}/gi)].filter(
      // "ü" begins no name: `nchen.example` stands in no text that says `münchen.example`.
      ({ index: at }) => !SPELT.test(run.slice(Math.max(0, at - 2), at)),
    );
    const spelt = [...run.matchAll(WITH_SPACES)].filter(({ 0: part }) => part !== run);
    return [
      ...trimmed(run, index, true),
      ...[...ascii, ...spelt].flatMap(({ 0: part, index: at }) => trimmed(part, index + at, false)),
    ];
  });

/**
 * The bare names and addresses of mail in a text of which programs make links: those with a public ending, and behind `//`, `www.`
 * or before a path those with an ending for tests too. `covered`: what isn't looked at, but for addresses of mail.
 */
export const namesIn = (text: string, covered: readonly { start: number; end: number }[]): Found[] => {
  const found: Found[] = [];
  let link = 0;
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    while (link < covered.length && (covered[link]?.end ?? 0) <= index) link += 1;
    const { start: from = Number.POSITIVE_INFINITY } = covered[link] ?? {};
    const isCovered = index >= from;
    for (const { name, at, isWhole, next } of token.includes('.') ? namesOf(token).flatMap(withoutNextSentence) : []) {
      const isNumber = /^(?:\d+(?:\.\d+){2,3}|0x[\da-f]+(?:\.[\da-fx]+){1,3})$/i.test(name);
      if (!isNumber && !/\.(?:\p{L}[\p{L}\p{M}]+|xn--[a-z\d-]+)$/iu.test(name)) continue;
      const [start, end] = [index + at, index + at + name.length];
      const before = text.slice(Math.max(0, start - LONGEST_LOCAL_PART - 1), start);
      const after = text.slice(end, end + 2);
      const local = before.endsWith('@') ? LOCAL_PART.exec(before)?.[0].replace(/^[^\p{L}\p{N}]+/u, '') : undefined;
      const domain = asDomain(name);
      if (local && !(isNumber && /^\P{L}+$/u.test(local))) {
        if (!isCovered || canBeReached(name)) found.push({ domain, email: `${local}@${name}`, start, end });
        continue;
      }
      if (isCovered && before.endsWith('@%')) found.push({ domain, isBarred: true, start, end });
      if (isCovered || isNumber) continue;
      const isCalled = before.endsWith('//') || /^www\./i.test(name);
      const leadsOn = /^(?:\/|:\d|[?#][\p{L}\p{N}])/u.test(after);
      if (isCalled || (leadsOn ? canBeReached(name) : hasPublicEnding(name))) {
        const isLike = isLookAlike(name, after) || (next !== undefined && !/^\p{Lu}/u.test(next));
        const likeness = !isCalled && isWhole && isLike ? ({ isLookAlike: true } as const) : {};
        found.push({ domain, ...likeness, start, end });
      }
    }
  }
  return found;
};

import { longestText } from '../hubspot/channels.ts';
import type { AiAnswer, AiBackend, HandoffCause, ReplyRequest, TranscriptLine } from './backend.ts';
import { mayAskBack } from './clarifying.ts';
import type { MeaningIndex, Meanings } from './embeddings/meaning-index.ts';
import { asksForPerson } from './knowledge/asks-for-person.ts';
import { languageIn } from './knowledge/detect-language.ts';
import { languageOf } from './knowledge/languages.ts';
import { mayAnswerEvent, ownEventIn } from './knowledge/own-events.ts';
import { type CandidateSearch, createCandidateSearch, type Match } from './knowledge/passage-search.ts';
import { loadPassages, type Passage, publishedIn } from './knowledge/passages.ts';
import { ALL_PHRASES, CLARIFYING_LINES, type Phrases, phrasesIn } from './knowledge/phrases.ts';
import { askedIn, complains, isAboutOwnThing, isFollowUp, isUpset } from './knowledge/questions.ts';
import { smallTalkIn } from './knowledge/small-talk.ts';
import { wordsOf } from './knowledge/words.ts';

/**
 * An article has to answer so probably. Set by public question sets, see `eval/README.md`: in other languages than
 * English the search knows fewer synonyms, so what it takes for certain is more often wrong.
 */
const ENOUGH = 0.64;
const ENOUGH_IN_ENGLISH = 0.57;
/** A word here is of one or two characters, so fewer are the same by chance, and fewer the same on purpose. */
const ENOUGH_WITHOUT_SPACES = 0.45;
/** Where it is known what question and passage mean too. */
const ENOUGH_BY_MEANING = 0.72;
const ENOUGH_IN_ENGLISH_BY_MEANING = 0.7;
/** A message that asks nothing ("My parcel is lost.") has to be met more closely: it may just be said. */
const MORE_FOR_A_STATEMENT = 0.05;
/** So much of heading and question has to be the same where it is about the customer's own thing. */
const ENOUGH_OF_HEADING = 0.4;
const ENOUGH_OF_HEADING_ASKED = 0.6;
/** And where a customer complains: an article about what went wrong says so in its heading. */
const ENOUGH_FOR_A_COMPLAINT = 0.7;
/** More than so many passages are a lecture, not an answer. */
const MOST_PASSAGES = 3;
const MOST_CHOICES = 3;
/**
 * A passage that is one of several choices has to answer so probably, were it alone, and not much less than the best.
 */
const ENOUGH_FOR_A_CHOICE = 0.4;
/** Both are one thing here. */
const SAME_FIT = 0.02;
const FURTHEST_CHOICE = 0.35;

const handoff = (cause: HandoffCause, reason: string, language: string | null, nearest?: Passage): AiAnswer => ({
  action: 'handoff',
  reason,
  cause,
  ...(nearest ? { nearest: { title: nearest.title, path: nearest.path } } : {}),
  aiSessionId: null,
  ...(language === null ? {} : { language }),
});

/** The findings for the messages of a burst. */
interface Findings {
  /** One per question that has an answer, in the order of the questions. */
  matches: Match[];
  /** Questions without an answer. */
  unanswered: number;
  /** The best confidence that was not enough. */
  nearest: number;
  /** Where several passages are as near to a question: which. */
  choices: Match[];
  /** Titles of the passages that were nearest to what has no answer. */
  near: Set<string>;
}

/** Every passage that was considered for a sentence, for who wants to see why. */
export interface Consideration {
  sentence: string;
  /** It is about something of the customer's own. */
  isOwn: boolean;
  candidates: Match[];
}

/** How much of the heading a sentence has to be about. */
const headingNeeded = (sentence: string): number => {
  if (complains(sentence)) return ENOUGH_FOR_A_COMPLAINT;
  return isAboutOwnThing(sentence) ? ENOUGH_OF_HEADING : 0;
};

const enoughFor = ({ passage: { language }, meaning }: Match): number => {
  if (meaning !== null) return language === 'en' ? ENOUGH_IN_ENGLISH_BY_MEANING : ENOUGH_BY_MEANING;
  if (language === 'en') return ENOUGH_IN_ENGLISH;
  return language !== null && ['zh', 'ja', 'th'].includes(language) ? ENOUGH_WITHOUT_SPACES : ENOUGH;
};

const isEnough = (match: Match, more: number, heading: number): boolean => {
  const { confidence, evidence } = match;
  return (
    confidence >= enoughFor(match) + more &&
    (heading === 0 || (evidence.heading >= heading && evidence.headingAsked >= ENOUGH_OF_HEADING_ASKED))
  );
};

/** Two answers that are as good as each other are none: which it is, the customer knows. */
const isTied = (match: Match, candidates: Match[]): boolean =>
  candidates.some(({ passage, fit }) => passage.title !== match.passage.title && fit >= match.fit - SAME_FIT);

const choicesAmong = (candidates: Match[]): Match[] => {
  const [first] = candidates;
  if (!first || first.fit < ENOUGH_FOR_A_CHOICE) return [];
  const near = candidates.filter(({ fit }) => fit >= ENOUGH_FOR_A_CHOICE && fit >= first.fit - FURTHEST_CHOICE);
  const titles = new Map(near.map((match) => [match.passage.title, match]));
  return titles.size > 1 ? [...titles.values()].slice(0, MOST_CHOICES) : [];
};

const distinctiveIn = (text: string, language: string | null): string[] =>
  wordsOf(text, languageOf(language ?? 'en'))
    .filter(({ distinctive }) => distinctive)
    .map(({ stem }) => stem);

interface Circumstances {
  search: CandidateSearch;
  /** Of what is searched for; `null`: not known. */
  meanings: ReadonlyMap<string, Meanings> | null;
  /** The customer asked this before anyone last answered; empty: nothing. */
  before: string;
  /** Everything that was said to the customer. */
  said: string;
  language: string | null;
  note(consideration: Consideration): void;
}

const searchFor = (messages: string[], { search, meanings, before, said, language, note }: Circumstances): Findings => {
  const findings: Findings = { matches: [], unanswered: 0, nearest: 0, choices: [], near: new Set() };
  const mayChoose = !messages.some(isUpset);
  const answer = (text: string, more = 0, isComplaint = false): boolean => {
    const heading = isComplaint ? ENOUGH_FOR_A_COMPLAINT : headingNeeded(text);
    const isOwn = heading > 0;
    // What was said already did not help.
    const candidates = search(text, undefined, meanings?.get(text) ?? null).filter(
      ({ passage }) => !said.includes(passage.text),
    );
    note({ sentence: text, isOwn, candidates });
    const event = ownEventIn(text);
    // "Why was my account closed" is not answered by "Delete your account".
    const match = candidates.find(
      (one) => (event === null || mayAnswerEvent(one.passage.title, event)) && isEnough(one, more, heading),
    );
    if (!match || isTied(match, candidates)) {
      findings.nearest = Math.max(findings.nearest, candidates[0]?.confidence ?? 0);
      for (const { passage } of candidates.slice(0, MOST_CHOICES)) findings.near.add(passage.title);
      if (mayChoose && !isOwn && findings.choices.length === 0) findings.choices = choicesAmong(candidates);
      return false;
    }
    if (!findings.matches.some(({ passage }) => passage === match.passage)) findings.matches.push(match);
    return true;
  };
  const goesOn = (text: string): boolean => before !== '' && isFollowUp(text, distinctiveIn(text, language).length);
  for (const message of messages) {
    const { questions, sentences } = askedIn(message);
    for (const { text, inContext, isExplicit } of questions) {
      if (answer(text) || (inContext !== null && answer(inContext))) continue;
      if (goesOn(text) && answer(`${text} ${before}`)) continue;
      if (isExplicit) findings.unanswered += 1;
    }
    if (questions.length === 0) {
      const isAll = sentences.length === 1;
      // "You lied to me! No parcel." complains as a whole.
      const isComplaint = sentences.some(complains);
      if (sentences.some((sentence) => answer(sentence, isAll ? 0 : MORE_FOR_A_STATEMENT, isComplaint))) continue;
      if (isAll && goesOn(message)) answer(`${message} ${before}`);
    }
  }
  return findings;
};

/** Everything that {@link searchFor} may search for. */
const searchedFor = (messages: string[], before: string): string[] =>
  messages.flatMap((message) => {
    const { questions, sentences } = askedIn(message);
    const said =
      questions.length > 0
        ? questions.flatMap(({ text, inContext }) => [text, ...(inContext === null ? [] : [inContext])])
        : sentences;
    return before === '' ? said : [...said, ...said.map((text) => `${text} ${before}`)];
  });

/** The whole text, or its first paragraphs where the channel takes no more. */
const fitting = ({ text, isPart }: Passage, longest: number, words: Phrases): string => {
  const whole = isPart ? `${words.part}\n\n${text}` : text;
  if (whole.length <= longest) return whole;
  const room = longest - words.part.length - 2;
  const cut = text.slice(0, room);
  const end = Math.max(cut.lastIndexOf('\n'), cut.search(/[.!?。！？]\s[^.!?。！？]*$/u) + 1);
  return `${words.part}\n\n${cut.slice(0, end > 0 ? end : room).trim()}`;
};

const compose = (
  { matches, unanswered }: Findings,
  longest: number,
  words: Phrases,
  language: string | null,
): AiAnswer => {
  const textOf = (told: Match[]): string => {
    const isPartial = unanswered > 0 || told.length < matches.length;
    const closing = isPartial ? `${words.partly} ${words.origin}` : words.origin;
    const room = longest - closing.length - 2;
    const texts =
      told.length === 1
        ? told.map(({ passage }) => fitting(passage, room, words))
        : told.map(
            ({ passage }) =>
              `${passage.title}\n${passage.isPart ? fitting(passage, Number.POSITIVE_INFINITY, words) : passage.text}`,
          );
    return [...texts, closing].join('\n\n');
  };
  let told = matches.slice(0, MOST_PASSAGES);
  while (told.length > 1 && textOf(told).length > longest) told = told.slice(0, -1);
  return {
    action: 'reply',
    text: textOf(told),
    sources: told.map(({ passage: { title, path } }) => ({ title, path })),
    confidence: Math.min(...told.map(({ confidence }) => confidence)),
    aiSessionId: null,
    ...(language === null ? {} : { language }),
  };
};

const inOwnWords = (
  text: string,
  language: string | null,
  rest: { asksBack?: true; claims?: 'nothing' } = {},
): AiAnswer => ({
  action: 'reply',
  text,
  sources: [],
  confidence: null,
  aiSessionId: null,
  ...(language === null ? {} : { language }),
  ...rest,
});

const isClarifying = ({ from, text }: TranscriptLine): boolean =>
  from === 'ai' && CLARIFYING_LINES.some((line) => text.startsWith(line));

/** The headings of our own clarifying question, where it is what was last said to the customer. */
const offeredIn = (transcript: TranscriptLine[]): string[] => {
  const last = transcript.findLast(({ from }) => from !== 'customer');
  if (!last || !isClarifying(last)) return [];
  return [...last.text.matchAll(/^\d\. (.+)$/gm)].map(([, title = '']) => title);
};

const ORDINALS = [
  /^(?:the )?(?:first|1st)\b|^(?:das |die |der )?erste|^(?:la |le )?premi|^(?:el |la |lo )?primer|^(?:o |a )?primeir|^(?:il |la )?prim[oa]|^(?:de )?eerste|^pierwsz/,
  /^(?:the )?(?:second|2nd)\b|^(?:das |die |der )?zweite|^(?:la |le )?(?:deuxi|second)|^(?:el |la |lo )?segund|^(?:o |a )?segund|^(?:il |la )?second|^(?:de )?tweede|^drug/,
  /^(?:the )?(?:third|3rd|last)\b|^(?:das |die |der )?dritte|^(?:la |le )?troisi|^(?:el |la |lo )?tercer|^(?:o |a )?terceir|^(?:il |la )?terz|^(?:de )?derde|^trzeci/,
];

/** Says which of the headings offered a customer takes: by its number, its place, or its words. */
const chosenFrom = (offered: string[], message: string): string | null => {
  const plain = message.toLowerCase().trim();
  const number = /^(?:\p{L}+\.? )?#?([1-9])[.)]?!?$/u.exec(plain)?.[1];
  if (number) return offered[Number(number) - 1] ?? null;
  const place = plain.length < 40 ? ORDINALS.findIndex((pattern) => pattern.test(plain)) : -1;
  if (place >= 0) return offered[place] ?? null;
  return (
    offered.find((title) => title.toLowerCase() === plain.replace(/[.!]+$/, '') || title.toLowerCase() === plain) ??
    null
  );
};

/** Gives what the customer asked last before anyone answered, of one message. */
const askedBefore = (transcript: TranscriptLine[]): string =>
  transcript
    .findLast(({ from, text }) => from === 'customer' && smallTalkIn(text) === null && text.trim() !== '')
    ?.text.slice(0, 500) ?? '';

export interface KnowledgeOptions {
  /** How many clarifying questions it asks in one matter before it hands off; 1 unless given. */
  clarifyingQuestions?: number;
  /** What the articles mean; words alone unless given. Made once the articles are read. */
  meaningsOf?(passages: readonly Passage[]): MeaningIndex | Promise<MeaningIndex>;
  /** Sees every passage that was considered. */
  note?(consideration: Consideration): void;
}

/**
 * Answers from articles by full-text search, and says that it does. No model: the same question
 * gets the same answer, word for word from an article, and nothing that a customer writes can make it say anything
 * else. Each article is searched in its own language; its own few words are in the customer's, where that is one of
 * eight.
 *
 * Each question of a burst gets the passage that answers it, once; a follow-up is read with the question before it.
 * Where two or three passages are as near, it asks once which is meant. It hands off when the customer asks for a
 * person, when no passage is near enough, and when there is nothing to search for (a picture alone). What is about the
 * customer's own order or account is answered only by a passage whose heading is about just that. A bare greeting or
 * thanks gets a short, honest line: a handoff would call an agent for nothing, and silence is impolite.
 */
export const createKnowledgeBackend = async (
  passages: readonly Passage[],
  options: KnowledgeOptions = {},
): Promise<AiBackend> => {
  const search = createCandidateSearch(passages);
  const languages = [...new Set(passages.flatMap(({ language }) => language ?? []))];
  const { clarifyingQuestions = 1, note = () => undefined } = options;
  const index = (await options.meaningsOf?.(passages)) ?? null;

  const languageOfCustomer = ({ questions, transcript }: ReplyRequest): string | null => {
    const earlier = transcript.filter(({ from }) => from === 'customer').map(({ text }) => text);
    return (
      languageIn(questions.join('\n'), languages) ?? languageIn(earlier.join('\n'), languages) ?? languages[0] ?? null
    );
  };

  return {
    name: 'knowledge',
    published: [...publishedIn(passages), ...ALL_PHRASES],
    async near(text, signal) {
      const searched = searchedFor([text], '');
      const meanings = (await index?.meaningsOf(searched, signal)) ?? null;
      const best = new Map<Passage, number>();
      for (const { passage, confidence } of searched.flatMap((one) =>
        search(one, undefined, meanings?.get(one) ?? null),
      )) {
        best.set(passage, Math.max(confidence, best.get(passage) ?? 0));
      }
      return [...best]
        .sort(([, one], [, other]) => other - one)
        .map(([{ title, path }, score]) => ({ title, path, score }));
    },
    async generate(request, { signal }) {
      signal.throwIfAborted();
      const { questions, subject, channel, transcript } = request;
      const language = languageOfCustomer(request);
      const words = phrasesIn(language);
      if (questions.some(asksForPerson)) return handoff('asks-for-person', 'the customer asks for a person', language);

      const politeness = questions.map(smallTalkIn);
      const messages = questions.filter(
        (_, index) => politeness[index] === null && askedIn(questions[index] ?? '').sentences.length > 0,
      );
      const lastPoliteness = politeness.findLast((kind) => kind !== null);
      if (messages.length === 0) {
        return lastPoliteness
          ? inOwnWords(words[lastPoliteness], language, { claims: 'nothing' })
          : handoff('no-answer', 'the message holds no words to search for', language);
      }

      const chosen = messages.length === 1 ? chosenFrom(offeredIn(transcript), messages[0] ?? '') : null;
      const passage = chosen === null ? undefined : passages.find(({ title }) => title === chosen);
      if (passage) {
        const match = {
          passage,
          confidence: 1,
          fit: 1,
          evidence: { asked: 1, heading: 1, headingAsked: 1, density: 1, likeness: 1 },
          meaning: null,
        };
        return compose(
          { matches: [match], unanswered: 0, nearest: 1, choices: [], near: new Set() },
          longestText(channel),
          words,
          language,
        );
      }

      const before = askedBefore(transcript);
      const searched = searchedFor(subject ? [...messages, subject] : messages, before);
      let nearest: Match | undefined;
      const circumstances: Circumstances = {
        search,
        meanings: (await index?.meaningsOf(searched, signal)) ?? null,
        before,
        said: transcript.flatMap(({ from, text }) => (from === 'customer' ? [] : text)).join('\n'),
        language,
        note(consideration) {
          const [best] = consideration.candidates;
          if (best && best.confidence > (nearest?.confidence ?? 0)) nearest = best;
          note(consideration);
        },
      };
      const inMessages = searchFor(messages, circumstances);
      const findings = inMessages.matches.length > 0 || !subject ? inMessages : searchFor([subject], circumstances);
      if (findings.matches.length > 0) return compose(findings, longestText(channel), words, language);
      if (findings.choices.length > 1 && mayAskBack(request, clarifyingQuestions)) {
        const list = findings.choices.map(({ passage: { title } }, index) => `${index + 1}. ${title}`);
        return inOwnWords([words.which, ...list].join('\n'), language, { asksBack: true });
      }
      const consulted = [...findings.near].slice(0, MOST_PASSAGES);
      const percent = Math.round(findings.nearest * 100);
      const reason = `no help article answers it (the closest one matches ${percent} %)`;
      const none = handoff('no-answer', reason, language, nearest?.passage);
      return consulted.length === 0 ? none : { ...none, consulted };
    },
  };
};

/**
 * {@link createKnowledgeBackend} over the articles of a folder, read once.
 * @throws {KnowledgeError} when the folder is missing or holds no article
 */
export const loadKnowledgeBackend = async (folder: string, options: KnowledgeOptions = {}): Promise<AiBackend> =>
  createKnowledgeBackend(await loadPassages(folder), options);

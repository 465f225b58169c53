import type { AiAnswer, AiBackend } from './backend.ts';
import { longestReply } from './check-answer.ts';
import { createPassageSearch, type Match, type PassageSearch } from './knowledge/passage-search.ts';
import { loadPassages, publishedIn } from './knowledge/passages.ts';
import { askedIn } from './knowledge/questions.ts';
import { asksForPerson, type SmallTalk, smallTalkIn } from './knowledge/small-talk.ts';

/** So much of a question must stand in a passage (see `createPassageSearch`). Set by the questions in its tests. */
const ENOUGH = 0.5;
/** A message that asks nothing ("My parcel is lost.") has to be met more closely: it may just be said. */
const ENOUGH_FOR_A_STATEMENT = 0.6;
/** More than so many passages are a lecture, not an answer. */
const MOST_PASSAGES = 3;

const SMALL_TALK: Record<SmallTalk, string> = {
  greeting:
    "Hello! I'm an automatic search of our help articles. What would you like to know? If you'd rather have a person, just ask for one.",
  thanks: "You're welcome! Write again whenever you have a question.",
  farewell: 'All right. Write again whenever you have a question.',
};

const ORIGIN =
  "This comes from an automatic search of our help articles. If it doesn't answer your question, ask for a person.";
const PARTLY = 'I found nothing about the rest of what you asked.';

const handoff = (reason: string): AiAnswer => ({ action: 'handoff', reason, aiSessionId: null });

/** What was found for the messages of a burst. */
interface Findings {
  /** One per question that has an answer, in the order of the questions. */
  matches: Match[];
  /** Questions without an answer. */
  unanswered: number;
  /** The best confidence that was not enough. */
  nearest: number;
}

const searchFor = (messages: string[], search: PassageSearch): Findings => {
  const findings: Findings = { matches: [], unanswered: 0, nearest: 0 };
  const answer = (text: string, needed: number): boolean => {
    const match = search(text);
    if (!match || match.confidence < needed) {
      findings.nearest = Math.max(findings.nearest, match?.confidence ?? 0);
      return false;
    }
    if (!findings.matches.some(({ passage }) => passage === match.passage)) findings.matches.push(match);
    return true;
  };
  for (const message of messages) {
    const { questions, sentences } = askedIn(message);
    for (const { text, inContext, isExplicit } of questions) {
      if (answer(text, ENOUGH) || (inContext !== null && answer(inContext, ENOUGH))) continue;
      if (isExplicit) findings.unanswered += 1;
    }
    if (questions.length === 0) sentences.some((sentence) => answer(sentence, ENOUGH_FOR_A_STATEMENT));
  }
  return findings;
};

const inWords = (told: Match[], isPartial: boolean): string => {
  const text =
    told.length === 1
      ? told.map(({ passage }) => passage.text)
      : told.map(({ passage }) => `${passage.title}\n${passage.text}`);
  return [...text, isPartial ? `${PARTLY} ${ORIGIN}` : ORIGIN].join('\n\n');
};

const compose = ({ matches, unanswered }: Findings, longest: number): AiAnswer => {
  const textOf = (told: Match[]): string => inWords(told, unanswered > 0 || told.length < matches.length);
  let told = matches.slice(0, MOST_PASSAGES);
  while (told.length > 1 && textOf(told).length > longest) told = told.slice(0, -1);
  return {
    action: 'reply',
    text: textOf(told),
    sources: told.map(({ passage: { title, path } }) => ({ title, path })),
    confidence: Math.min(...told.map(({ confidence }) => confidence)),
    aiSessionId: null,
  };
};

/**
 * Answers from a folder of markdown articles by full-text search, and says that it does. No model: the same question gets
 * the same answer, word for word from an article, and nothing that a customer writes can make it say anything else. English
 * questions; other languages mostly end in a handoff.
 *
 * Each question of a burst gets the passage that answers it, once. It hands off when the customer asks for a person, when
 * no passage is near enough, and when there is nothing to search for (a picture alone). A bare greeting or thanks gets a
 * short, honest line: a handoff would call an agent for nothing, and silence is impolite.
 *
 * @throws {KnowledgeError} at start, when the folder is missing or holds no article. It is read once.
 */
export const loadKnowledgeBackend = async (folder: string): Promise<AiBackend> => {
  const passages = await loadPassages(folder);
  const search = createPassageSearch(passages, ENOUGH);
  return {
    name: 'knowledge',
    published: [...publishedIn(passages), ...Object.values(SMALL_TALK), ORIGIN, PARTLY],
    async generate({ questions, channel }, { signal }) {
      signal.throwIfAborted();
      if (questions.some(asksForPerson)) return handoff('the customer asks for a person');

      const politeness = questions.map(smallTalkIn);
      const messages = questions.filter(
        (_, index) => politeness[index] === null && askedIn(questions[index] ?? '').sentences.length > 0,
      );
      const lastPoliteness = politeness.findLast((kind) => kind !== null);
      if (messages.length === 0) {
        return lastPoliteness
          ? { action: 'reply', text: SMALL_TALK[lastPoliteness], sources: [], confidence: null, aiSessionId: null }
          : handoff('the message holds no words to search for');
      }

      const findings = searchFor(messages, search);
      return findings.matches.length > 0
        ? compose(findings, longestReply(channel))
        : handoff(`no help article answers it (best match ${findings.nearest} of 1)`);
    },
  };
};

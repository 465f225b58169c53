import { folded } from './languages.ts';
import { ownEventIn } from './own-events.ts';
import { withoutSignature } from './signature.ts';
import { wordsOf } from './words.ts';

/** Longer messages are rare, and their subject stands at the top. */
const LONGEST_READ = 4_000;
/** Of a sentence, in characters: what is longer is no question. */
const LONGEST_SENTENCE = 600;
/** So many sentences of a message are looked up: what it asks stands among its first. */
const MOST_SENTENCES = 25;
const FEW_WORDS = 2;

/** Words with which a sentence asks or wishes without a question mark; without accents, in eight languages. */
const ASKS = [
  /^(?:can|could|do|does|did|is|are|will|would|may|should|must|has|have)\b/,
  /\b(?:how|what|when|where|which|who|why|want|need|like|please|help|trying|can't|cannot|unable)\b/,
  /\b(?:wie|was|wann|wo|woher|wohin|welche[rsnm]?|wer|warum|wieso|mochte|will|brauche|bitte|kann|konnen|hilfe)\b/,
  /\b(?:comment|quand|ou|quel(?:le)?s?|qui|pourquoi|combien|est-ce|voudrais|veux|besoin|peux|puis|pouvez)\b/,
  /\b(?:como|cuando|donde|que|cual(?:es)?|quien|cuanto|por que|quiero|necesito|puedo|quisiera|favor)\b/,
  /\b(?:quando|onde|qual|quais|quem|quanto|quero|preciso|posso|gostaria)\b/,
  /\b(?:come|dove|quale|quali|chi|perche|vorrei|voglio|posso|bisogno)\b/,
  /\b(?:hoe|wat|wanneer|waar|welke|wie|waarom|wil|nodig|kan|graag)\b/,
  /\b(?:jak|kiedy|gdzie|ktory|kto|dlaczego|ile|czy|chce|potrzebuje|moge|prosze)\b/,
];

/** With these a customer goes on with what was said before: "And to Switzerland?" */
const GOES_ON =
  /^(?:and|what about|how about|also|but|or|then|und|was ist mit|wie ist es mit|oder|auch|aber|et|et pour|mais|ou|y|e|pero|tambien|o|mas|tambem|ed|ma|anche|en|hoe zit het met|maar|ook|a|ale|oraz|lub)\b/;
/** Of a question that is about the turn before: more distinctive words and it says itself what it is about. */
const MOST_WORDS_OF_FOLLOW_UP = 2;

/** A sentence to be answered. */
export interface Question {
  text: string;
  /** It has the statement before it too, for a question that says little by itself ("What can I do?"). */
  inContext: string | null;
  /** It ends in a question mark and says something, so leaving it unanswered is worth a word. */
  isExplicit: boolean;
}

/** A message, taken apart. */
export interface Asked {
  /** Questions and requests, each to be answered by itself. */
  questions: Question[];
  /** Every sentence, whether it asks or not. */
  sentences: string[];
}

const sentencesOf = (message: string): string[] =>
  withoutSignature(message.slice(0, LONGEST_READ))
    .split('\n')
    .flatMap((line) => line.split(/(?<=[.!?…])\s+|(?<=[。！？])/u))
    .map((sentence) => sentence.trim().slice(0, LONGEST_SENTENCE))
    .filter((sentence) => /[\p{L}\p{N}]/u.test(sentence))
    .slice(0, MOST_SENTENCES);

const asks = (sentence: string): boolean => {
  if (/[?？]/.test(sentence)) return true;
  const plain = folded(sentence);
  return ASKS.some((pattern) => pattern.test(plain));
};
const distinctiveWords = (sentence: string): number =>
  wordsOf(sentence).filter(({ distinctive }) => distinctive).length;

/** Takes a message apart. */
export const askedIn = (message: string): Asked => {
  const sentences = sentencesOf(message);
  const questions = sentences.flatMap((sentence, index) => {
    if (!asks(sentence)) return [];
    const said = distinctiveWords(sentence);
    const before = sentences[index - 1];
    return [
      {
        text: sentence,
        inContext: before && !asks(before) && said < FEW_WORDS ? `${before} ${sentence}` : null,
        isExplicit: /[?？]/.test(sentence) && said > 0,
      },
    ];
  });
  return { questions, sentences };
};

/** Says whether a question goes on with what was said before, rather than saying itself what it is about. */
export const isFollowUp = (question: string, distinctive: number): boolean =>
  distinctive <= MOST_WORDS_OF_FOLLOW_UP &&
  (GOES_ON.test(folded(question).replace(/^[^\p{L}]+/u, '')) || distinctive === 0);

const OWN =
  /\b(?:my|mine|our|i was|i am|i've|have i|did i|was i|am i|mein(?:e[rnms]?)?|unser(?:e[rnms]?)?|wurde ich|mon|ma|mes|notre|nos|mi|mis|nuestr[oa]s?|me han|meus?|minhas?|noss[oa]s?|mi[oae]i?|mijn|onze|moj[aei]?|mojego|mojej)\b/;
const NUMBER = /(?:^|[^\p{L}\p{N}])[#№]?\p{L}{0,4}-?\d{4,}/u;
/** What only the business's own records know, and what only it can do. */
const STATE =
  /\b(?:what(?:'s|’s| is| has)? (?:going on|happening|happened|up) (?:with|to)|any (?:news|updates?)|(?:which|what) \p{L}+ (?:did|have|do) i|where(?:'s| is| are)|status|when (?:will|does|is|are)|has (?:my|it)|did (?:you|my)|is (?:my|it)|are my|why (?:was|is|am|did|have|has|were|are)|cancel\w*|wo (?:ist|sind|bleibt)|wann (?:kommt|wird|ist)|warum (?:wurde|ist|habe|haben)|stornier\w*|kundig\w*|ou (?:est|sont)|quand (?:arrive|sera)|pourquoi|annul\w*|resili\w*|donde esta[n]?|cuando llega\w*|por que (?:me|mi)|cancel\w*|anul\w*|onde esta[o]?|quando chega\w*|por que|dove|dov'e|quando arriva|perche|waar (?:is|blijft)|wanneer komt|waarom|annuleer\w*|gdzie jest|kiedy|dlaczego|anuluj\w*|estado|estatus|stand|statut|stato)\b/u;

/**
 * Says whether a question is about the customer's own thing, of which no article can know: one with a number, or the
 * state of what is "mine". Only an article whose heading is about just that can say how to find out.
 */
export const isAboutOwnThing = (question: string): boolean => {
  const plain = folded(question);
  return NUMBER.test(plain) || (OWN.test(plain) && STATE.test(plain)) || ownEventIn(question) !== null;
};

/**
 * Words of who is angry, or for whom something went wrong; what an article may be about ("damaged", "late") is not
 * here.
 */
const COMPLAINS =
  /\b(?:worst|terribl[ey]|horribl[ey]|awful|ridiculous|unacceptable|disgrace(?:ful)?|disgusting|scam(?:mers?)?|fraud|angry|furious|disappoint(?:ed|ing|ment)|rude|fed up|sick of|useless|rubbish|garbage|incompetent|pathetic|shame(?:ful)?|joke|never again|waste of|stole|stolen|lied|liars?|thieves|wrong|incorrect(?:ly)?|mistake|nothing works)\b|\b(?:frechheit|unverschamt\w*|katastroph\w*|skandal\w*|furchtbar\w*|schrecklich\w*|miserabel|miserabl\w*|inakzeptabel|wutend|sauer|enttausch\w*|betrug\w*|betruger\w*|abzocke|unfreundlich\w*|unmoglich\w*|schlimmst\w*|schlechtest\w*|nie wieder|falsch\w*)\b|\b(?:inadmissible|inacceptable|scandaleu\w*|honte\w*|arnaque\w*|escroquer\w*|furieu\w*|decu\w*|nul|nulle|pire|lamentable|ras le bol|plus jamais|impoli\w*|faux|fausse|erreur)\b|\b(?:inaceptable|verguenza|estafa\w*|fraude|furios[oa]|enojad[oa]|decepcionad[oa]|pesim[oa]|peor|horrible|terrible|nunca mas|groser[oa]|equivocad[oa]|incorrect[oa])\b|\b(?:inaceitavel|vergonha|golpe|absurdo|pessim[oa]|pior|decepcionad[oa]|nunca mais|grosseir[oa]|errad[oa])\b|\b(?:inaccettabile|vergogna|truffa\w*|arrabbiat[oa]|delus[oa]|pessim[oa]|peggior\w*|mai piu|maleducat[oa]|sbagliat[oa])\b|\b(?:onacceptabel|schandalig\w*|schande|oplichter\w*|oplichting|boos|woedend|teleurgesteld|slechtste|nooit meer|verkeerd\w*|onbeleefd)\b|\b(?:skandal\w*|oszust\w*|wsciekl\w*|rozczarowan\w*|najgorsz\w*|okropn\w*|nigdy wiecej|niedopuszczaln\w*|bledn\w*|zly|zla|zle)\b/;

/** Whether a sentence complains: then an article that but shares its words would send the customer away. */
export const complains = (sentence: string): boolean => COMPLAINS.test(folded(sentence));

/** With these a customer says that they have waited long enough, and often is sarcastic beside it. */
const IMPATIENT =
  /\b(?:still (?:no|not|nothing|waiting|haven't|hasn't|have not|has not|don't have)|for weeks|\p{L}+ weeks (?:and|now|later|already)|(?:immer noch|noch immer) (?:nicht|kein\p{L}*|nichts)|seit wochen|toujours (?:pas|rien|aucun\p{L}*)|depuis des semaines|sigo sin|sigo esperando|todavia no|aun no|ainda nao|continuo sem|continuo a espera|ancora (?:niente|nessun\p{L}*)|non .{0,20}ancora|nog steeds (?:niet|geen|niets)|nog altijd (?:niet|geen)|(?:wciaz|nadal|ciagle) (?:nie|brak))\b/u;

/** Whether a customer is angry or out of patience anywhere in a message: such a one is not asked back. */
export const isUpset = (message: string): boolean => complains(message) || IMPATIENT.test(folded(message));

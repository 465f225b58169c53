const words = (list: string): ReadonlySet<string> => new Set(list.split(' '));

const GREETINGS = words('hi hello hey hiya greetings morning afternoon evening');
const THANKS = words('thanks thank thx ty cheers appreciated grateful');
const FAREWELLS = words('ok okay great perfect awesome cool nice super alright bye goodbye understood');
const COMPANY = words(
  'a again all and bit day dear everyone for good got have help i in is it lot much nice of re rest so team that the there to understood very well wonderful you your',
);

/** Longer than this and someone has something to say. */
const LONGEST_SMALL_TALK = 10;

/** A message with nothing to answer but politeness. */
export type SmallTalk = 'greeting' | 'thanks' | 'farewell';

const SETTLED = /\b(?:all good|all fine|never ?mind|solved|sorted|resolved|works now|fixed now|found it)\b/i;
const NEGATED = /\b(?:not|never been|no|isn't|hasn't|wasn't|but)\b|\?/i;

/** What kind of small talk a message is, or `null` when there is more to it. */
export const smallTalkIn = (text: string): SmallTalk | null => {
  const said = text.toLowerCase().match(/\p{L}+/gu) ?? [];
  if (said.length === 0) return /\p{Extended_Pictographic}/u.test(text) && !/[\p{N}?]/u.test(text) ? 'farewell' : null;
  if (SETTLED.test(text) && !NEGATED.test(text)) return 'farewell';
  const known = (word: string) => [GREETINGS, THANKS, FAREWELLS, COMPANY].some((list) => list.has(word));
  if (said.length > LONGEST_SMALL_TALK || text.includes('?') || !said.every(known)) return null;
  if (said.some((word) => THANKS.has(word))) return 'thanks';
  if (said.some((word) => GREETINGS.has(word))) return 'greeting';
  return said.some((word) => FAREWELLS.has(word)) ? 'farewell' : null;
};

const SOMEONE =
  '(?:person|human(?: being)?|agent|advis[eo]r|representative|rep|operator|manager|supervisor|employee|staff(?: member)?|colleague|someone|somebody|one of you|support team|customer (?:service|support|care)|real people|people)';
const ASKS = [
  `(?:talk|talking|speak|speaking|chat|chatting|get through|connect(?: me)?|transfer(?: me)?|forward(?: me)?|put me through|pass me|hand me(?: over)?|escalate(?: this| me)?)(?: on)? (?:to|with) (?:\\w+ ){0,3}?${SOMEONE}`,
  `(?:want|need|get|give me|prefer|like|is there|are you|you're not) (?:\\w+ ){0,2}?(?:a |an )?(?:real |live |actual |human )*(?:person|human|agent|representative|operator|advisor)`,
  '(?:real|live|actual|human) (?:person|human|agent|being|support|operator|representative)',
  '^(?:a )?(?:person|human|agent|representative|operator|advisor)(?:,? please)?[.!]*$',
  '(?:person|human|agent|representative|operator|advisor),? please',
].map((pattern) => new RegExp(`(?<![\\p{L}-])(?:${pattern})(?![\\p{L}-])`, 'iu'));

/**
 * Whether the customer asks for a person. English; wrongly saying yes costs an agent a look, wrongly saying no an
 * unhappy customer.
 */
export const asksForPerson = (text: string): boolean => {
  const line = text.replace(/\s+/g, ' ').trim();
  return ASKS.some((pattern) => pattern.test(line));
};

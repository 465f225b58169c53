// What mail programs and phones send for an emoji that somebody tapped. Gmail's says where to read about it, in every
// language.

const EMOJI = String.raw`(?:\p{Extended_Pictographic}|\p{Regional_Indicator}|\p{Emoji_Modifier}|[\u200d\ufe0f\u20e3])+`;
const LINK = /\s?<?https?:\/\/www\.google\.com\/gmail\/about\/?[^\s>]{0,300}>?/;
// In any language, where the link says what it is.
const LINKED = new RegExp(`^(${EMOJI})[^?？]{1,160}$`, 'u');
const WITHOUT_SPACES = new RegExp(
  `^(${EMOJI})[^?？]{1,60}Gmail.{0,12}(?:リアクション|반응|共感|回应|回應).{0,12}$`,
  'iu',
);
const GMAIL = new RegExp(
  `^(${EMOJI}) ?[^?？.,!]{1,60} (?:reacted via gmail|hat über gmail reagiert|a réagi via gmail|ha reaccionado (?:mediante|a través de|con|por) gmail|reaccionó (?:mediante|a través de|con|por) gmail|ha reagito tramite gmail|reagiu (?:via|pelo|através do) gmail|heeft gereageerd via gmail|reagerade via gmail|reagerede via gmail|reagerte via gmail|zareagował(?:\\(a\\)|a)? (?:przez|w|za pomocą) gmail\\p{L}*|reagoval\\p{L}* (?:přes|cez|prostřednictvím) gmail\\p{L}*)$`,
  'iu',
);
// Outlook's. What follows the colon has to be the emoji alone.
const OUTLOOK = new RegExp(
  `^[^?？.,!:]{1,60} (?:reacted to your (?:message|email)|(?:reagierte|hat) auf (?:ihre|deine) nachricht(?: reagiert)?|a réagi à votre message|ha reaccionado a (?:tu|su) mensaje|ha reagito al tuo messaggio|reagiu à sua mensagem|heeft gereageerd op (?:uw|je) bericht) ?: ?(${EMOJI})$`,
  'iu',
);
// Phones', as text messages. A question mark as a reaction asks something.
const TAPBACKS: Record<string, string> = {
  Liked: '👍',
  Loved: '❤️',
  'Laughed at': '😂',
  Emphasized: '‼️',
  Disliked: '👎',
  Gefällt: '👍',
  'Gefällt nicht': '👎',
  Geliebt: '❤️',
  'A aimé': '👍',
  'A adoré': '❤️',
  'Le gustó': '👍',
  'Le encantó': '❤️',
};
const TAPBACK = new RegExp(`^(${Object.keys(TAPBACKS).join('|')}) ?[“"„«][\\s\\S]{1,2000}[”"“»]$`);
const REACTED = new RegExp(
  `^(?:Reacted|Reagierte mit|A réagi avec|Reaccionó con) (${EMOJI}) (?:to|auf|à|a) ?[“"„«][\\s\\S]{1,2000}[”"“»]$`,
  'u',
);
/** In characters: with the link that Gmail adds. */
const LONGEST = 2_100;

/**
 * The emoji that stands for a whole message, where a machine wrote the words around it; `null` for anything a person
 * wrote.
 */
export const reactionIn = (text: string): string | null => {
  if (text.length > LONGEST) return null;
  // The joiner makes one emoji of two.
  const visible = text
    .replace(/[\u200b\u200c\u200e\u200f\u2060\ufeff]/g, '')
    .replace(/\s+/g, ' ')
    .trim();
  const plain = visible.replace(LINK, '').replace(/\s+/g, ' ').trim();
  const isLinked = plain !== visible;
  const emoji = ((isLinked ? LINKED.exec(plain) : null) ??
    GMAIL.exec(plain) ??
    WITHOUT_SPACES.exec(plain) ??
    OUTLOOK.exec(plain) ??
    REACTED.exec(plain))?.[1];
  return emoji ?? TAPBACKS[TAPBACK.exec(plain)?.[1] ?? ''] ?? null;
};

/** What a subject says about its mail, and the subject without it. */
export interface BareSubject {
  /** Without `Re:`, `Fwd:` and their like, and without the tags of mail gateways. */
  subject: string;
  /** By the outermost prefix. */
  kind: 'new' | 'reply' | 'forward';
}

// Mail programs' own, in their users' languages: `R:` and `I:` are Italian.
const REPLY_WORDS =
  're|ré|aw|antw|antwort|sv|svar|vs|odp|odpověď|odpoveď|rif|ref|rép|rep|resp|res|r|bls|balas|atb|ats|αν|απ|σχετ|απάντηση|отв|ответ|відп|відповідь|отг|на|отговор|ynt|yan|yanıt|cevap|vá|vál|válasz|trả lời|回复|回覆|答复|答覆|答|返信|返|回信|답장|회신|رد|תשובה|השב|ต|ตอบกลับ|vast|vastaus|risposta|réponse|respuesta|resposta|răsp|odg|odgovor|jwb|xv|svr';
const FORWARD_WORDS =
  'fwd|fw|wg|weitergeleitet|tr|transf|rv|reenv|reenvío|enc|encam|encaminhada|doorst|vb|videresendt|vidarebefordrat|vl|lv|vs: vl|pd|przek|fwd in|i|inoltro|inoltra|přep|preposlané|továbbítás|továbbítva|prdl|прд|перенапр|пересылка|пер|πρθ|ilt|ileti|İlt|i̇lt|转发|轉寄|轉發|転送|전달|إعادة توجيه|הועבר|trs|teruskan|chuyển tiếp|ส่งต่อ|fs|videres|vbf';

// "RE[2]:", "Re(3):", "Re^2:", "Re *2:". All kinds of colons; French puts a blank before its own.
const prefixOf = (list: string): RegExp =>
  new RegExp(`^(?:${list})(?: ?[[(*^]{0,2}\\d{1,3}[\\])]?)?\\.?[\\s\\u200b]?[:：﹕꞉][\\s\\u200b]*`, 'iu');
const REPLY = prefixOf(REPLY_WORDS);
const FORWARD = prefixOf(FORWARD_WORDS);

// What a gateway puts before a subject that it lets through: "***SPAM***", "[EXT]", "{Spam?}", "EXTERNAL:",
// "(External)".
const SPAM =
  '!{0,3}(?:(?:possible|possibly|suspected|probable|potential|likely)[ _-]?)?(?:spam|junk|bulk|phish(?:ing)?)\\??(?:[ _-]?(?:mail|message|suspect(?:ed)?|verdacht|score))?[ :]?[\\d.,/ ]{0,12}!{0,3}';
const EXTERNAL =
  '(?:ext|extern|externe|externo|esterno|externí|zewnętrzny|outside|⚠️? ?external)(?:al)?(?:[ _-](?:e-?mail|mail|sender|message|source|absender))?|e-?mail extern';
// Between marks only: a customer, too, may begin with such a word and a colon.
const OTHER =
  'caution|warning|achtung|attention|trusted|untrusted|unverified|secure|encrypted|verschlüsselt|suspicious|verdacht|dmarc|spf fail|disarmed|tls|⚠️?|!{1,3}';
const MARKED_WORDS = `(?:${SPAM}|${EXTERNAL}|${OTHER})`;
const TAG = new RegExp(
  `^(?:[*#=~!_-]{2,5} ?${MARKED_WORDS} ?[*#=~!_-]{2,5} ?:?|[[({<【] ?\\*{0,3}${MARKED_WORDS}\\*{0,3} ?[\\])}>】] ?:?|(?:${SPAM}|${EXTERNAL}) ?[:：](?!\\w))\\s*`,
  'iu',
);
/** No mail has so many prefixes that it means to say something with them. */
const MOST_PREFIXES = 40;
/** In characters: HubSpot and mail programs keep less. */
const LONGEST = 2_000;

const tidy = (subject: string): string => subject.slice(0, LONGEST).normalize('NFC').replace(/\s+/g, ' ').trim();

/** Takes the tags off that mail gateways put before a subject: they say nothing about who wrote it. */
export const withoutGatewayTags = (subject: string): string => {
  let rest = tidy(subject);
  for (let taken = 0; taken < MOST_PREFIXES; taken += 1) {
    const shorter = rest.replace(TAG, '');
    if (shorter === rest || shorter === '') return rest;
    rest = shorter;
  }
  return rest;
};

/** A letter alone is an Italian reply, or what the mail is about: the language R. */
const ONE_LETTER = /^\p{L}[\s\u200b]?[:：﹕꞉]/u;

/**
 * Takes prefixes off a subject, in any language and in any number, and tells by the first whether it answers or
 * forwards. `keepsLetters`: a letter with a colon stays, which may be the author's word.
 */
export const bareSubject = (subject: string, { keepsLetters = false } = {}): BareSubject => {
  let rest = withoutGatewayTags(subject);
  let kind: BareSubject['kind'] = 'new';
  for (let taken = 0; taken < MOST_PREFIXES; taken += 1) {
    const isReply = REPLY.test(rest);
    if (!isReply && !FORWARD.test(rest)) break;
    if (keepsLetters && ONE_LETTER.test(rest)) break;
    if (kind === 'new') kind = isReply ? 'reply' : 'forward';
    rest = withoutGatewayTags(rest.replace(isReply ? REPLY : FORWARD, ''));
  }
  return { subject: rest, kind };
};

import { folded } from './languages.ts';

/** Lines that a mail program writes under a mail, and what comes after them. */
const PROGRAM =
  /^(?:--|__+|—)\s*$|^(?:sent|get|gesendet|envoye|enviado|inviato|verzonden|wyslane|wyslano|outlook|holen sie sich|obtenir|telecharger|obter|obtener|scarica|download)\b.{0,60}\b(?:iphone|ipad|ios|android|outlook|yahoo|gmail|mobile|mobil|mail|samsung|galaxy|smartphone|handy|telefoon|telefon|telefono|telefone|celular|blackberry|windows|proton|aol|huawei|xiaomi)\b.{0,40}$/;

/** How a letter ends; what stands below is a name. */
const CLOSING =
  /^(?:(?:thanks?|thank you|many thanks|danke|vielen dank|merci|gracias|obrigad[oa]|grazie|bedankt|dziekuje)\b,? ?(?:and|und|et|y|e|en|i)? ?)?(?:(?:with )?(?:kind|best|warm|many|kindest|warmest)(?: (?:and )?(?:kind|best|warm))* (?:regards|wishes)|regards|best|cheers|sincerely|yours(?: (?:sincerely|faithfully|truly))?|br|kr|rgds|mit (?:freundlichen|besten|lieben|vielen|herzlichen) (?:grussen|gruessen)|(?:freundliche|viele|liebe|beste|herzliche|schone|lg|mfg|vg) ?(?:grusse|gruesse|gruss)?|gruss|grusse|mfg|lg|vg|(?:bien )?cordialement|(?:bien |tres )?(?:cordialement|sincerement)|bien a vous|cdlt|salutations(?: distinguees)?|meilleures salutations|(?:un )?(?:cordial )?saludos?(?: cordial(?:es)?)?|un saludo|atentamente|atenciosamente|att|(?:com os )?(?:melhores )?cumprimentos|abracos?|(?:cordiali|distinti) saluti|saluti|cordialmente|(?:met )?vriendelijke groet(?:en)?|groet(?:en|jes)?|mvg|pozdrawiam|z powazaniem|serdecznie pozdrawiam)\s*[,.!]*$/;

const MOST_LINES_BELOW = 8;
const LONGEST_LINE = 70;
/** A point of theirs ends no sentence: "Dr. Ada Byrne", "J. Smith". */
const ABBREVIATED =
  /(?<!\p{L})(?:dr|prof|mr|mrs|ms|mx|dipl|ing|st|hr|fr|sr|sra|dra|eng|dott|mgr|inz|drs|\p{L})\.(?=\s)/giu;
const SAYS_MORE = /[?!]|^(?:ps|p\.s\.|nb)\b|[.]\s+\p{L}/iu;

/** Gives what looks like a name, a firm, an address; a sentence below a signature was meant to be read. */
const isBelowSignature = (line: string): boolean =>
  line.length <= LONGEST_LINE && !SAYS_MORE.test(line.replace(ABBREVIATED, ''));

/**
 * A message without the signature at its end and without what it quotes; the closing words stay out too, a thanks in
 * them stays.
 */
export const withoutSignature = (message: string): string => {
  const lines = message.split(/\r?\n/).filter((line) => !line.startsWith('>'));
  for (const [index, line] of lines.entries()) {
    const plain = folded(line.trim());
    const below = lines.slice(index + 1).filter((other) => other.trim() !== '');
    const isName = below.length <= MOST_LINES_BELOW && below.every((other) => isBelowSignature(other.trim()));
    if (!isName) continue;
    if (index > 0 && PROGRAM.test(plain)) return lines.slice(0, index).join('\n').trim();
    if (index > 0 && CLOSING.test(plain)) {
      const thanks =
        /^(?:thanks?|thank you|many thanks|danke|vielen dank|merci|gracias|obrigad[oa]|grazie|bedankt|dziekuje)/.exec(
          plain,
        );
      return [...lines.slice(0, index), ...(thanks ? [line.trim().slice(0, thanks[0].length)] : [])].join('\n').trim();
    }
  }
  return lines.join('\n').trim();
};

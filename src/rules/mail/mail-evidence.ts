// What a heading of quoted words is known by, in any language: an address, a date, a time.
// The lists of words here only help where a mail program left one of them out. Others only protect a customer's own
// sentence.

const words = (list: string): string => list.trim().replace(/\s+/g, '|').replaceAll('_', '\\s');

/** `\b` knows no letters but ASCII. */
const wholeWord = (pattern: string, flags: string): RegExp =>
  new RegExp(`(?<![\\p{L}\\p{M}\\p{N}])(?:${pattern})(?![\\p{L}\\p{M}\\p{N}])`, flags);

const ADDRESS = /[^\s@<>]@[^\s@<>]/;
// Round brackets alone are what people write an address in.
const BRACKETED_ADDRESS =
  /<[^\s<>@]+@[^\s<>@]+<mailto:|[<［〈＜]\s?\[?(?:mailto:)?[^\s<>@()[\]]+@[^\s<>@]+?\s?[>\]］〉＞]|[[(]mailto:[^\s<>@()[\]]+@[^\s<>@]+?[\])]|<mailto:[^<>]{0,100}<[^\s<>@]+@[^\s<>@]+>/;
const NUMERIC_DATE = /(?<!\d)\d{1,4}\s?[./-]\s?\d{1,2}\s?[./-]\s?\d{2,4}(?!\d)/;
// Gmail leaves the year out of a young date.
const WITHOUT_YEAR =
  /^(?:On|Am|Le|El|Il|Em|Op|Den) \p{L}{2,10}[.,]{1,2} (?:\p{L}{3,10}\.? \d{1,2}|\d{1,2}\.? \p{L}{3,10})(?!\p{L})/u;
// Years of the Gregorian calendar, the Thai and the Islamic ones.
const YEAR = /(?<![\d.,])(?:19|20|25|14)\d{2}(?!\d|[.,]\d)/;
const NAMED_MONTH = /(?<!\d)\d{1,2}[.\s-]{1,3}\p{L}{3,12}\.?[\s-]\d{2,4}(?!\d)/u;
const TIME =
  /(?<!\d)\d{1,2}\s?[:：hH時时시點点]\s?\d{2}(?!\d)|(?<![\d.,])\d{1,2}\.\d{2}(?!\d|[.,]\d)|\d{1,2}\s?(?:시|時|时)/;
const SECONDS = /\d{1,2}:\d{2}:\d{2}/;

const WROTE = wholeWord(
  words(`
    wrote writes sent said schrieb geschrieben écrit escribió escribiste escrit scritto escreveu schreef geschreven skrev skrifaði kirjoitti
    napisał napisała napisana_przez napisał\\(a\\) pisze napsal napsala napísal napísala írta написал написала написав написала пише пишет написа напиша
    έγραψε yazdı viết menulis escribio scris rašė rakstīja kirjutas je_napisao napisao napisala je_napisal كتب כתב কথা เขียนว่า escrigué scrisse
  `),
  'iu',
);
// No spaces between words there, or the word is one with its ending.
const WROTE_INSIDE = /写道|寫道|作成|作성|작성|のメッセージ|さんは書きました|كتب|yazdı|написа|napisal|napsal/i;

/** The writer speaks of themselves or to us: no mail program does. */
const TOLD = wholeWord(
  [
    'I', // not "i": it is an "and" in Polish
    words(`
      me my mine we us our ours your yours
      ich mir mich mein meine meinen meinem meiner wir uns unser unsere unseren Ihr Ihre Ihren Ihrem Ihrer Ihnen euer eure
      je j['’]ai moi nous notre nos votre vos yo me_han nos_han nosotros nuestro nuestra nuestros
      io noi nostro nostra nostri vostro vostra vostri eu meu minha nós nosso nossa ik mij mijn wij onze uw jullie
      jeg mig min mit mine vores jag mig mina vår vårt våra minä minun meidän
      ja mi mój moja moje nasz nasza wasz wasza já můj moje náš naše váš vaše én nekem mi_írtuk
      я мне мой моя мы нам наш наша ваш ваша ви мені мій ми наш ben bana benim biz bize
    `),
  ].join('|'),
  'u',
);

const CJK_TOLD = /我|私は|私が|わたし|저는|제가/;

export interface Evidence {
  address: boolean;
  /** It stands in brackets, as mail programs write one behind a name. */
  bracketed: boolean;
  date: boolean;
  time: boolean;
  seconds: boolean;
}

export const evidenceIn = (plain: string): Evidence => {
  const address = plain.includes('@') && ADDRESS.test(plain);
  const digits = /\d/.test(plain);
  return {
    address,
    bracketed: address && BRACKETED_ADDRESS.test(plain),
    date:
      digits && (YEAR.test(plain) || NUMERIC_DATE.test(plain) || NAMED_MONTH.test(plain) || WITHOUT_YEAR.test(plain)),
    time: digits && TIME.test(plain),
    seconds: digits && SECONDS.test(plain),
  };
};

export const saysWrote = (plain: string): boolean => WROTE.test(plain) || WROTE_INSIDE.test(plain);

/** Says whether the sentence is its writer's own: "On Monday I wrote to you:". */
export const isTold = (plain: string): boolean => TOLD.test(plain) || CJK_TOLD.test(plain);

/** What is taken for a dot in a host's name. */
export const DOTS = /[.\u3002\uff0e\uff61\u2024\ufe52]/g;

/** What nobody sees, but for the ends of lines: a program may keep it, leave it out, or end a name there. */
const UNSEEN = /(?![\n\r\t])[\p{Cf}\p{Cc}\p{DI}]/gu;

/** Breaks a name for every program that knows hosts by their endings. It is not seen, and no line ends there. */
export const BREAK = '\u200c';

/** A text in one form for all dots and slashes, each character in its place. */
export const folded = (text: string): string =>
  text
    .replace(DOTS, '.')
    .replaceAll('\\', '/')
    .replace(/[^\0-\x7f]/gu, (character) => {
      const form = character.normalize('NFKC');
      return form.length === character.length ? form : character;
    });

const inOneForm = (text: string): string => text.normalize('NFKC').replace(DOTS, '.').replaceAll('\\', '/');

/** A text as it is read by a program that leaves out what nobody sees. */
export const withoutUnseen = (text: string): string => inOneForm(text.replace(UNSEEN, ''));

/**
 * Each way in which a program may read a text: without what nobody sees, or with an end there; letter by letter, or in one form. What {@link BREAK} has
 * broken stays so.
 */
export const formsOf = (text: string): string[] => {
  const broken = text.replaceAll(`.${BREAK}`, '. ');
  const forms = ['', ' '].map((instead) => broken.replace(UNSEEN, instead));
  return [...new Set([...forms, ...forms.map(inOneForm)])];
};

/** Without controls, and without what is unseen between two characters of ASCII, where no writing needs it. */
export const tidied = (text: string): string =>
  text.replace(/(?![\n\r\t])\p{Cc}/gu, '').replace(/(?<=[!-~])[\p{Cf}\p{DI}]+(?=[!-~])/gu, '');

const NAMED: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  period: '.',
  sol: '/',
  bsol: '\\',
  colon: ':',
  commat: '@',
  num: '#',
  quest: '?',
  lowbar: '_',
  hyphen: '-',
  dash: '-',
  nbsp: ' ',
  Tab: '',
  NewLine: '',
  shy: '',
  zwnj: '',
  zwj: '',
};

/** With the characters for which HTML's entities stand. */
export const withoutEntities = (text: string): string =>
  text
    .replace(/&#(?:x([\da-f]{1,6})|(\d{1,7}));?/gi, (_, hex: string | undefined, decimal: string | undefined) => {
      const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
      return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '';
    })
    .replace(/&([a-z]{2,8});/gi, (entity, name: string) => NAMED[name] ?? entity);

/** Without tags; blocks and breaks end a line, and others leave `instead`. */
export const withoutTags = (html: string, instead: string): string =>
  html.replace(/<(?:br|\/?(?:p|pre|ul|ol|li))(?: [^<>]*)?>/g, '\n').replace(/<[^<>]*>/g, instead);

/** A text may be encoded twice, and a program decode it twice. */
export const percentDecoded = (text: string, times = 3): string => {
  const once = text.replace(/(?:%[\da-f]{2})+/gi, (run) => Buffer.from(run.replaceAll('%', ''), 'hex').toString());
  return once === text || times === 0 ? once : percentDecoded(once, times - 1);
};

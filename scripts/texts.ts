import ts from 'typescript';

/** A text of the code: where it begins, and what it says; what is only known later counts as a word. */
export interface CodeText {
  /** From 1. */
  line: number;
  text: string;
}

const LATER = '`X`';

/** What an expression says, as far as the code says it; `null` for what is no text. */
const textOf = (node: ts.Expression): string | null => {
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return node.text;
  if (ts.isTemplateExpression(node))
    return [node.head.text, ...node.templateSpans.map(({ literal }) => LATER + literal.text)].join('');
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken) {
    const [left, right] = [textOf(node.left), textOf(node.right)];
    return left === null && right === null ? null : (left ?? LATER) + (right ?? LATER);
  }
  return null;
};

/** What a text doesn't say itself: what is put in by an expression that is no text. */
const partsOf = (node: ts.Expression): ts.Expression[] => {
  if (ts.isTemplateExpression(node)) return node.templateSpans.map(({ expression }) => expression);
  if (!ts.isBinaryExpression(node)) return [];
  return [node.left, node.right].flatMap((side) => (textOf(side) === null ? [side] : partsOf(side)));
};

const BLOCKS =
  /<\/?(?:p|h[1-6]|t[drh]|table|thead|tbody|caption|li|ul|ol|d[dlt]|div|section|main|nav|header|footer|form|fieldset|legend|label|button|option|select|summary|details|figcaption|title|br|input)\b[^<>]*>/gi;
const TAGS = /<\/?[a-z][^<>]*>|<!--[\s\S]*?-->|<!doctype[^<>]*>/gi;
const SPOKEN = /\b(?:aria-label|title|placeholder|alt)="([^"]*)"/g;
/** What a browser reads, but no person. */
const NOT_SHOWN = /<(script|style)\b[\s\S]*?<\/\1>/gi;

/** What of HTML a person reads, block by block, and what is read to those who can't see it. */
export const blocksOfHtml = (html: string): string[] => {
  const shown = html.replace(NOT_SHOWN, '');
  return [...shown.split(BLOCKS), ...[...shown.matchAll(SPOKEN)].map(([, said]) => said ?? '')]
    .map((block) => block.replace(TAGS, '').replace(/\s+/g, ' ').trim())
    .filter((block) => block !== '');
};

/** Of three words and more, with a letter in lower case: no name, no key, no path, no policy for a browser. */
const isProse = (text: string): boolean =>
  /^\S+ \S+ \S/.test(text) && /[a-z]{2}/.test(text) && !/^\s*[<{[]/.test(text) && !/'(?:self|none)'/.test(text);

/** The texts of a TypeScript file that are sentences; parts that `+` joins are one, and each block of HTML is one. */
export const textsOf = (path: string, code: string): CodeText[] => {
  const file = ts.createSourceFile(path, code, ts.ScriptTarget.Latest, true);
  const found: CodeText[] = [];
  const visit = (node: ts.Node): void => {
    const text = ts.isExpression(node) ? textOf(node) : null;
    if (text === null || !ts.isExpression(node)) {
      ts.forEachChild(node, visit);
      return;
    }
    const { line } = file.getLineAndCharacterOfPosition(node.getStart());
    const blocks = /<[a-z][^<>]*>/.test(text) ? blocksOfHtml(text) : [text];
    found.push(...blocks.filter(isProse).map((block) => ({ line: line + 1, text: block })));
    partsOf(node).forEach(visit);
  };
  visit(file);
  return found;
};

/** What a file of data says under the given keys, such as the summary of an alert or the title of a panel. */
export const textsUnder = (data: unknown, keys: readonly string[]): string[] => {
  if (Array.isArray(data)) return data.flatMap((one) => textsUnder(one, keys));
  if (typeof data !== 'object' || data === null) return [];
  return Object.entries(data).flatMap(([key, value]) =>
    typeof value === 'string' ? (keys.includes(key) ? [value] : []) : textsUnder(value, keys),
  );
};

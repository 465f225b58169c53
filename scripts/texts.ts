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

/** Of three words and more, with a letter in lower case: no name, no key, no path. */
const isProse = (text: string): boolean => /^\S+ \S+ \S/.test(text) && /[a-z]{2}/.test(text) && !/^\s*[<{[]/.test(text);

/** The texts of a TypeScript file that are sentences; parts that `+` joins are one. */
export const textsOf = (path: string, code: string): CodeText[] => {
  const file = ts.createSourceFile(path, code, ts.ScriptTarget.Latest, true);
  const found: CodeText[] = [];
  const visit = (node: ts.Node): void => {
    const text = ts.isExpression(node) ? textOf(node) : null;
    if (text === null) {
      ts.forEachChild(node, visit);
      return;
    }
    const { line } = file.getLineAndCharacterOfPosition(node.getStart());
    if (isProse(text)) found.push({ line: line + 1, text });
  };
  visit(file);
  return found;
};

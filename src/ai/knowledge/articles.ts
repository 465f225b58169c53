import { linkedDomains } from '../links.ts';
import { KnowledgeError, loadPassages, type Passage } from './passages.ts';
import type { LeftOut } from './sources/article.ts';

/** A folder's passages; none where it holds no article (the doctor says so), which a model can do without. */
export const passagesIfAny = async (folder: string, leftOut?: (file: LeftOut) => void): Promise<Passage[]> => {
  try {
    return await loadPassages(folder, leftOut);
  } catch (error) {
    if (error instanceof KnowledgeError) return [];
    throw error;
  }
};

/** Every domain that articles lead to, or are on: what stands there, a customer may hear. */
export const articleDomains = (passages: readonly Passage[]): string[] => {
  const pages = new Set(passages.map(({ path }) => path).filter((path) => /^https?:/.test(path)));
  return linkedDomains([...pages, ...passages.map(({ text }) => text)].join('\n'));
};

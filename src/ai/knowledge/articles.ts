import { linkedDomains } from '../links.ts';
import { createPassageSearch, type PassageSearch } from './passage-search.ts';
import { KnowledgeError, loadPassages, type Passage, publishedIn } from './passages.ts';

/** A model judges for itself whether a passage answers, so it is shown what may. */
const ENOUGH_FOR_A_MODEL = 0.3;

const passagesIfAny = async (folder: string): Promise<Passage[]> => {
  try {
    return await loadPassages(folder);
  } catch (error) {
    if (error instanceof KnowledgeError) return [];
    throw error;
  }
};

/** The search of a folder's articles for a model; `null` where there is no article (the doctor says so). */
export const searchIn = async (folder: string): Promise<PassageSearch | null> => {
  const passages = await passagesIfAny(folder);
  return passages.length > 0 ? createPassageSearch(passages, ENOUGH_FOR_A_MODEL) : null;
};

/** Every domain that a folder's articles lead to: what stands there, a customer may be told. */
export const articleDomains = async (folder: string): Promise<string[]> =>
  linkedDomains((await passagesIfAny(folder)).map(({ text }) => text).join('\n'));

/** All that a folder's articles say. */
export const articleWords = async (folder: string): Promise<string[]> => publishedIn(await passagesIfAny(folder));

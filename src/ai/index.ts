import type { PortalId } from '../hubspot/ids.ts';
import type { AiConfig } from './ai-config.ts';
import type { AiBackend } from './backend.ts';
import type { EmbeddingConfig } from './embeddings/embedding-config.ts';
import { createEmbedder } from './embeddings/index.ts';
import { createMeaningIndex, type MeaningIndex } from './embeddings/meaning-index.ts';
import { createMemoryVectorStore, type VectorStore } from './embeddings/vector-store.ts';
import { withFallbacks } from './fallback.ts';
import { type Instructions, instructed, readInstructions } from './instructions.ts';
import { articleDomains, passagesIfAny } from './knowledge/articles.ts';
import { createCandidateSearch } from './knowledge/passage-search.ts';
import { loadPassages, type Passage, publishedIn } from './knowledge/passages.ts';
import type { LeftOut } from './knowledge/sources/article.ts';

/** What an AI may use of the process around it. */
export interface AiParts {
  /** The articles of sources as they are just now, maybe none yet; absent: `KNOWLEDGE_DIR` is read. */
  passages?: readonly Passage[];
  /** Hears of each file of that folder that can't be read. */
  leftOut?(file: LeftOut): void;
  /** Where vectors of articles are kept; in memory unless given. */
  vectors?: VectorStore;
  /** Gets a line when something fails that the AI can do without. */
  warn?(line: string): void;
  /** Ends what an AI does in the background. */
  signal?: AbortSignal;
}

/** The index of what passages mean, filled in the background. @throws {EmbeddingsUnavailable} see `createEmbedder` */
export const openMeanings = async (
  config: EmbeddingConfig,
  passages: readonly Passage[],
  { vectors = createMemoryVectorStore(), warn, signal }: Pick<AiParts, 'vectors' | 'warn' | 'signal'> = {},
): Promise<MeaningIndex> =>
  createMeaningIndex(passages, {
    ...(warn ? { warn } : {}),
    ...(signal ? { signal } : {}),
    vectors,
    embedder: await createEmbedder(config),
  });

/** What a model looks things up in; `search` is `null` where there is no article. */
const forModel = async (folder: string, { passages, leftOut }: AiParts) => {
  const known = passages ?? (await passagesIfAny(folder, leftOut));
  return { search: known.length > 0 ? createCandidateSearch(known) : null, published: publishedIn(known) };
};

/**
 * The AI that the settings choose, ready to answer. Only the chosen one's code is loaded.
 * @throws {KnowledgeError} when `KNOWLEDGE_DIR` holds nothing to search; a model does without.
 */
export const createAiBackend = async (config: AiConfig, parts: AiParts = {}): Promise<AiBackend> => {
  switch (config.backend) {
    case 'knowledge': {
      const { createKnowledgeBackend } = await import('./knowledge.ts');
      const { embeddings } = config;
      const passages = parts.passages ?? (await loadPassages(config.knowledgeDir, parts.leftOut));
      return await createKnowledgeBackend(passages, {
        ...config,
        ...(embeddings ? { meaningsOf: (known) => openMeanings(embeddings, known, parts) } : {}),
      });
    }
    case 'openai-compatible': {
      const { createOpenAiCompatibleBackend } = await import('./openai-compatible.ts');
      return createOpenAiCompatibleBackend({ ...config, ...(await forModel(config.knowledgeDir, parts)) });
    }
    case 'anthropic': {
      const { createAnthropicBackend } = await import('./anthropic.ts');
      return createAnthropicBackend({ ...config, ...(await forModel(config.knowledgeDir, parts)) });
    }
    case 'opencx': {
      const { createOpenCxBackend } = await import('./opencx.ts');
      return createOpenCxBackend(config);
    }
    case 'http': {
      const { createHttpBackend } = await import('./http.ts');
      return createHttpBackend(config);
    }
  }
};

/** The AI of every portal, and the domains to which its answers may link, `*` for any. */
export interface PortalAis {
  backendOf(portalId: PortalId): AiBackend;
  linkDomainsOf(portalId: PortalId): readonly string[];
}

/** The settings' word on the AIs of all portals. */
interface AisConfig {
  /** Answers in each portal that has none of its own. */
  ai: AiConfig;
  /** In order, each where those before it fail. */
  aiFallbacks: AiConfig[];
  knowledgeDir: string;
  /** `null`: none are set. */
  linkDomains: string[] | null;
  /** What the business asks of its AI in each portal that has no file of its own; `null` or absent: nothing. */
  instructionsFile?: string | null;
  portals: { settings: { portalId: PortalId }; ai?: AiConfig; instructionsFile?: string }[];
}

/** These backends answer from sources of their own, and we know no domain of those. */
const WITH_OWN_SOURCES: readonly AiConfig['backend'][] = ['opencx', 'http'];

/**
 * Each portal's AI with its fallbacks, every backend made once. Answers may link to the domains that are set, else to
 * those that the articles name, or to any where the AI answers from sources of its own. Each file of instructions is
 * read once.
 * @throws {KnowledgeError} see {@link createAiBackend}
 * @throws {InstructionsError} where a file of instructions can't be used
 */
export const openPortalAis = async (config: AisConfig, parts: AiParts = {}): Promise<PortalAis> => {
  const made = new Map<AiConfig['backend'], AiBackend>();
  for (const one of [config.ai, ...config.aiFallbacks, ...config.portals.flatMap(({ ai }) => ai ?? [])]) {
    if (!made.has(one.backend)) made.set(one.backend, await createAiBackend(one, parts));
  }
  const chain = (first: AiConfig): AiBackend => {
    const [backend, ...others] = [first, ...config.aiFallbacks.filter((other) => other.backend !== first.backend)].map(
      (one) => made.get(one.backend) as AiBackend,
    );
    return withFallbacks(backend as AiBackend, others);
  };
  const read = new Map<string, Instructions>();
  for (const file of [config.instructionsFile, ...config.portals.map(({ instructionsFile }) => instructionsFile)]) {
    if (file && !read.has(file)) read.set(file, await readInstructions(file));
  }
  const reading = (ai: AiConfig, file: string | null = null): AiBackend =>
    instructed(chain(ai), file === null ? null : (read.get(file) ?? null));
  const byDefault = reading(config.ai, config.instructionsFile);
  const own = new Map(
    config.portals.flatMap(({ settings, ai, instructionsFile }) =>
      ai || instructionsFile
        ? [[settings.portalId, reading(ai ?? config.ai, instructionsFile ?? config.instructionsFile)]]
        : [],
    ),
  );
  const named = articleDomains(parts.passages ?? (await passagesIfAny(config.knowledgeDir)));
  const ais = new Map(config.portals.flatMap(({ settings, ai }) => (ai ? [[settings.portalId, ai]] : [])));
  return {
    backendOf: (portalId) => own.get(portalId) ?? byDefault,
    linkDomainsOf: (portalId) => {
      const { backend } = ais.get(portalId) ?? config.ai;
      return config.linkDomains ?? (WITH_OWN_SOURCES.includes(backend) ? ['*'] : named);
    },
  };
};

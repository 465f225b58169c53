import { resolve } from 'node:path';
import { domainToASCII } from 'node:url';
import { z } from 'zod';
import type { AiConfig } from '../ai/ai-config.ts';
import type { FileKind } from '../ai/backend.ts';
import type { EmbeddingConfig } from '../ai/embeddings/embedding-config.ts';
import { amount, baseUrl, commaSeparated, httpUrl, wholeNumber } from './primitives.ts';

const AI_BACKENDS = [
  'knowledge',
  'openai-compatible',
  'anthropic',
  'opencx',
  'http',
] as const satisfies AiConfig['backend'][];

/** `AI_BACKEND` can be one of these. */
export const aiBackend = z.enum(AI_BACKENDS, {
  error: 'must be knowledge, openai-compatible, anthropic, opencx or http',
});

const FILES: Record<'none' | 'text' | 'text,images', FileKind[]> = {
  none: [],
  text: ['text'],
  'text,images': ['text', 'images'],
};

const price = amount(() => true, 'for a million tokens');

/** The environment says this of the AI, beside the portal's own. */
export const aiVariables = {
  AI_BACKEND: aiBackend
    .default('knowledge')
    .describe('Who answers, see below. With many portals, `aiBackend` of a portal in `PORTALS_FILE` comes before it.'),
  AI_FALLBACK: z
    .string()
    .transform(commaSeparated)
    .pipe(z.array(z.enum(AI_BACKENDS, { error: 'must be a comma-separated list of what AI_BACKEND can be' })))
    .optional()
    .meta({
      takes: 'comma-separated, of the same',
      description: 'Who answers, in this order, while the first one fails or refuses. `knowledge` needs no network.',
    }),
  KNOWLEDGE_DIR: z
    .string()
    .default('knowledge')
    .meta({
      takes: 'path',
      description:
        'The folder of articles (markdown, HTML, PDF, Word) that `knowledge` and the models search, read once at ' +
        "start. The one in this repository belongs to the demo's made-up shop.",
    }),
  KNOWLEDGE_SOURCES: z
    .string()
    .optional()
    .meta({
      takes: 'path',
      description:
        'A YAML file with [where articles come from](#where-articles-come-from): folders, web sites, ' +
        "HubSpot's knowledge base, read anew while the worker runs. Beside it `KNOWLEDGE_DIR` counts only where it " +
        'is set, as one more folder.',
    }),
  CLARIFYING_QUESTIONS: z
    .enum(['0', '1', '2', '3'], { error: 'must be 0, 1, 2 or 3' })
    .default('1')
    .transform(Number)
    .describe(
      'How often the AI may ask back in one matter, before it answers or hands off: `knowledge`, which of two ' +
        'or three articles is meant; a language model and `http`, what is missing. An answer, or an agent, ends ' +
        'the matter.',
    ),
  EMBEDDING_BASE_URL: baseUrl.optional().meta({
    without: 'words alone',
    description:
      "Base of an embedding server's API with its version, such as `https://api.openai.com/v1`, or " +
      '`http://localhost:11434/v1` for Ollama: `knowledge` then finds what means the same in other words too. ' +
      "Customers' questions go there.",
  }),
  EMBEDDING_MODEL: z
    .string()
    .min(1, 'must not be empty')
    .optional()
    .meta({
      takes: 'text',
      without: 'required with `EMBEDDING_BASE_URL`',
      description:
        "The embedding model's name, as its server has it. Without a server: `local` for a small English model in " +
        'this process, fetched once, or `local:FOLDER` for your own, with `model.onnx` and `tokenizer.json`; both ' +
        'need `onnxruntime-node`.',
    }),
  EMBEDDING_API_KEY: z.string().optional().meta({
    takes: 'text',
    without: 'none',
    description: "The embedding server's key. Some servers want none.",
  }),
  INSTRUCTIONS_FILE: z
    .string()
    .optional()
    .meta({
      takes: 'path',
      description:
        'A markdown file that says what a language model or `http` is to do: tone, name, policies, words, what ' +
        'it always hands over. See [Instructions](#instructions). With many portals, `instructionsFile` of a ' +
        'portal in `PORTALS_FILE` comes before it.',
    }),
  TOOLS_FILE: z
    .string()
    .optional()
    .meta({
      takes: 'path',
      description:
        'A YAML file of [tools](tools.md) that a language model may use: look-ups in your own systems, and what ' +
        'it may change there. With many portals, `toolsFile` of a portal in `PORTALS_FILE` comes before it.',
    }),
  REPLY_LINK_DOMAINS: z
    .string()
    .transform(commaSeparated)
    .pipe(
      z.array(
        z
          .string()
          .regex(/^(?:\*|[^\s/:*]+\.[^\s/:*]+)$/, 'must be domains, comma-separated, such as example.com, or *')
          .transform((domain) => domainToASCII(domain) || domain),
      ),
    )
    .optional()
    .meta({
      takes: 'comma-separated domains, or `*`',
      without: 'those that the articles name; with `opencx` and `http` any',
      description:
        'Where links and email addresses in a reply may lead, subdomains included. A reply with another one is ' +
        'handed off: see below.',
    }),
  LLM_BASE_URL: baseUrl.optional().meta({
    without: "required for `openai-compatible`; Anthropic's",
    description:
      "Base of the model's API with its version, such as `https://api.openai.com/v1`, " +
      '`http://localhost:11434/v1` for Ollama.',
  }),
  LLM_API_KEY: z.string().optional().meta({
    takes: 'text',
    without: 'required for `anthropic`',
    description: "The model's key. Some servers want none.",
  }),
  LLM_MODEL: z.string().optional().meta({
    takes: 'text',
    without: 'required for both',
    description: "The model's name, as its server has it.",
  }),
  LLM_FILES: z
    .enum(['none', 'text', 'text,images'], { error: 'must be none, text or text,images' })
    .optional()
    .transform((kinds): FileKind[] | undefined => kinds && FILES[kinds])
    .meta({
      without: '`text`; with `anthropic` `text,images`',
      description: 'What of attachments the model takes: see [What the AI sees](#what-the-ai-sees).',
    }),
  LLM_MAX_OUTPUT_TOKENS: wholeNumber(4_096, 256, 64_000).describe(
    'The most tokens that the model may write in one call: an answer takes several where it looks things up. A ' +
      'model that thinks before it answers needs more, as its thoughts count.',
  ),
  LLM_INPUT_PRICE: price
    .optional()
    .describe(
      'What a million tokens cost that the model reads, in any currency. It holds for every AI that reports ' +
        'its tokens, `http` too. Absent: tokens are counted, costs are not.',
    ),
  LLM_OUTPUT_PRICE: price
    .optional()
    .describe('The same of those that it writes, in the same currency; both prices or neither.'),
  OPENCX_API_URL: baseUrl.optional().meta({ without: 'required for `opencx`', description: "Base of OpenCX's API." }),
  OPENCX_API_KEY: z
    .string()
    .optional()
    .meta({ takes: 'text', without: 'required for `opencx`', description: 'Its key.' }),
  AI_HTTP_URL: httpUrl.optional().meta({ without: 'required for `http`', description: 'Where your own AI listens.' }),
  AI_HTTP_SECRET: z.string().min(16, 'must have at least 16 characters').optional().meta({
    takes: 'at least 16 characters',
    without: 'required for `http`',
    description: 'Signs every request to it.',
  }),
};

/** These settings, as they are once they are read. */
export type AiVariables = z.infer<z.ZodObject<typeof aiVariables>>;

type AiEnvironment = AiVariables & { XDG_CACHE_HOME?: string | undefined };

const ANTHROPIC_URL = 'https://api.anthropic.com/v1';

/** `local`, or `local:` and a folder. */
const LOCAL = /^local(?::(.+))?$/;

const embeddingsIn = (
  {
    EMBEDDING_BASE_URL: url,
    EMBEDDING_MODEL: model,
    EMBEDDING_API_KEY: apiKey,
    XDG_CACHE_HOME: xdgCacheHome,
  }: AiEnvironment,
  wrong: ReadonlySet<unknown>,
): { embeddings?: EmbeddingConfig } | string[] => {
  const local = url === undefined && model !== undefined ? LOCAL.exec(model) : null;
  if (local) return { embeddings: { kind: 'local', folder: local[1] ? resolve(local[1]) : null, xdgCacheHome } };
  if (url && model) return { embeddings: { kind: 'server', baseUrl: url, model, apiKey: apiKey ?? null } };
  if (url) return wrong.has('EMBEDDING_MODEL') ? [] : ['EMBEDDING_MODEL is missing: EMBEDDING_BASE_URL is set'];
  if (model) return wrong.has('EMBEDDING_BASE_URL') ? [] : ['EMBEDDING_BASE_URL is missing: EMBEDDING_MODEL is set'];
  return {};
};

/** The settings of a backend, or what is missing of them, a line each. `why` says who asks for it. */
export type AiReader = (backend: AiConfig['backend'], why: string) => AiConfig | string[];

/** Wrong settings, by name, have been reported: what hangs on them is not called missing. */
export const aiReader =
  (env: AiEnvironment, wrong: ReadonlySet<unknown>): AiReader =>
  (backend, why) => {
    const knowledgeDir = resolve(env.KNOWLEDGE_DIR);
    const missing = (...names: (keyof AiVariables)[]): string[] =>
      names.filter((name) => !env[name] && !wrong.has(name)).map((name) => `${name} is missing: ${why} is ${backend}`);
    const { LLM_MAX_OUTPUT_TOKENS: maxOutputTokens, CLARIFYING_QUESTIONS: clarifyingQuestions } = env;
    switch (backend) {
      case 'knowledge': {
        const embeddings = embeddingsIn(env, wrong);
        if (Array.isArray(embeddings)) return embeddings;
        return { backend, knowledgeDir, clarifyingQuestions, ...embeddings };
      }
      case 'openai-compatible': {
        const { LLM_BASE_URL: url, LLM_API_KEY: apiKey = null, LLM_MODEL: model } = env;
        if (!url || !model) return missing('LLM_BASE_URL', 'LLM_MODEL');
        // Whoever serves it: a model without eyes refuses a request with a picture.
        const files = env.LLM_FILES ?? FILES.text;
        return { backend, baseUrl: url, apiKey, model, knowledgeDir, files, maxOutputTokens, clarifyingQuestions };
      }
      case 'anthropic': {
        const { LLM_BASE_URL: url = ANTHROPIC_URL, LLM_API_KEY: apiKey, LLM_MODEL: model } = env;
        if (!apiKey || !model) return missing('LLM_API_KEY', 'LLM_MODEL');
        // All of its models see.
        const files = env.LLM_FILES ?? FILES['text,images'];
        return { backend, baseUrl: url, apiKey, model, knowledgeDir, files, maxOutputTokens, clarifyingQuestions };
      }
      case 'opencx': {
        const { OPENCX_API_URL: url, OPENCX_API_KEY: apiKey } = env;
        if (!url || !apiKey) return missing('OPENCX_API_URL', 'OPENCX_API_KEY');
        return { backend, apiUrl: url, apiKey };
      }
      case 'http': {
        const { AI_HTTP_URL: url, AI_HTTP_SECRET: secret } = env;
        if (!url || !secret) return missing('AI_HTTP_URL', 'AI_HTTP_SECRET');
        return { backend, url, secret, clarifyingQuestions };
      }
    }
  };

/** The AI that `AI_BACKEND` names and those after it, or what is wrong with their settings, a line each. */
export const readAis = (env: AiVariables, aiOf: AiReader): { ai: AiConfig; aiFallbacks: AiConfig[] } | string[] => {
  const ai = aiOf(env.AI_BACKEND, 'AI_BACKEND');
  const others = [...new Set(env.AI_FALLBACK)].filter((backend) => backend !== env.AI_BACKEND);
  const fallbacks = others.map((backend) => aiOf(backend, 'one of AI_FALLBACK'));
  const problems = [ai, ...fallbacks].filter((read) => Array.isArray(read)).flat();
  if (Array.isArray(ai) || problems.length > 0) return problems;
  return { ai, aiFallbacks: fallbacks.filter((read): read is AiConfig => !Array.isArray(read)) };
};

/** The two of them would need each its own model and key. */
export const modelsAtOnce = (configs: AiConfig[]): string[] =>
  (['openai-compatible', 'anthropic'] as const).every((name) => configs.some(({ backend }) => backend === name))
    ? ['LLM_MODEL can name one model only: use either openai-compatible or anthropic in one process']
    : [];

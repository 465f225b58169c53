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
    .describe(
      'The [AI that answers](ai-backends.md). With many portals, `aiBackend` of a portal in ' +
        '`PORTALS_FILE` is used instead.',
    ),
  AI_FALLBACK: z
    .string()
    .transform(commaSeparated)
    .pipe(z.array(z.enum(AI_BACKENDS, { error: 'must be a comma-separated list of what AI_BACKEND can be' })))
    .optional()
    .meta({
      takes: 'names of AIs, comma-separated',
      description:
        'The AIs that are asked, in this order, when the AI of `AI_BACKEND` fails or its service refuses ' +
        'the call. `knowledge` needs no network. Names as in `AI_BACKEND`.',
    }),
  KNOWLEDGE_DIR: z
    .string()
    .default('knowledge')
    .meta({
      takes: 'path',
      description:
        'The folder of articles that `knowledge` and the models search. It is read once at the start. ' +
        'Articles are markdown, HTML, PDF or Word files. The folder in this repository belongs to the ' +
        'made-up shop of the demo.',
    }),
  KNOWLEDGE_SOURCES: z
    .string()
    .optional()
    .meta({
      takes: 'path',
      description:
        'A YAML file that lists [where articles come from](articles.md#where-articles-come-from): folders, ' +
        "web sites, HubSpot's knowledge base. The worker reads them again and again. `KNOWLEDGE_DIR` is " +
        'then used only if you set it too.',
    }),
  CLARIFYING_QUESTIONS: z
    .enum(['0', '1', '2', '3'], { error: 'must be 0, 1, 2 or 3' })
    .default('1')
    .transform(Number)
    .describe(
      'How often the AI may ask back about one question of a customer before it answers or hands off. ' +
        '`knowledge` asks which of two or three articles is meant. A language model and `http` ask for ' +
        'what is missing.',
    ),
  EMBEDDING_BASE_URL: baseUrl.optional().meta({
    without: 'none',
    description:
      'The address of an embedding server with its version, such as `https://api.openai.com/v1`, or ' +
      '`http://localhost:11434/v1` for Ollama. With it `knowledge` also finds [articles with the same ' +
      "meaning in other words](articles.md#search-by-meaning). Customers' questions go to that server. " +
      'Without it only words are compared.',
  }),
  EMBEDDING_MODEL: z
    .string()
    .min(1, 'must not be empty')
    .optional()
    .meta({
      takes: 'text',
      without: 'required with `EMBEDDING_BASE_URL`',
      description:
        'The name of the embedding model on its server. Without a server, `local` runs a small English ' +
        'model in the worker, and `local:FOLDER` runs your own (`model.onnx`, `tokenizer.json`). Both need ' +
        '`onnxruntime-node`.',
    }),
  EMBEDDING_API_KEY: z.string().optional().meta({
    takes: 'text',
    without: 'none',
    description: 'The key of the embedding server. Some servers need none.',
  }),
  INSTRUCTIONS_FILE: z
    .string()
    .optional()
    .meta({
      takes: 'path',
      description:
        'A markdown file with [instructions](instructions.md) for a language model or `http`: name, tone, ' +
        'policies, what it always hands over. With many portals, `instructionsFile` of a portal in ' +
        '`PORTALS_FILE` is used instead.',
    }),
  TOOLS_FILE: z
    .string()
    .optional()
    .meta({
      takes: 'path',
      description:
        'The file of [tools](tools.md) that a language model may use: look-ups and changes in your own systems. ' +
        'With many portals, `toolsFile` of a portal in `PORTALS_FILE` is used instead.',
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
      without: 'the domains of your articles',
      description:
        'The domains that links and email addresses in a reply may have, with their subdomains. If a reply has ' +
        'another domain, it is not sent, and the message goes to agents. If you leave this out, the domains that ' +
        'your articles name are allowed, and with `opencx` or `http` any domain. `*`: no link is checked. See ' +
        '[which links are allowed](ai-backends.md#which-links-are-allowed).',
    }),
  LLM_BASE_URL: baseUrl.optional().meta({
    without: 'required for `openai-compatible`',
    description:
      "The address of the model's API with its version, such as `https://api.openai.com/v1`, or " +
      "`http://localhost:11434/v1` for Ollama. For `anthropic` it is Anthropic's own address unless you " +
      'set it.',
  }),
  LLM_API_KEY: z.string().optional().meta({
    takes: 'text',
    without: 'required for `anthropic`',
    description: "The key of the model's API. Some servers need none.",
  }),
  LLM_MODEL: z.string().optional().meta({
    takes: 'text',
    without: 'required for `openai-compatible` and `anthropic`',
    description: 'The name of the model on its server.',
  }),
  LLM_FILES: z
    .enum(['none', 'text', 'text,images'], { error: 'must be none, text or text,images' })
    .optional()
    .transform((kinds): FileKind[] | undefined => kinds && FILES[kinds])
    .meta({
      without: '`text`, and `text,images` with `anthropic`',
      description:
        'Which attachments the model gets: `text` for text files, `images` for pictures. PDF and Word files are ' +
        'never read. See [what the AI sees](what-the-ai-sees.md#attachments).',
    }),
  LLM_MAX_OUTPUT_TOKENS: wholeNumber(4_096, 256, 64_000).describe(
    'The most tokens that the model may write in one call. An answer that looks things up takes ' +
      'several calls. A model that thinks before it answers needs more, because its thoughts count.',
  ),
  LLM_INPUT_PRICE: price
    .optional()
    .describe(
      'The price of a million tokens that the model reads, in any currency. It is used for every AI that ' +
        'reports its tokens, also for `http`. Without it tokens are counted, but costs are not.',
    ),
  LLM_OUTPUT_PRICE: price
    .optional()
    .describe(
      'The price of a million tokens that the model writes, in the same currency. Set both prices or ' + 'neither.',
    ),
  OPENCX_API_URL: baseUrl
    .optional()
    .meta({ without: 'required for `opencx`', description: "The address of OpenCX's API." }),
  OPENCX_API_KEY: z
    .string()
    .optional()
    .meta({ takes: 'text', without: 'required for `opencx`', description: "The key of OpenCX's API." }),
  AI_HTTP_URL: httpUrl.optional().meta({ without: 'required for `http`', description: 'The address of your own AI.' }),
  AI_HTTP_SECRET: z.string().min(16, 'must have at least 16 characters').optional().meta({
    takes: 'at least 16 characters',
    without: 'required for `http`',
    description: 'The secret that signs every request to your own AI.',
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

import { tracingVariables } from './tracing.ts';

/** These variables make sense in the demo, which brings its own Temporal server and its own HubSpot. */
const DEMO_SETTINGS = [
  'PORT',
  'LOG_LEVEL',
  'TEMPORAL_CLI_PATH',
  'XDG_CACHE_HOME',
  'AUTONOMY',
  'ASSIST_MODE',
  'EMAIL_DELAY',
  'QUIET_PERIOD',
  'QUIET_PERIOD_MAX',
  'ATTENTION_AFTER',
  'UNASSIGNED_THREADS',
  'AI_BACKEND',
  'KNOWLEDGE_DIR',
  'KNOWLEDGE_SOURCES',
  'EMBEDDING_BASE_URL',
  'EMBEDDING_MODEL',
  'EMBEDDING_API_KEY',
  'INSTRUCTIONS_FILE',
  'TOOLS_FILE',
  'CLARIFYING_QUESTIONS',
  'OPENCX_API_URL',
  'OPENCX_API_KEY',
  'LLM_BASE_URL',
  'LLM_API_KEY',
  'LLM_MODEL',
  'LLM_INPUT_PRICE',
  'LLM_OUTPUT_PRICE',
  'LLM_FILES',
  'LLM_MAX_OUTPUT_TOKENS',
  'AI_HTTP_URL',
  'AI_HTTP_SECRET',
  'AI_FALLBACK',
  'REPLY_LINK_DOMAINS',
  ...Object.keys(tracingVariables),
];

/** The demo's environment: its own settings over those of the given one that make sense in it. */
export const demoEnvironment = (
  environment: Record<string, string | undefined>,
  own: Record<string, string>,
): Record<string, string> => ({
  LOG_LEVEL: 'error',
  // Who switches the AI off in the playground wants to see what becomes of it.
  ATTENTION_AFTER: '1m',
  ...Object.fromEntries(DEMO_SETTINGS.flatMap((name) => (environment[name] ? [[name, environment[name]]] : []))),
  ...own,
});

import { presentIn } from './environment.ts';

/** Secrets that only workers use. */
export const SECRETS_OF_WORKERS = [
  'HUBSPOT_ACCESS_TOKEN',
  'LLM_API_KEY',
  'EMBEDDING_API_KEY',
  'OPENCX_API_KEY',
  'AI_HTTP_SECRET',
  'NOTIFY_URL',
  'NOTIFY_SECRET',
] as const;

const NOT_GIVEN = 'not-given-to-the-api';

/**
 * The API's environment: what the Internet reaches need not be given the secrets that only workers use, so that they
 * are not missed where they are absent.
 */
export const apiEnvironment = (environment: Record<string, string | undefined>): Record<string, string> => {
  // The files of rules and of sources are the workers', and they notify: that need not be here.
  const { ESCALATION_RULES: _, KNOWLEDGE_SOURCES: __, NOTIFY_URL: ___, ...present } = presentIn(environment);
  const { PORTALS_FILE, HUBSPOT_PORTAL_ID, HUBSPOT_CLIENT_ID } = present;
  // The portals of a file have their own, and portals that install the app need none.
  const hasOnePortal = !PORTALS_FILE && Boolean(HUBSPOT_PORTAL_ID || !HUBSPOT_CLIENT_ID);
  const missed = SECRETS_OF_WORKERS.filter(
    (name) => !name.startsWith('NOTIFY_') && (name !== 'HUBSPOT_ACCESS_TOKEN' || hasOnePortal),
  );
  return { ...Object.fromEntries(missed.map((name) => [name, NOT_GIVEN])), ...present };
};

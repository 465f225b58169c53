import { z } from 'zod';
import { aiVariables } from './ai.ts';
import { csatVariables } from './csat.ts';
import { encryptionVariables } from './encryption.ts';
import { plainAdvice, problemsIn } from './errors.ts';
import { handoffVariables } from './handoff.ts';
import { hubspotVariables } from './hubspot.ts';
import { misspeltWarnings } from './misspelt.ts';
import { notifyVariables } from './notify.ts';
import { oauthVariables } from './oauth.ts';
import { plainHttpWarnings } from './plain-http.ts';
import { behaviourVariables } from './portal-in-environment.ts';
import { processVariables } from './process.ts';
import { temporalsOwnVariables, temporalVariables } from './temporal.ts';
import type { Warning } from './warning.ts';

const manyPortals = {
  PORTALS_FILE: z
    .string()
    .optional()
    .meta({ takes: 'path', description: 'A YAML file with the settings of each portal.' }),
};

/** Every variable that is Threadkeeper's, each by itself, by the heading under which `docs/configuration.md` has it. */
export const SETTINGS_BY_SUBJECT = {
  HubSpot: z.object(hubspotVariables),
  'How the AI behaves': z.object(behaviourVariables),
  Handoffs: z.object(handoffVariables),
  Ratings: z.object(csatVariables),
  Notifications: z.object(notifyVariables),
  'Many portals': z.object(manyPortals),
  'Portals that install the app': z.object(oauthVariables),
  'The AI': z.object(aiVariables),
  Temporal: z.object(temporalVariables),
  'Encryption of what Temporal stores': z.object(encryptionVariables),
  'The process': z.object(processVariables),
};

/** Every variable that is read, each by itself. */
export const environmentSchema = z
  .object({
    ...processVariables,
    ...temporalsOwnVariables,
    ...temporalVariables,
    ...encryptionVariables,
    ...hubspotVariables,
    ...aiVariables,
    ...manyPortals,
    ...oauthVariables,
    ...behaviourVariables,
    ...handoffVariables,
    ...csatVariables,
    ...notifyVariables,
  })
  .strip();

/** These settings, as they are once they are read. */
export type Environment = z.infer<typeof environmentSchema>;

/** The names of all settings that are read here. */
export const SETTINGS: readonly string[] = Object.keys(environmentSchema.shape);

/** Keeps what is set; an empty variable counts as absent. */
export const presentIn = (environment: Record<string, string | undefined>): Record<string, string> => {
  const present: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment)) if (value?.trim()) present[name] = value.trim();
  return present;
};

/** Gives what of the environment works, but not as it should. */
export const warningsIn = (present: Record<string, string>): Warning[] => [
  ...misspeltWarnings(present, SETTINGS),
  ...plainHttpWarnings(present, SETTINGS),
];

/** Reads the environment: its values, what of it is wrong (by name), and how (a line each). */
export const readEnvironment = (present: Record<string, string>) => {
  const parsed = environmentSchema.safeParse(present, { error: plainAdvice });
  if (parsed.success) return { env: parsed.data, wrong: new Set<unknown>(), problems: [] };
  const wrong = new Set<unknown>(parsed.error.issues.map(({ path }) => path[0]));
  // What is wrong is left out, so that the settings that hang on one another can be looked at all the same.
  const right = Object.entries(present).filter(([name]) => !wrong.has(name));
  const env = environmentSchema.parse({ WEBHOOK_PUBLIC_URL: 'http://localhost', ...Object.fromEntries(right) });
  return { env, wrong, problems: problemsIn(parsed.error) };
};

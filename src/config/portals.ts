import type { AiReader } from './ai.ts';
import type { Environment } from './environment.ts';
import { problemsIn } from './errors.ts';
import type { Portals } from './portal.ts';
import { readPortalsFile } from './portals-file.ts';
import { secretList } from './secrets.ts';
import { readSinglePortal, SINGLE_PORTAL_ONLY } from './single-portal.ts';

/** The portals and what is wrong with what is said of them, a line each; no portals where they can't be known. */
type Found = Portals & { problems: string[] };

/** The portals of `PORTALS_FILE`, or else the one of the environment. */
export const readPortals = (present: Record<string, string>, env: Environment, aiOf: AiReader): Found =>
  env.PORTALS_FILE ? fromFile(env.PORTALS_FILE, present, aiOf) : found(readSinglePortal(present, env));

const fromFile = (path: string, present: Record<string, string>, aiOf: AiReader): Found => {
  const misplaced = SINGLE_PORTAL_ONLY.filter((name) => name in present);
  const shared = secretList.optional().safeParse(present.HUBSPOT_CLIENT_SECRET);
  return found(readPortalsFile(path, shared.data ?? [], aiOf), [
    ...misplaced.map((name) => `${name} has no effect beside PORTALS_FILE: set it there, for each portal`),
    ...(shared.success ? [] : problemsIn(shared.error, 'HUBSPOT_CLIENT_SECRET')),
  ]);
};

const found = (read: Portals | string[], problems: string[] = []): Found =>
  Array.isArray(read) ? { portals: [], webhookSecrets: [], problems: [...problems, ...read] } : { ...read, problems };

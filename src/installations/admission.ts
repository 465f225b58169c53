import type { ActorId, PortalId } from '../hubspot/ids.ts';
import type { Decision, Standing } from './store.ts';

/** These portals may install the app by themselves: those that come first, up to a number, or those that are named. */
export type AllowedPortals = { first: number } | { portalIds: readonly PortalId[] };

/** An installation that HubSpot has granted. */
export interface Granted {
  portalId: PortalId;
  aiActorId: ActorId;
  /** The app may do this there; `undefined`: HubSpot did not say. */
  scopes: readonly string[] | undefined;
  /** The person who began it had signed in to the desk. */
  trusted: boolean;
}

const listed = (scopes: readonly string[]): string => scopes.join(', ');

/** Gives what an installation changes of the one before, a line each, for people. */
export const changesOf = (
  { aiActorId, scopes }: Pick<Granted, 'aiActorId'> & { scopes?: readonly string[] | null | undefined },
  before: Standing['before'],
): string[] => {
  if (before === null) return [];
  const changes =
    before.aiActorId === aiActorId ? [] : [`The AI speaks as ${aiActorId}, no longer as ${before.aiActorId}`];
  // What is not known is not compared.
  if (!scopes || before.scopes === null) return changes;
  const [had, has] = [new Set(before.scopes), new Set(scopes)];
  const gained = [...has].filter((scope) => !had.has(scope)).sort();
  const lost = [...had].filter((scope) => !has.has(scope)).sort();
  if (gained.length > 0) changes.push(`The app may do more: ${listed(gained)}`);
  if (lost.length > 0) changes.push(`The app may do less: ${listed(lost)}`);
  return changes;
};

/**
 * Decides what becomes of an installation: a portal that is not there yet has to be allowed, and what changes one that
 * is there waits for somebody's word. Who has signed in to the desk needs neither.
 */
export const decide = (granted: Granted, allowed: AllowedPortals, standing: Standing): Decision => {
  if (granted.trusted) return 'install';
  if (standing.before !== null) return changesOf(granted, standing.before).length === 0 ? 'install' : 'wait';
  const isAllowed = 'first' in allowed ? standing.others < allowed.first : allowed.portalIds.includes(granted.portalId);
  return isAllowed ? 'install' : 'refuse';
};

import { randomBytes, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { type ActorId, toActorId } from '../hubspot/ids.ts';
import { StateRefused } from './errors.ts';
import { type Seal, SealBroken } from './seal.ts';

/** From the install page to HubSpot and back may take so long, in ms. */
export const INSTALL_MS = 10 * 60_000;

const PURPOSE = 'install-state';

/** An installation was begun with this. */
export interface Begun {
  /** The browser that began it keeps this as a cookie. */
  nonce: string;
  aiActorId: ActorId;
  /** The person who began it had signed in to the desk. */
  trusted?: boolean;
}

const stateSchema = z.object({
  nonce: z.string(),
  aiActorId: z.string().transform(toActorId),
  until: z.number(),
  trusted: z.literal(true).optional(),
});

const isSame = (a: string, b: string): boolean => {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
};

/** Begins an installation: the sealed `state` that goes to HubSpot and back, and the nonce that the browser keeps. */
export const beginInstall = (
  seal: Seal,
  aiActorId: ActorId,
  now: number,
  { trusted = false }: { trusted?: boolean } = {},
): { state: string; nonce: string } => {
  const nonce = randomBytes(24).toString('base64url');
  const begun = { nonce, aiActorId, until: now + INSTALL_MS, ...(trusted ? { trusted } : {}) };
  const state = seal.seal(JSON.stringify(begun), PURPOSE);
  return { state, nonce };
};

/**
 * Reads a `state` that came back, for the browser that holds `cookie`. That it comes a first time is for the caller to
 * see.
 * @throws {StateRefused}
 */
export const readState = (seal: Seal, state: string, cookie: string | undefined, now: number): Begun => {
  let said: z.infer<typeof stateSchema>;
  try {
    said = stateSchema.parse(JSON.parse(seal.open(state, PURPOSE)));
  } catch (error) {
    if (error instanceof SealBroken) throw new StateRefused('it was not made here', { cause: error });
    throw error;
  }
  if (said.until <= now) throw new StateRefused('it took more than ten minutes');
  if (cookie === undefined || !isSame(said.nonce, cookie)) throw new StateRefused('another browser began it');
  return { nonce: said.nonce, aiActorId: said.aiActorId, ...(said.trusted ? { trusted: true } : {}) };
};

import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { withDeadline } from '../../lib/deadline.ts';
import type { EndedVisits } from '../../sessions/ended-visits.ts';

/** A visitor stays known for this long, in ms. */
export const VISIT_MS = 12 * 60 * 60_000;
/** A browser that has signed in once is known as such this long, in ms. */
export const BROWSER_MS = 365 * 24 * 60 * 60_000;

/** Somebody waits for the page, also while the database is away. */
const LOOK_MS = 2_000;
/** A process remembers of so many visits that it began them, or ended them. Nobody makes a visit without the token. */
const REMEMBERED = 10_000;

/**
 * Decides who may see the desk: whoever knew its token, for half a day or until they sign out. Every API
 * process knows a visit by its signature, and those that were ended by what {@link VisitOptions.ended} keeps.
 */
export interface Visits {
  /** Says whether this is the token. Takes as long for a wrong one. */
  isToken(given: string): boolean;
  /** The cookie's value of a new visit. `name`: how the visitor calls themselves, as {@link nameOf} gives it back. */
  begin(name?: string): string;
  /** How the visitor of a good visit calls themselves; `null`: they have not said. Nobody has checked it. */
  nameOf(visit: string): string | null;
  /** Says whether it was begun here, and its time is not over. It may have been ended: see {@link Visits.isOpen}. */
  isGood(visit: string | undefined): visit is string;
  /** Says whether it is good and was not ended. */
  isOpen(visit: string | undefined): Promise<boolean>;
  /** Ends a visit in every process. @throws the database's error; in this process it has ended all the same */
  end(visit: string): Promise<void>;
  /** Gives what a form of this visit carries, so that no other page can send it. */
  formKey(visit: string): string;
  isFormKey(visit: string, given: string): boolean;
  /** The cookie's value of a browser that has signed in. It opens nothing. */
  nameBrowser(): string;
  /** Says whether a browser with this cookie has signed in once. */
  knowsBrowser(browser: string | undefined): browser is string;
}

export interface VisitOptions {
  /** Where the visits that were ended are kept, for all processes. */
  ended?: EndedVisits;
  /** Visits are good in this process alone, and end with it: where nothing keeps those that were ended. */
  onlyHere?: boolean;
  /** Called with the reason why {@link VisitOptions.ended} could not be asked. */
  failed?: (error: unknown) => void;
}

/** In characters: a name is for people to read, and goes with each request. */
const LONGEST_NAME = 60;

/** A name in one line, without what could not be seen, or would turn the words around it. */
const plainName = (name: string): string =>
  name
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cn}\p{Cs}]/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, LONGEST_NAME)
    .toWellFormed()
    .trim();

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
const isSame = (left: string, right: string): boolean => timingSafeEqual(digest(left), digest(right));

const remember = (known: Map<string, number>, id: string, until: number, now: number): void => {
  for (const [old, ends] of known) if (ends <= now) known.delete(old);
  const [oldest] = known.keys();
  if (known.size >= REMEMBERED && oldest !== undefined) known.delete(oldest);
  known.set(id, until);
};

/** Visits are signed with a key made of `token`: with another token all have ended. `clock`: ms since the epoch. */
export const createVisits = (
  token: string,
  clock: () => number,
  { ended, onlyHere = false, failed = () => undefined }: VisitOptions = {},
): Visits => {
  const own = onlyHere ? randomBytes(32).toString('base64url') : '';
  const key = createHmac('sha256', token).update(`threadkeeper operations page${own}`).digest();
  const sign = (purpose: string, text: string) =>
    createHmac('sha256', key).update(`${purpose}\0${text}`).digest('base64url');
  const formKey = (visit: string): string => sign('form', visit);
  const begunHere = new Map<string, number>();
  const endedHere = new Map<string, number>();

  const partsOf = (visit: string | undefined): { until: number; id: string; name: string } | null => {
    const [, signed = '', until = '', id = '', name = '', signature = ''] =
      /^((\d{1,15})\.([\w-]{16})(?:\.([\w-]{1,400}))?)\.([\w-]{43})$/.exec(visit ?? '') ?? [];
    if (signed === '' || !isSame(signature, sign('visit', signed))) return null;
    return { until: Number(until), id, name: Buffer.from(name, 'base64url').toString() };
  };
  const isGood = (visit: string | undefined): visit is string => {
    const parts = partsOf(visit);
    return parts !== null && parts.until > clock() && !endedHere.has(parts.id);
  };

  return {
    isToken: (given) => isSame(given, token),
    begin(name = '') {
      const until = clock() + VISIT_MS;
      const id = randomBytes(12).toString('base64url');
      remember(begunHere, id, until, clock());
      const said = plainName(name);
      const signed = [until, id, ...(said === '' ? [] : [Buffer.from(said).toString('base64url')])].join('.');
      return `${signed}.${sign('visit', signed)}`;
    },
    nameOf: (visit) => partsOf(visit)?.name || null,
    isGood,
    async isOpen(visit) {
      const parts = partsOf(visit);
      if (parts === null || !isGood(visit)) return false;
      if (!ended) return true;
      try {
        return !(await withDeadline(ended.has(parts.id), LOOK_MS));
      } catch (error) {
        failed(error);
        // Whether it was ended elsewhere can't be known. Here it was begun and not ended; others sign in once more.
        return begunHere.has(parts.id);
      }
    },
    async end(visit) {
      const parts = partsOf(visit);
      if (parts === null) return;
      remember(endedHere, parts.id, parts.until, clock());
      await ended?.add(parts.id, parts.until);
    },
    formKey,
    isFormKey: (visit, given) => isSame(given, formKey(visit)),
    nameBrowser() {
      const id = randomBytes(12).toString('base64url');
      return `${id}.${sign('browser', id)}`;
    },
    knowsBrowser(browser): browser is string {
      const [, id = '', signature = ''] = /^([\w-]{16})\.([\w-]{43})$/.exec(browser ?? '') ?? [];
      return id !== '' && isSame(signature, sign('browser', id));
    },
  };
};

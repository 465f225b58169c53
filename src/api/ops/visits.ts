import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** So long a visitor stays known, in ms. */
export const VISIT_MS = 12 * 60 * 60_000;

/** Who may see the operations page: whoever knew its token, for half a day. Nothing is stored: every API process knows all visits. */
export interface Visits {
  /** Whether this is the token. Takes as long for a wrong one. */
  isToken(given: string): boolean;
  /** The cookie's value of a new visit. */
  begin(): string;
  isGood(visit: string | undefined): visit is string;
  /** What a form of this visit carries, so that no other page can send it. */
  formKey(visit: string): string;
  isFormKey(visit: string, given: string): boolean;
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
const isSame = (left: string, right: string): boolean => timingSafeEqual(digest(left), digest(right));

/** Visits are signed with a key made of `token`: with another token all have ended. `clock`: ms since the epoch. */
export const createVisits = (token: string, clock: () => number): Visits => {
  const key = createHmac('sha256', token).update('threadkeeper operations page').digest();
  const sign = (purpose: string, text: string) =>
    createHmac('sha256', key).update(`${purpose}\0${text}`).digest('base64url');
  const formKey = (visit: string): string => sign('form', visit);
  return {
    isToken: (given) => isSame(given, token),
    begin() {
      const visit = `${clock() + VISIT_MS}.${randomBytes(12).toString('base64url')}`;
      return `${visit}.${sign('visit', visit)}`;
    },
    isGood(visit): visit is string {
      const [, signed = '', until = '', signature = ''] =
        /^((\d{1,15})\.[\w-]{16})\.([\w-]{43})$/.exec(visit ?? '') ?? [];
      return signed !== '' && isSame(signature, sign('visit', signed)) && Number(until) > clock();
    },
    formKey,
    isFormKey: (visit, given) => isSame(given, formKey(visit)),
  };
};

import { retryAfterMs } from '../lib/retry-after.ts';
import { AiRefused, AiUnavailable } from './errors.ts';

/** An AI behind HTTP, and the settings that say where it is and how it is entered. */
export interface Service {
  name: string;
  keySetting: string;
  urlSetting: string;
}

/**
 * Gives what an answer with this status means: {@link AiUnavailable} for 408, 409, 425, 429 and 5xx, with the
 * `Retry-After` that came along; else {@link AiRefused} with the setting to look at.
 */
export const refusalOf = (service: Service, status: number, retryAfter: string | null): AiRefused | AiUnavailable => {
  const { name, keySetting, urlSetting } = service;
  if (status === 401 || status === 403)
    return new AiRefused(`${name} refuses the key (${status}): check ${keySetting}`);
  if (status >= 500 || [408, 409, 425, 429].includes(status)) {
    const waitMs = retryAfterMs(retryAfter);
    const options = waitMs === undefined ? {} : { retryAfterMs: waitMs };
    return new AiUnavailable(`${name} can't answer now (${status})`, options);
  }
  if (status === 404 || (status >= 300 && status < 400)) {
    return new AiRefused(`${name} has nothing at this address (${status}): check ${urlSetting}`);
  }
  return new AiRefused(`${name} can't take this request (${status})`);
};

/** There was no answer at all. */
export const unreachable = ({ name }: Service, error: unknown): AiUnavailable => {
  const { cause } = error as { cause?: { code?: string } };
  return new AiUnavailable(`${name} can't be reached (${cause?.code ?? 'network error'})`, { cause: error });
};

/** There was no answer in time: it may come yet, and cost something. */
export const tooSlow = ({ name }: Service, deadlineMs: number): AiUnavailable =>
  new AiUnavailable(`${name} didn't answer within ${deadlineMs} ms`, { wasAtWork: true });

import { createHash, createSecretKey } from 'node:crypto';
import type { PayloadKey } from '../../src/temporal/payload-keys.ts';

const bytesOf = (id: string): Buffer => createHash('sha256').update(id).digest();

/** Keys for tests, each of the same id always the same. */
export const tokenKeys = <Ids extends [string, ...string[]]>(...ids: Ids) =>
  ids.map((id) => ({ id, secret: createSecretKey(bytesOf(id)) })) as { [At in keyof Ids]: PayloadKey };

/** One of them as TOKEN_KEYS has it. */
export const tokenKeySetting = (id: string): string => `${id}:${bytesOf(id).toString('base64')}`;

/** Follows the redirects of an installation as a browser does, its cookie kept. Gives the page where it ends. */
export const install = async (installUrl: string, deliverTo: string, aiActorId: string, cookieOverride?: string) => {
  const begun = await fetch(`${installUrl}?aiActorId=${aiActorId}`, { redirect: 'manual' });
  const cookie = cookieOverride ?? begun.headers.get('set-cookie')?.split(';')[0] ?? '';
  const granted = await fetch(begun.headers.get('location') ?? '', { redirect: 'manual' });
  const { search } = new URL(granted.headers.get('location') ?? '');
  const callback = `${deliverTo}${search}`;
  const page = await fetch(callback, { headers: { cookie }, redirect: 'manual' });
  return { status: page.status, text: await page.text(), callback, cookie, setCookie: begun.headers.get('set-cookie') };
};

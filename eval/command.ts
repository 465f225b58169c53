import pMap from 'p-map';
import { openPortalAis } from '../src/ai/index.ts';
import { type Config, loadDemoConfig } from '../src/config.ts';
import type { PortalId } from '../src/hubspot/ids.ts';
import type { Circumstances } from './play.ts';

/** The words of the command fit nothing that it does. */
export class WrongCall extends Error {
  override readonly name = 'WrongCall';
}

/** What every way of `npm run eval` takes. */
export interface Options {
  json: boolean;
  /** How many at once. */
  inFlight: number;
}

/** On a terminal one line that counts; where a file or a log takes it, a line now and then. */
export const tellProgress = (done: number, all: number, what: string): void => {
  const words = `${done}/${all} ${what}`;
  if (process.stderr.isTTY) process.stderr.write(`\r${words}${done === all ? '\n' : ''}`);
  else if (done % Math.max(10, Math.ceil(all / 20)) === 0 || done === all) process.stderr.write(`${words}\n`);
};

/** The settings of the AI: of all settings only those matter. */
export const aiConfig = (): Config =>
  loadDemoConfig({
    HUBSPOT_PORTAL_ID: '1',
    HUBSPOT_ACCESS_TOKEN: 'none',
    HUBSPOT_CLIENT_SECRET: 'none',
    HUBSPOT_AI_ACTOR_ID: 'A-1',
    WEBHOOK_PUBLIC_URL: 'http://localhost',
  });

/** A portal's AI, and what decides whether its answers may go out; of the first portal unless one is named. */
export const openAi = async (config: Config, portalId = config.portals[0]?.settings.portalId as PortalId) => {
  const ais = await openPortalAis(config);
  const circumstances: Circumstances = { linkDomains: ais.linkDomainsOf(portalId), prices: config.aiPrices };
  return { ai: ais.backendOf(portalId), circumstances };
};

/** The results of all items, in their order, several at once; reports progress. */
export const withProgress = async <Item, Result>(
  items: Item[],
  what: string,
  { inFlight }: Options,
  each: (item: Item, number: number) => Promise<Result>,
): Promise<Result[]> => {
  let done = 0;
  const one = async (item: Item, number: number): Promise<Result> => {
    const result = await each(item, number);
    done += 1;
    tellProgress(done, items.length, what);
    return result;
  };
  return await pMap(items, one, { concurrency: inFlight });
};

import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import pMap from 'p-map';
import { openPortalAis } from '../src/ai/index.ts';
import { answerHelp } from '../src/command-line.ts';
import { loadDemoConfig } from '../src/config.ts';
import type { PortalId } from '../src/hubspot/ids.ts';
import { readConversations } from './conversation.ts';
import { play } from './play.ts';
import { figures, report } from './report.ts';

const DEMO = fileURLToPath(new URL('demo.yaml', import.meta.url));

/** On a terminal one line that counts; where a file or a log takes it, a line now and then. */
const tellProgress = (done: number, all: number): void => {
  const words = `${done}/${all} conversations`;
  if (process.stderr.isTTY) process.stderr.write(`\r${words}${done === all ? '\n' : ''}`);
  else if (done % 10 === 0 || done === all) process.stderr.write(`${words}\n`);
};

/**
 * `npm run eval`: exit code 0 when every answer was as expected, 1 when one was not, 2 when nothing could be played.
 */
const main = async (words: string[]): Promise<number> => {
  const { values, positionals } = parseArgs({
    args: words,
    allowPositionals: true,
    options: { json: { type: 'boolean', default: false }, 'in-flight': { type: 'string', default: '4' } },
  });
  // Of all settings only the AI's matter.
  const config = loadDemoConfig({
    HUBSPOT_PORTAL_ID: '1',
    HUBSPOT_ACCESS_TOKEN: 'none',
    HUBSPOT_CLIENT_SECRET: 'none',
    HUBSPOT_AI_ACTOR_ID: 'A-1',
    WEBHOOK_PUBLIC_URL: 'http://localhost',
  });
  const ais = await openPortalAis(config);
  const portalId = config.portals[0]?.settings.portalId as PortalId;
  const ai = ais.backendOf(portalId);
  const circumstances = { linkDomains: ais.linkDomainsOf(portalId), prices: config.aiPrices };
  const conversations = (positionals.length === 0 ? [DEMO] : positionals).flatMap(readConversations);
  let done = 0;
  const played = await pMap(
    conversations,
    async (conversation, number) => {
      const one = await play(ai, conversation, number, circumstances);
      done += 1;
      tellProgress(done, conversations.length);
      return one;
    },
    { concurrency: Number(values['in-flight']) },
  );
  process.stdout.write(
    values.json ? `${JSON.stringify({ ...figures(ai.name, played), played }, null, 2)}\n` : report(ai.name, played),
  );
  return played.some(({ turns }) => turns.some(({ faults }) => faults.length > 0)) ? 1 : 0;
};

answerHelp('eval');

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 2;
}

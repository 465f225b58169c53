import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RefreshKnowledgeResult } from '../../src/runs/refresh-knowledge.ts';
import { knowledgeScheduleId } from '../../src/temporal/schedules.ts';
import { pageOf } from '../ai/knowledge/sources/files.ts';
import { eventually } from '../support/eventually.ts';
import { useProduct } from '../support/product.ts';
import { Site } from '../support/site.ts';
import { uniqueName, useTemporal } from '../support/temporal.ts';

const folder = mkdtempSync(join(tmpdir(), 'threadkeeper-knowledge-'));
const site = new Site();
const file = join(folder, 'knowledge.yaml');
const article = (name: string, text: string) => writeFileSync(join(folder, 'help', name), text);

beforeAll(async () => {
  await site.start();
  site.pages = {
    '/sitemap.xml': site.sitemap('/battery', '/lamps', '/shades', '/bulbs'),
    '/battery': pageOf('Charge the battery', 'Plug the lamp in for nine hours.'),
    '/lamps': pageOf('Clean a lamp', 'Take a dry cloth.'),
    '/shades': pageOf('Change a shade', 'Turn it to the left.'),
    '/bulbs': pageOf('Change a bulb', 'Let it cool first.'),
  };
  mkdirSync(join(folder, 'help'));
  article('returns.md', '# Send something back\n\nYou have 30 days for that.');
  writeFileSync(
    file,
    `refreshEvery: 7d
sources:
  - { type: folder, name: help, folder: help }
  - { type: site, name: site, sitemap: "${site.url}/sitemap.xml" }
  - { type: hubspot, name: base, portalId: 62515 }
`,
  );
});
const temporal = useTemporal();
const product = useProduct(temporal, { KNOWLEDGE_SOURCES: file }, {}, { configuredAi: true });
afterAll(async () => {
  await site.stop();
  rmSync(folder, { recursive: true });
});

/** What a customer hears. */
const answerTo = async (text: string): Promise<string> => {
  const asked = product.simulator.customerWrites({ channel: 'chat', text });
  await product.resultOf(asked);
  return product
    .postedBy(asked.threadId)
    .map((posted) => ('text' in posted ? posted.text : ''))
    .join('\n');
};
const hears = (question: string, words: string) =>
  eventually(async () => expect(await answerTo(question)).toContain(words));

const refresh = async (...sources: string[]): Promise<RefreshKnowledgeResult> => {
  const workflowId = uniqueName('refresh');
  const { taskQueue } = product;
  return await temporal.client.workflow.execute('refreshKnowledge', { workflowId, taskQueue, args: [{ sources }] });
};

describe('sources of articles', () => {
  it('are read when the worker starts, and answered from, with the page that it stands on', async () => {
    await hears('How do I send something back?', 'You have 30 days for that.');
    await hears('How do I charge the battery?', 'Plug the lamp in for nine hours.');
    expect(await answerTo('How do I charge the battery?')).toContain(`${site.url}/battery`);
  });

  it('are served as they are now, soon after they were read anew', async () => {
    article('returns.md', '# Send something back\n\nYou have 60 days for that.');
    expect(await refresh('help')).toEqual({
      outcome: 'refreshed',
      sources: [{ source: 'help', became: 'new', articles: 1 }],
    });
    await hears('How do I send something back?', 'You have 60 days for that.');
    expect(await refresh('help')).toMatchObject({ sources: [{ became: 'same' }] });
  });

  it('keep what was read of them before where they fail, or lose most of their articles, and say so', async () => {
    const { '/sitemap.xml': whole } = site.pages;
    site.pages['/sitemap.xml'] = site.sitemap('/lamps');
    const sources = ['site', 'base', 'help', 'elsewhere'];
    expect(await refresh(...sources)).toEqual({
      outcome: 'incomplete',
      reason: 'not read: site, base, elsewhere',
      sources: [
        {
          source: 'site',
          became: 'failed',
          problem:
            'Only 1 of 4 articles were found, so those from before are served: ' + 'correct it, or set allowLoss: true',
        },
        { source: 'base', became: 'failed', problem: expect.stringMatching(/lists no article of the knowledge base/) },
        { source: 'help', became: 'same', articles: 1 },
        { source: 'elsewhere', became: 'failed', problem: expect.stringMatching(/names no source called elsewhere/) },
      ],
    });
    await hears('How do I charge the battery?', 'Plug the lamp in for nine hours.');
    site.pages['/sitemap.xml'] = whole as string;
  });

  it('are whole as before where reading them is ended half way', async () => {
    site.pages['/battery'] = pageOf('Charge the battery', 'Plug the lamp in for ten hours.');
    site.pages['/bulbs'] = { hangs: true };
    const before = site.asked.length;
    const workflowId = uniqueName('refresh');
    const options = { workflowId, taskQueue: product.taskQueue, args: [{ sources: ['site'] }] };
    const handle = await temporal.client.workflow.start('refreshKnowledge', options);
    while (!site.asked.slice(before).includes('/bulbs')) await new Promise((resolve) => setTimeout(resolve, 10));
    await handle.terminate();
    await hears('How do I charge the battery?', 'Plug the lamp in for nine hours.');
    site.pages['/bulbs'] = pageOf('Change a bulb', 'Let it cool first.');
    expect(await refresh('site')).toMatchObject({ outcome: 'refreshed', sources: [{ became: 'new', articles: 4 }] });
    await hears('How do I charge the battery?', 'Plug the lamp in for ten hours.');
  });

  it('have a schedule', async () => {
    const schedule = temporal.client.schedule.getHandle(knowledgeScheduleId(product.taskQueue));
    expect(await schedule.describe()).toMatchObject({
      action: { workflowType: 'refreshKnowledge', args: [{ sources: ['help', 'site', 'base'] }] },
      policies: { overlap: 'SKIP' },
    });
  });
});

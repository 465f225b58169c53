import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Runtime } from '@temporalio/worker';
import type { Fault } from '../../dev/simulator/api/faults.ts';
import type { CustomerMessage, WrittenIds } from '../../dev/simulator/simulator.ts';
import { createLogger } from '../../src/logging.ts';
import { eventually } from '../support/eventually.ts';
import { freePort } from '../support/free-port.ts';
import { type ModelServer, modelSays, type Reaction, startModelServer } from '../support/model-server.ts';
import { Product } from '../support/product.ts';
import { ACCESS_TOKEN, AGENT_ID, CLIENT_SECRET, PORTAL_ID } from '../support/simulator.ts';
import { detailsOf } from '../support/story.ts';
import { uniqueName, useTemporal } from '../support/temporal.ts';

const API_KEY = 'sk-nobody-may-see-this-key';

/** A word that stands nowhere else, for each way in which words come into the product. */
const WORDS = {
  question: 'marzipanfjord',
  answer: 'quincelantern',
  name: 'Throckmorton',
  address: 'hieronymus@pomegranate.example',
  subject: 'walnutzeppelin',
  file: 'rhubarbpiano',
  property: 'saffronbarge',
  comment: 'turnipcathedral',
  command: 'paprikasextant',
  decision: 'sorrelgondola',
  handoffByAi: 'lavenderharpoon',
  unreadable: 'gingerorrery',
  aiError: 'cinnamonanvil',
  hubspotError: 'juniperglacier',
  undeliverable: 'fennelobelisk',
  event: 'nutmegtrebuchet',
  input: 'basilcarousel',
};
const SECRETS = { token: ACCESS_TOKEN, clientSecret: CLIENT_SECRET, aiKey: API_KEY };

/** A text, and what is in it as base64 or as a list of bytes, as payloads are printed. */
const readable = (text: string): string =>
  [
    text,
    ...[...text.matchAll(/[A-Za-z\d+/]{16,}={0,2}/g)].map(([run]) => Buffer.from(run, 'base64').toString()),
    ...[...text.matchAll(/(?:("\d+":)?\d{1,3},){8,}/g)].map(([run]) =>
      Buffer.from(
        run
          .replace(/"\d+":/g, '')
          .split(',')
          .map(Number),
      ).toString(),
    ),
  ]
    .join(' ')
    .toLowerCase();

/** What stands in `texts` and must not, each with the text that holds it. */
const leaksIn = (texts: readonly string[]): string[] => {
  const words = Object.entries({ ...WORDS, ...SECRETS });
  return texts.flatMap((text) => {
    const all = readable(text);
    return words.filter(([, word]) => all.includes(word.toLowerCase())).map(([what]) => `${what}: ${text}`);
  });
};

const lines: string[] = [];
const metricsAddress = `127.0.0.1:${await freePort()}`;
const logger = createLogger({ level: 'trace', destination: { write: (line) => void lines.push(line) } });
const temporal = useTemporal({ logger, metricsAddress });
const product = new Product(temporal);
let model: ModelServer;

/** What the AI does about a question that holds this word. */
const REACTIONS: Record<string, Reaction> = {
  'hand-off': modelSays({ action: 'handoff', reason: `They want ${WORDS.handoffByAi}, and so does ${WORDS.name}` }),
  'ai-fails': { status: 503 },
  'ai-refuses': { status: 400 },
  'ai-babbles': { raw: `{"${WORDS.unreadable}": ` },
  'read-contact': { uses: [{ tool: 'readCustomer', input: {} }] },
  'ai-misses-the-form': { says: `{"action": "${WORDS.unreadable}"}` },
};
const reactTo = (question: string): Reaction => {
  const [, reaction = modelSays({ text: `It is the ${WORDS.answer}.` })] =
    Object.entries(REACTIONS).find(([word]) => question.includes(word)) ?? [];
  return reaction;
};

const asks = (changes: Partial<CustomerMessage> = {}) =>
  product.simulator.customerWrites({
    channel: 'chat',
    name: WORDS.name,
    email: WORDS.address,
    ...changes,
    text: `${changes.text ?? 'Where is it?'} ${WORDS.question}`,
  });
const outcomeOf = async (written: WrittenIds): Promise<string> => (await product.resultOf(written)).outcome;

/** The outcome of a question on whose thread HubSpot fails. */
const underFault = async (fault: Fault, says?: string): Promise<string> => {
  const written = asks();
  const path = new RegExp(`/${written.threadId}`);
  product.simulator.faults.add({ ...fault, match: { path, ...fault.match }, ...(says ? { says } : {}) } as Fault);
  return await outcomeOf(written);
};

const runs = async (): Promise<string[]> => {
  const found: string[] = [];
  for await (const { workflowId } of temporal.client.workflow.list({ query: `TaskQueue="${product.taskQueue}"` })) {
    found.push(workflowId);
  }
  return found;
};

/** Temporal's list follows what happens by a moment. */
const untilListed = async (count: number, prefix: string): Promise<string[]> => {
  for (;;) {
    const found = (await runs()).filter((id) => id.startsWith(prefix));
    if (found.length >= count) return found;
    await delay(50);
  }
};

beforeAll(async () => {
  model = await startModelServer();
  // Its errors quote the whole request, question and names included, as some servers' do.
  model.script = ({ user, toolResults }) => reactTo(toolResults.length === 0 ? user : '');
  await product.start(
    {
      LOG_LEVEL: 'trace',
      AI_BACKEND: 'openai-compatible',
      LLM_BASE_URL: `${model.url}/v1`,
      LLM_MODEL: 'scripted',
      LLM_API_KEY: API_KEY,
      AI_CONTACT_FIELDS: 'plan',
      AUTONOMY: 'auto, messenger=approve',
      DELIVERY_CHECK: '100ms',
      ATTENTION_AFTER: '3s',
    },
    {},
    { configuredAi: true },
  );
});
afterAll(async () => {
  await product.stop();
  await model.close();
});

describe('the product, at LOG_LEVEL=trace', () => {
  it('answers, drafts and hands over', async () => {
    const attachments = [product.simulator.file({ name: `${WORDS.file}.pdf`, bytes: Buffer.from('%PDF-') })];
    const asked = [
      asks({ attachments }),
      asks({ channel: 'email', subject: WORDS.subject, actorId: `E-${WORDS.address}` }),
      asks({ channel: 'whatsapp' }),
      asks({ text: 'hand-off' }),
    ];
    const outcomes = await Promise.all(asked.map(outcomeOf));
    expect(outcomes).toEqual(['replied', 'replied', 'drafted', 'handed-off']);
  });

  it('hears agents, and follows their commands', async () => {
    const { simulator } = product;
    const { threadId } = asks({ channel: 'messenger' });
    while (product.postedBy(threadId).length === 0) await delay(20);
    for (const text of [
      WORDS.comment,
      `/ai ${WORDS.command}`,
      `/ai edit ${WORDS.decision}`,
      `/ai handoff ${WORDS.command}`,
    ]) {
      const { messageId } = simulator.agentComments(threadId, { actorId: AGENT_ID, text });
      await product.resultOfRun(`command:${PORTAL_ID}:${threadId}-${messageId}`);
    }
    const said = simulator.agentWrites(threadId, { actorId: AGENT_ID, text: WORDS.comment });
    expect(await outcomeOf(said)).toBe('skipped');
    expect(product.postedBy(threadId).map((item) => ('text' in item ? item.text : ''))).toContain(WORDS.decision);
  });

  it('goes through what an AI gets wrong', async () => {
    const asked = ['ai-fails', 'ai-refuses', 'ai-babbles', 'ai-misses-the-form'].map((text) =>
      asks({ text: `${text} ${WORDS.aiError}` }),
    );
    const outcomes = await Promise.all(asked.map(outcomeOf));
    expect(outcomes).toEqual(Array(4).fill('needs-attention'));
  });

  it('goes through what HubSpot gets wrong', async () => {
    const { hubspotError: word, name, address } = WORDS;
    const match = { method: 'POST' };
    const says = `"${word}" of '${name}' at ${address} is not allowed, nor is “${word}”; see \`${word}\`, and "${word}`;
    expect(
      await Promise.all([
        underFault({ kind: 'status', status: 400, match, times: 2 }, says),
        // At the first read, which is tried beside the workflow, by the queue, and once more.
        underFault({ kind: 'status', status: 400, times: 3 }, says),
        underFault({ kind: 'status', status: 401 }, says),
        underFault({ kind: 'status', status: 403 }, says),
        underFault({ kind: 'status', status: 503 }, says),
        underFault({ kind: 'rate-limit', retryAfter: 1 }),
        underFault({ kind: 'redirect', location: `${product.simulator.url}/${word}` }),
        underFault({ kind: 'html', status: 502 }),
        underFault({ kind: 'html', status: 200 }),
        underFault({ kind: 'rewrite', rewrite: () => ({ message: word, results: word }) }),
      ]),
    ).toEqual(['needs-attention', 'needs-attention', ...Array(8).fill('replied')]);
  });

  it('answers without the record that HubSpot refuses to show', async () => {
    const { simulator } = product;
    const contactId = simulator.createContact({ plan: WORDS.hubspotError });
    const says = `"${WORDS.hubspotError}" of ${WORDS.address} is not allowed`;
    simulator.faults.add({ kind: 'status', status: 400, says, match: { path: /contacts/ } });
    expect(await outcomeOf(asks({ text: 'read-contact', contactId }))).toBe('replied');
    // The SDK hands its lines on in order of time, so a little after they were written.
    await eventually(async () => expect(lines.join('')).toContain("The AI goes without the contact's properties"));
  });

  it('hands over what HubSpot could not deliver', async () => {
    const { behaviour } = product.simulator;
    behaviour.undeliverable = `Mailbox of "${WORDS.undeliverable}" <${WORDS.address}> is full`;
    const asked = asks({ channel: 'email' });
    const { postedMessageId } = await product.resultOf(asked);
    behaviour.undeliverable = null;
    const check = `message:${PORTAL_ID}:${asked.threadId}-${postedMessageId}`;
    expect(await product.resultOfRun(check)).toMatchObject({ outcome: 'handed-off' });
  });

  it('keeps what a ticket says', async () => {
    const { simulator } = product;
    const ticketId = simulator.createTicket();
    const asked = asks({ ticketId });
    await product.resultOf(asked);
    simulator.setTicketProperty(ticketId, 'stage', WORDS.property);
    await simulator.settle();
    const [sync] = await untilListed(1, `ticket:${PORTAL_ID}:${ticketId}`);
    expect(await product.resultOfRun(sync ?? '')).toMatchObject({ outcome: 'synced' });
  });

  it('refuses deliveries that are forged, broken, or hold events that make no sense', async () => {
    const { simulator } = product;
    const { event } = WORDS;
    const wrong = [
      { subscriptionType: event, objectId: event, portalId: event },
      { subscriptionType: 'ticket.propertyChange', propertyName: `${event} ?`, propertyValue: event, portalId: 1 },
      { subscriptionType: 'conversation.newMessage', objectId: 1, messageId: `${event} ${event}`, portalId: PORTAL_ID },
      event,
    ];
    const deliveries = [
      await simulator.sendEvents(wrong),
      await simulator.sendEvents(wrong, { secret: event }),
      await simulator.sendEvents([], { body: `[${event}` }),
      await simulator.sendEvents([], { body: `{"text":"${event}"}` }),
      await simulator.sendEvents(wrong, { headers: { 'content-type': `text/${event}` } }),
    ];
    expect(deliveries.map(({ status }) => status)).toEqual([200, 401, 400, 400, 415]);
  });

  it('refuses input by hand that does not fit', async () => {
    const { input } = WORDS;
    const wrong = [{ portalId: input, threadId: input, messageId: `${input} ?` }, { [input]: input }, input];
    for (const args of wrong) {
      const options = { taskQueue: product.taskQueue, workflowId: uniqueName('by-hand'), args: [args] };
      await expect(temporal.client.workflow.execute('replyToMessage', options)).rejects.toThrow();
    }
  });
});

describe('afterwards, no word of customer, agent or AI, no address and no secret', () => {
  it('stands in a line of the log', () => {
    Runtime.instance().flushLogs();
    expect(leaksIn(lines)).toEqual([]);
  });

  it('stands on a metrics page', async () => {
    const pages = await Promise.all(
      [`${product.apiUrl}/metrics`, `http://${metricsAddress}/metrics`].map(async (url) => (await fetch(url)).text()),
    );
    expect(pages[0]).toContain('threadkeeper_http_refusals_total{reason="signature-mismatch"} 1');
    expect(pages[1]).toMatch(/threadkeeper_runs_total{.*outcome="handed-off"/);
    expect(leaksIn(pages.flatMap((page) => page.split('\n')))).toEqual([]);
  });

  it('stands in what Temporal shows of runs: ids, search attributes, summaries, stories', async () => {
    const shown: string[] = [];
    await untilListed(3, 'by-hand');
    for (const id of await runs()) {
      const handle = temporal.client.workflow.getHandle(id);
      const { searchAttributes, memo, staticSummary, staticDetails } = await handle.describe();
      const events = (await handle.fetchHistory()).events ?? [];
      const summaries = events.map(({ userMetadata }) => Buffer.from(userMetadata?.summary?.data ?? []).toString());
      const story = id.startsWith('by-hand') ? '' : await detailsOf(handle);
      const all = [id, searchAttributes, memo, await staticSummary(), await staticDetails(), story, ...summaries];
      shown.push(JSON.stringify(all));
    }
    expect(shown.length).toBeGreaterThan(30);
    for (const seen of ['needs-attention', 'HubSpot answered 400', '→ **handed-off**', 'the AI has an answer'])
      expect(shown.join('\n')).toContain(seen);
    expect(leaksIn(shown)).toEqual([]);
  });
});

describe('that look', () => {
  it('sees what the API, activities, workflows and the SDK log', () => {
    for (const seen of [
      'Delivery taken, but for events',
      'A run needs attention',
      'Activity failed',
      'Workflow started',
    ])
      expect(lines.join('')).toContain(seen);
    for (const { id } of product.simulator.threads()) expect(lines.join('')).toContain(id);
  });

  it('would see a word, plain or as a payload holds it', () => {
    const before = lines.length;
    const data = Buffer.from(JSON.stringify({ asked: WORDS.question }));
    logger.info(`A line with the ${WORDS.question}`);
    logger.trace({ job: { payload: { data: data.toString('base64') } } }, 'base64');
    logger.trace({ job: { payload: { data } } }, 'a Buffer');
    logger.trace({ job: { payload: { data: new Uint8Array(data) } } }, 'bytes');
    expect(leaksIn(lines.slice(before))).toHaveLength(4);
  });
});

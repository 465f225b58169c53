import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Simulator } from '../../../dev/simulator/simulator.ts';
import { type Asker, createToolsOf } from '../../../src/activities/ai/caller-tools.ts';
import { openToolbox } from '../../../src/ai/tools/index.ts';
import type { Toolbox } from '../../../src/ai/tools/tool.ts';
import { createHubSpotClient } from '../../../src/hubspot/client.ts';
import type { ContactId, PortalId } from '../../../src/hubspot/ids.ts';
import { asking } from '../../ai/request.ts';
import { once, toolsIn } from '../../ai/tools/caller.ts';
import { ACCESS_TOKEN, PORTAL_ID, testSimulator } from '../../support/simulator.ts';
import { startToolServer, type ToolServer } from '../../support/tool-server.ts';

let simulator: Simulator;
let shop: ToolServer;
let toolbox: Toolbox;

beforeAll(async () => {
  [simulator, shop] = await Promise.all([testSimulator(), startToolServer()]);
  const file = `
verifiedChannels: [live chat, email]
tools:
  - { name: anyone, description: A, url: '${shop.url}/a', show: all }
  - { name: verified, description: V, url: '${shop.url}/v', query: { of: '{{contact.email}}' }, show: all }
  - { name: claimed, description: C, url: '${shop.url}/c', query: { of: '{{contact.email}}' }, identity: claimed, show: all }
`;
  const parts = { warn: () => undefined, signal: new AbortController().signal };
  ({ toolbox } = await openToolbox(toolsIn(file), parts));
});
afterAll(() => Promise.all([simulator.close(), shop.close()]));
beforeEach(() => {
  simulator.faults.clear();
  shop.requests.length = 0;
});

const toolsOf = createToolsOf(
  () => ({
    client: createHubSpotClient({
      ...{ portalId: PORTAL_ID as PortalId, apiUrl: simulator.url, apiVersion: 'v3' },
      ...{ accessToken: ACCESS_TOKEN, timeoutMs: 10_000 },
    }),
  }),
  () => toolbox,
);
const CLAIM = { name: 'Kim', email: 'claimed@mail.example' };
const who = (contactId: string | null, changes: Partial<Asker> = {}): Asker =>
  asking('Hello', { contactId: contactId as ContactId | null, contact: CLAIM, ...changes });

/** Who a tool is asked for, by each tool that is offered. */
const askedFor = async (asker: Asker): Promise<Record<string, string | null>> => {
  const tools = await toolsOf(asker);
  const asked: Record<string, string | null> = {};
  for (const { name } of tools.offers) {
    expect(await tools.call({ name, input: {} }, once())).toMatchObject({ ok: true });
    asked[name] = new URL(shop.requests.at(-1)?.path ?? '', shop.url).searchParams.get('of');
  }
  return asked;
};

describe('who the customer is', () => {
  it('is what HubSpot has on record of the thread’s contact, where the business lists the channel', async () => {
    const contactId = simulator.createContact({ email: 'ada@mail.example' });
    expect(await askedFor(who(contactId))).toEqual({
      ...{ anyone: null, verified: 'ada@mail.example', claimed: 'ada@mail.example' },
    });
  });

  it.each<[string, (own: string) => Asker]>([
    ['by mail, whose From anyone can write, whatever the business lists', (own) => who(own, { channel: 'email' })],
    ['on a channel that the business does not list', (own) => who(own, { channel: 'whatsapp' })],
    ['whom HubSpot does not know', () => who(null)],
    ['whose contact is gone', () => who('404404')],
  ])('is a claim of one %s', async (_name, of) => {
    const own = simulator.createContact({ email: 'ada@mail.example' });
    const asked = await askedFor(of(own));
    expect(asked).toHaveProperty('claimed');
    expect(asked).not.toHaveProperty('verified');
  });

  it('is a claim where the record has no address, and where it may not be read', async () => {
    expect(await askedFor(who(simulator.createContact({})))).toEqual({ anyone: null, claimed: 'claimed@mail.example' });
    const contactId = simulator.createContact({ email: 'ada@mail.example' });
    simulator.faults.add({ kind: 'status', status: 403, match: { route: 'getContact' } });
    expect(await askedFor(who(contactId))).toEqual({ anyone: null, claimed: 'claimed@mail.example' });
  });

  it('is not guessed while HubSpot is away: it is tried again', async () => {
    simulator.faults.add({ kind: 'status', status: 503, match: { route: 'getContact' } });
    await expect(toolsOf(who(simulator.createContact({ email: 'ada@mail.example' })))).rejects.toThrow();
  });

  it('is nothing that a model can say', async () => {
    const tools = await toolsOf(who(simulator.createContact({ email: 'ada@mail.example' })));
    expect(tools.preview({ name: 'verified', input: {} })).toContain('of=ada%40mail.example');
    for (const input of [{ 'contact.email': 'bob@mail.example' }, { contact: { email: 'bob@mail.example' } }])
      expect(await tools.call({ name: 'verified', input }, once())).toMatchObject({ ok: false });
    expect(shop.requests).toEqual([]);
  });
});

it('asks HubSpot for nothing where nothing would be offered', async () => {
  const none: Toolbox = { ...toolbox, offered: () => [] };
  const before = simulator.calls.length;
  const tools = await createToolsOf(
    () => {
      throw new Error('asked');
    },
    () => none,
  )(who('1'));
  expect([tools.offers, simulator.calls.length]).toEqual([[], before]);
});

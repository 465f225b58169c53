import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ACTIONS_PATH, actionUrl } from '../../../src/api/actions/actions.ts';
import type { Action } from '../../../src/runs/follow-action.ts';
import { type Api, PUBLIC_URL, portalId, post, SECRET, signedHeaders, startApi, v1Headers } from '../support.ts';

let api: Api;
beforeEach(async () => {
  api = await startApi();
});
afterEach(() => api.close());

const execution = (changes: Record<string, unknown> = {}) => ({
  callbackId: 'ap-1-56776413549-7-0',
  origin: { portalId: 1, actionDefinitionId: 10646377, actionDefinitionVersion: 1 },
  context: { source: 'WORKFLOWS', workflowId: 192814114 },
  object: { objectId: 614, objectType: 'TICKET', properties: {} },
  inputFields: {},
  ...changes,
});

const urlOf = (action: Action): string => `https://example.com${ACTIONS_PATH}/${action}`;

const act = (action: Action, body: unknown, headers?: Record<string, string>) => {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return post(`${api.url}${ACTIONS_PATH}/${action}`, text, headers ?? signedHeaders(text, { url: urlOf(action) }));
};

const v2Headers = (body: string, url: string) => ({
  'content-type': 'application/json',
  'x-hubspot-signature-version': 'v2',
  'x-hubspot-signature': createHash('sha256').update(`${SECRET}POST${url}${body}`).digest('hex'),
});

describe('an execution of a workflow action', () => {
  it.each([
    ['pause', { duration: ' 2h ' }, { text: '2h' }],
    ['pause', undefined, {}],
    ['resume', { duration: 'whatever' }, {}],
    ['send', null, {}],
    ['handoff', { reason: 'VIP', duration: 'x' }, { text: 'VIP' }],
  ] as const)('starts one run: %s with %j', async (action, inputFields, text) => {
    const { status, body } = await act(action, execution({ inputFields }));
    expect(status).toBe(200);
    const run = 'action:1:ap-1-56776413549-7-0';
    expect(body).toEqual({ outputFields: { hs_execution_state: 'SUCCESS', run } });
    expect([...api.starter.runs]).toEqual([
      [
        run,
        {
          type: 'followAction',
          workflowId: run,
          input: {
            portalId: '1',
            action,
            record: { kind: 'ticket', id: '614' },
            callbackId: 'ap-1-56776413549-7-0',
            by: 'HubSpot workflow 192814114',
            ...text,
          },
        },
      ],
    ]);
  });

  it('runs once, however often HubSpot calls, and is answered alike', async () => {
    const answers = [await act('pause', execution()), await act('pause', execution())];
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(answers[1]?.body).toEqual(answers[0]?.body);
    expect(api.starter.runs.size).toBe(1);
    expect(await api.counted('threadkeeper_run_starts_total')).toEqual({
      'type=followAction result=started': 1,
      'type=followAction result=duplicate': 1,
    });
  });

  it.each([
    ['CONTACT', 'contact'],
    ['0-1', 'contact'],
    ['ticket', 'ticket'],
    ['0-5', 'ticket'],
    ['CONVERSATION', 'conversation'],
  ])('may be at a %s', async (objectType, kind) => {
    await act('resume', execution({ object: { objectId: '9007199254740993', objectType } }));
    expect([...api.starter.runs.values()]).toMatchObject([{ input: { record: { kind, id: '9007199254740993' } } }]);
  });

  it.each([
    ['no JSON', '{'],
    ['a list', [execution()]],
    ['another kind of record', execution({ object: { objectId: 1, objectType: 'DEAL' } })],
    ['a record without an id', execution({ object: { objectType: 'TICKET' } })],
    ['an id that lost its digits', JSON.stringify(execution()).replace('614', '90071992547409931')],
    ['no callback id', execution({ callbackId: undefined })],
    ['a callback id that would lead elsewhere', execution({ callbackId: '../other' })],
    ['no portal', execution({ origin: {} })],
    ['a pause of no time', execution({ inputFields: { duration: 'soon' } })],
    ['a pause longer than a year', execution({ inputFields: { duration: '9999 days' } })],
    ['fields that are none', execution({ inputFields: 'x' })],
  ])('is refused for good where it is %s', async (_what, body) => {
    expect(await act('pause', body)).toMatchObject({ status: 400, body: { error: 'not-an-execution' } });
    expect(api.starter.runs.size).toBe(0);
  });

  it('is refused for a portal that nobody serves, or that the secret doesn’t speak for', async () => {
    expect(await act('pause', execution({ origin: { portalId: 3 } }))).toMatchObject({
      status: 403,
      body: { error: 'unknown-portal' },
    });
    await api.close();
    api = await startApi({ settings: { secrets: [{ secret: SECRET, portalIds: [portalId('2')] }] } });
    expect(await act('pause', execution())).toMatchObject({ status: 403, body: { error: 'unknown-portal' } });
    expect(api.starter.runs.size).toBe(0);
  });

  it('is for HubSpot to try again while Temporal takes no run', async () => {
    api.starter.before = async () => {
      throw new Error('away');
    };
    const { status, headers, body } = await act('pause', execution());
    expect([status, headers.get('retry-after'), (body as { error: string }).error]).toEqual([503, '10', 'not-durable']);
  });
});

describe('the signature of an execution', () => {
  const body = JSON.stringify(execution());

  it.each([
    ['none', {}, 'signature-missing'],
    ['that of the webhooks', signedHeaders(body), 'signature-mismatch'],
    ['that of another action', signedHeaders(body, { url: urlOf('resume') }), 'signature-mismatch'],
    ['that of another body', signedHeaders(`${body} `, { url: urlOf('pause') }), 'signature-mismatch'],
    ['an old one', signedHeaders(body, { url: urlOf('pause'), now: Date.now() - 400_000 }), 'signature-stale'],
    ['v2', v2Headers(body, urlOf('pause')), 'signature-unsupported-version'],
    ['v1', v1Headers(body), 'signature-unsupported-version'],
  ])('is refused: %s', async (_what, headers, error) => {
    const answer = await act('pause', body, { 'content-type': 'application/json', ...headers });
    expect(answer).toMatchObject({ status: 401, body: { error } });
    expect(api.starter.runs.size).toBe(0);
  });

  it('may be v2, which signs the URL too, where old signatures are allowed; never v1, which does not', async () => {
    await api.close();
    api = await startApi({ settings: { allowSignatureV1: true } });
    expect(await act('pause', body, v2Headers(body, urlOf('pause')))).toMatchObject({ status: 200 });
    expect(await act('resume', body, v2Headers(body, urlOf('pause')))).toMatchObject({ status: 401 });
    expect(await act('pause', body, v1Headers(body))).toMatchObject({ status: 401 });
    expect(await post(api.webhook, body, v2Headers(body, PUBLIC_URL))).toMatchObject({ status: 401 });
  });
});

describe('an action’s URL', () => {
  it.each([
    ['https://Example.com/webhooks/hubspot', 'https://Example.com/hubspot/actions/send'],
    ['https://example.com:443/tk/webhooks/hubspot?a=1', 'https://example.com:443/tk/hubspot/actions/send'],
    ['http://localhost', 'http://localhost/hubspot/actions/send'],
    ['https://example.com/elsewhere', 'https://example.com/hubspot/actions/send'],
  ])('is beside %s', (webhook, url) => {
    expect(actionUrl(webhook, '/webhooks/hubspot', 'send')).toBe(url);
  });

  it('takes POST, and says so', async () => {
    const response = await fetch(`${api.url}${ACTIONS_PATH}/pause`);
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
    expect((await fetch(`${api.url}${ACTIONS_PATH}/else`, { method: 'POST' })).status).toBe(404);
  });
});

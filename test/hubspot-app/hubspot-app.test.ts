import { describe, expect, it } from '@jest/globals';
import { ACTIONS_PATH } from '../../src/api/actions/actions.ts';
import { parseExecution } from '../../src/api/actions/execution.ts';
import { WEBHOOK_PATH } from '../../src/api/app.ts';
import { OPTIONAL_SCOPES, SCOPE_OF, SCOPES } from '../../src/hubspot/scopes.ts';
import { parseWebhookEvents, type WebhookEvent } from '../../src/hubspot/webhook-events.ts';
import { ACTIONS } from '../../src/runs/follow-action.ts';
import { codesIn, firstColumn, read, section } from '../docs/markdown.ts';

interface Subscription {
  subscriptionType: string;
  objectType?: string;
  propertyName?: string;
  active: boolean;
}

const component = (path: string) => JSON.parse(read(`hubspot-app/src/app/${path}`));
const { config: app } = component('app-hsmeta.json');
const { config: webhooks } = component('webhooks/webhooks-hsmeta.json');
const subscriptions: Subscription[] = Object.values<Subscription[]>(webhooks.subscriptions).flat();

/** What HubSpot's guide says that a subscription needs; `oauth` is in HubSpot's own templates of every app. */
const SCOPE_OF_EVENTS: Record<string, string> = {
  conversation: 'conversations.read',
  contact: 'crm.objects.contacts.read',
  ticket: 'tickets',
};

/** An event of a subscription, as HubSpot would send it. */
const eventOf = ({ subscriptionType, objectType, propertyName }: Subscription) => ({
  eventId: 1,
  portalId: 62515,
  occurredAt: 1_700_000_000_000,
  subscriptionType,
  objectId: 5,
  messageId: 'a1',
  ...(objectType === 'ticket' && { objectTypeId: '0-5' }),
  ...(propertyName !== undefined && { propertyName, propertyValue: '1' }),
});

/** Every kind of event that something here acts on. */
const KINDS = Object.keys({
  message: true,
  threadOwner: true,
  threadStatus: true,
  ticketProperty: true,
  threadErasure: true,
  contactErasure: true,
} satisfies Record<Exclude<WebhookEvent['kind'], 'other' | 'rejected'>, true>);

describe('the HubSpot project in hubspot-app', () => {
  it('is a project whose source HubSpot’s CLI finds', () => {
    expect(JSON.parse(read('hubspot-app/hsproject.json'))).toMatchObject({ name: 'threadkeeper', srcDir: 'src' });
    expect(component('app-hsmeta.json').type).toBe('app');
    expect(component('webhooks/webhooks-hsmeta.json').type).toBe('webhooks');
  });

  it('subscribes to every kind of event that the API acts on, and to nothing that it would reject', () => {
    const events = parseWebhookEvents(Buffer.from(JSON.stringify(subscriptions.map(eventOf)))) ?? [];
    const kinds = new Set(events.map(({ kind }) => kind));
    expect([...kinds]).toEqual(expect.arrayContaining(KINDS));
    expect(events.filter(({ kind }) => kind === 'rejected')).toEqual([]);
  });

  it('has no subscription that is switched off, as HubSpot’s are unless the file says otherwise', () => {
    expect(subscriptions.filter(({ active }) => !active)).toEqual([]);
  });

  it('hears that HubSpot has erased a thread or a contact', () => {
    const types = subscriptions.map(({ subscriptionType }) => subscriptionType);
    expect(types).toEqual(expect.arrayContaining(['conversation.privacyDeletion', 'contact.privacyDeletion']));
  });

  it('calls the path at which the API listens, without a query or a slash at its end', () => {
    const { pathname, search } = new URL(webhooks.settings.targetUrl);
    expect([pathname, search]).toEqual([WEBHOOK_PATH, '']);
  });

  it('asks for the scopes that the product’s calls and the subscriptions need, and for no others', () => {
    const ofCalls = Object.values(SCOPE_OF)
      .filter((scope) => scope !== null)
      .filter((scope) => !OPTIONAL_SCOPES.includes(scope));
    const ofEvents = subscriptions.map(
      ({ subscriptionType, objectType }) => SCOPE_OF_EVENTS[objectType ?? subscriptionType.split('.')[0] ?? ''],
    );
    expect([...app.auth.requiredScopes].sort()).toEqual([...new Set(['oauth', ...ofCalls, ...ofEvents])].sort());
  });

  it('asks for the scopes that an installation by OAuth asks for', () => {
    expect([...SCOPES].sort()).toEqual([...app.auth.requiredScopes].sort());
  });

  it('asks for the scopes that the docs name', () => {
    const documented = firstColumn(section('docs/getting-started.md', '2. An app'));
    expect(documented).toEqual(app.auth.requiredScopes);
  });

  it('has the ticket properties that the docs name', () => {
    const [, sentence = ''] =
      /subscribes to \w+ ticket properties, ([^:.]*)/.exec(read('docs/getting-started.md')) ?? [];
    const subscribed = subscriptions.filter(({ objectType }) => objectType === 'ticket');
    expect(codesIn(sentence)).toEqual(subscribed.map(({ propertyName }) => propertyName));
  });
});

describe.each(ACTIONS)('the workflow action %s', (action) => {
  const { uid, type, config } = component(`workflow-actions/${action}-hsmeta.json`);
  const names = (fields: { typeDefinition: { name: string } }[]) =>
    fields.map(({ typeDefinition }) => typeDefinition.name);

  it('is one of the app’s, that people see in HubSpot’s workflows', () => {
    expect([uid, type]).toEqual([`threadkeeper-${action}`, 'workflow-action']);
    expect(config).toMatchObject({ isPublished: true, supportedClients: [{ client: 'WORKFLOWS' }] });
    const { actionName, inputFieldLabels = {}, outputFieldLabels } = config.labels.en;
    expect(actionName).not.toBe('');
    expect(Object.keys(inputFieldLabels)).toEqual(names(config.inputFields));
    expect(Object.keys(outputFieldLabels)).toEqual(names(config.outputFields));
  });

  it('calls the path at which the API listens, on the host of the webhooks', () => {
    const webhook = new URL(webhooks.settings.targetUrl);
    expect(config.actionUrl).toBe(`${webhook.origin}${ACTIONS_PATH}/${action}`);
  });

  it('is offered for records that the API takes', () => {
    for (const objectType of config.objectTypes) {
      const inputFields = Object.fromEntries(names(config.inputFields).map((name) => [name, '2h']));
      const body = { callbackId: 'ap-1', origin: { portalId: 1 }, object: { objectId: 5, objectType }, inputFields };
      const { record, text } = parseExecution(action, Buffer.from(JSON.stringify(body))) ?? {};
      expect(record).toEqual({ kind: objectType.toLowerCase(), id: '5' });
      expect(text).toBe(config.inputFields.length > 0 ? '2h' : undefined);
    }
  });
});

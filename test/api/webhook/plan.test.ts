import { describe, expect, it } from '@jest/globals';
import { plan, portalsSpokenFor } from '../../../src/api/webhook/plan.ts';
import { parseWebhookEvents } from '../../../src/hubspot/webhook-events.ts';
import { newMessage, portal, portalId, ticketChange } from '../support.ts';

const PORTALS = [portal('1'), portal('2'), portal('3', { ticketingEnabled: false, aiCommands: false })];

const planned = (events: unknown[], portals = portalsSpokenFor(PORTALS, null)) =>
  plan(parseWebhookEvents(Buffer.from(JSON.stringify(events))) ?? [], portals);

const idsOf = (events: unknown[]) => planned(events).starts.map(({ workflowId }) => workflowId);

const REPLY = {
  type: 'replyToMessage',
  workflowId: 'message:1:10-m1',
  input: { portalId: '1', threadId: '10', messageId: 'm1' },
};

const SYNC = {
  type: 'syncTicketProperty',
  workflowId: 'ticket:1:20-7:hs_ticket_priority@1702439388898',
  input: {
    portalId: '1',
    ticketId: '20',
    propertyName: 'hs_ticket_priority',
    propertyValue: 'HIGH',
    occurredAt: 1_702_439_388_898,
  },
};

const NOTHING = { starts: [], ignored: [], rejected: [], duplicates: 0 };

const ownerChange = (changes: object = {}) => ({
  eventId: 5,
  portalId: 1,
  occurredAt: 1_702_439_388_898,
  subscriptionType: 'conversation.propertyChange',
  objectId: 10,
  propertyName: 'assignedTo',
  propertyValue: '77',
  ...changes,
});

describe('a deletion for good', () => {
  const deletion = (subscriptionType: string, changes: object = {}) => ({
    eventId: 5,
    portalId: 1,
    occurredAt: 1_702_439_388_898,
    subscriptionType,
    objectId: 10,
    ...changes,
  });

  it.each([
    ['conversation.privacyDeletion', 'forgetThread', 'forget-thread:1:10-5', { portalId: '1', threadId: '10' }],
    ['contact.privacyDeletion', 'forgetContact', 'forget-contact:1:10-5', { portalId: '1', contactId: '10' }],
  ])('%s is one %s run, once however often it comes', (subscriptionType, type, workflowId, input) => {
    const events = [deletion(subscriptionType), deletion(subscriptionType, { attemptNumber: 2 })];
    expect(planned(events)).toEqual({ ...NOTHING, starts: [{ type, workflowId, input }], duplicates: 1 });
    expect(planned([deletion(subscriptionType, { portalId: 9 })]).ignored).toEqual([
      { index: 0, reason: 'unknown-portal' },
    ]);
    expect(planned([deletion(subscriptionType, { objectId: 'ten' })]).rejected).toEqual([
      { index: 0, reason: 'bad-objectId' },
    ]);
  });
});

describe('a closed thread', () => {
  const csat = { messages: { '*': 'How was it?' }, delayMs: 0, waitMs: 1 };
  const asking = portalsSpokenFor([...PORTALS, portal('4', { csat })], null);
  const closing = (changes: object = {}) =>
    ownerChange({ portalId: 4, propertyName: 'status', propertyValue: 'CLOSED', ...changes });
  const ASK = { type: 'askForRating', workflowId: 'csat:4:10-5', input: { portalId: '4', threadId: '10' } };

  it('is an askForRating run, once however often it comes', () => {
    const again = closing({ propertyValue: 'closed', attemptNumber: 2 });
    expect(planned([closing(), again], asking)).toEqual({ ...NOTHING, starts: [ASK], duplicates: 1 });
  });

  it.each([
    ['csat-off', { portalId: 1 }],
    ['not-closed', { propertyValue: 'OPEN' }],
    ['not-closed', { propertyValue: null }],
    ['not-closed', { propertyValue: { a: 1 } }],
    ['unknown-portal', { portalId: 9 }],
  ])('needs no run: %s', (reason, changes) => {
    expect(planned([closing(changes)], asking)).toEqual({ ...NOTHING, ignored: [{ index: 0, reason }] });
  });

  it('makes no sense without its ids', () => {
    expect(planned([closing({ eventId: '' }), closing({ objectId: 'ten' })], asking).rejected).toEqual([
      { index: 0, reason: 'bad-eventId' },
      { index: 1, reason: 'bad-objectId' },
    ]);
  });
});

describe('an owner change', () => {
  const NOTICE = {
    type: 'noticeOwnerChange',
    workflowId: 'owner:1:10-5:A-77@1702439388898',
    input: { portalId: '1', threadId: '10', assignedTo: 'A-77', occurredAt: 1_702_439_388_898 },
  };

  it('is a noticeOwnerChange run, once however often it comes', () => {
    const again = ownerChange({ propertyValue: 'A-77', attemptNumber: 2 });
    expect(planned([ownerChange(), again])).toEqual({ ...NOTHING, starts: [NOTICE], duplicates: 1 });
  });

  it('to nobody is one too', () => {
    expect(idsOf([ownerChange({ propertyValue: '' })])).toEqual(['owner:1:10-5:nobody@1702439388898']);
  });

  it('of an unknown portal is ignored', () => {
    expect(planned([ownerChange({ portalId: 9 })]).ignored).toEqual([{ index: 0, reason: 'unknown-portal' }]);
  });
});

describe('a message', () => {
  it('is a replyToMessage run', () => {
    expect(planned([newMessage()])).toEqual({ ...NOTHING, starts: [REPLY] });
  });

  it('tells its run which app is ours', () => {
    const input = { ...REPLY.input, appId: '24' };
    expect(planned([newMessage({ appId: 24 })])).toEqual({ ...NOTHING, starts: [{ ...REPLY, input }] });
  });

  it.each([
    ['sent twice', newMessage()],
    ['announced by both types', newMessage({ subscriptionType: 'conversation.messageCreated' })],
    ['redelivered', newMessage({ attemptNumber: 3, eventId: 99 })],
    ['with its ids as text', newMessage({ portalId: '1', objectId: '10' })],
  ])('is one start when it comes again %s', (_what, again) => {
    expect(planned([newMessage(), again])).toEqual({ ...NOTHING, starts: [REPLY], duplicates: 1 });
  });

  it.each([
    ['another message', newMessage({ messageId: 'm2' })],
    ['another thread', newMessage({ objectId: 11 })],
    ['another portal', newMessage({ portalId: 2 })],
  ])('is a start of its own for %s, though the event id is the same', (_what, other) => {
    expect(planned([newMessage(), other])).toMatchObject({ starts: { length: 2 }, duplicates: 0 });
  });

  it('is not mixed up with another by the separator in its ids', () => {
    const ids = idsOf([newMessage({ objectId: 1, messageId: '2-3' }), newMessage({ objectId: 12, messageId: '3' })]);
    expect(new Set(ids)).toEqual(new Set(['message:1:1-2-3', 'message:1:12-3']));
  });

  it.each(['WELCOME_MESSAGE', 'SOMETHING_NEW'])('of type %s is left to the run to judge', (messageType) => {
    expect(planned([newMessage({ messageType })]).starts).toEqual([REPLY]);
  });
});

describe('a comment', () => {
  const comment = newMessage({ messageType: 'COMMENT', appId: 24 });

  it('is a followCommand run, once however often it comes', () => {
    const start = {
      type: 'followCommand',
      workflowId: 'command:1:10-m1',
      input: { portalId: '1', threadId: '10', messageId: 'm1' },
    };
    expect(planned([comment, comment])).toEqual({ ...NOTHING, starts: [start], duplicates: 1 });
  });
});

describe('a ticket property', () => {
  it('is a syncTicketProperty run', () => {
    expect(planned([ticketChange()])).toEqual({ ...NOTHING, starts: [SYNC] });
  });

  const generic = ticketChange({ subscriptionType: 'object.propertyChange', objectTypeId: '0-5', eventId: 8 });

  it('is one start when both shapes of the event come, whichever is first', () => {
    expect(planned([ticketChange(), generic])).toEqual({ ...NOTHING, starts: [SYNC], duplicates: 1 });
    expect(planned([generic, ticketChange()])).toEqual({ ...NOTHING, starts: [SYNC], duplicates: 1 });
  });

  it.each([
    ['property', { propertyName: 'subject' }],
    ['time', { occurredAt: 1_702_439_388_899 }],
    ['ticket', { objectId: 21 }],
    ['portal', { portalId: 2 }],
  ])('is a start of its own for another %s, though the event id is the same', (_what, change) => {
    expect(planned([ticketChange(), ticketChange(change)])).toMatchObject({ starts: { length: 2 }, duplicates: 0 });
  });

  it('is one start when an event id was used for two values at one time: the run id is the same', () => {
    const result = planned([ticketChange(), ticketChange({ propertyValue: 'LOW' })]);
    expect(result).toMatchObject({ starts: { length: 1 }, duplicates: 1 });
  });
});

describe('an event is ignored as', () => {
  it.each([
    ['unsupported-type', { subscriptionType: 'contact.creation' }],
    ['unsupported-type', ticketChange({ subscriptionType: 'object.propertyChange', objectTypeId: '0-1' })],
    ['unknown-portal', newMessage({ portalId: 99 })],
    ['unknown-portal', ticketChange({ portalId: 99 })],
    ['comment', newMessage({ messageType: 'COMMENT', portalId: 3 })],
    ['empty-value', ticketChange({ propertyValue: '' })],
    ['empty-value', ticketChange({ propertyValue: ' ' })],
    ['empty-value', ticketChange({ propertyValue: null })],
    ['empty-value', ticketChange({ propertyValue: 'REDACTED' })],
    ['empty-value', ticketChange({ isSensitive: true })],
    ['ticketing-disabled', ticketChange({ portalId: 3 })],
  ])('%s: %j', (reason, event) => {
    expect(planned([event])).toEqual({ ...NOTHING, ignored: [{ index: 0, reason }] });
  });

  it('nothing of the kind where ticketing is disabled but it is a message', () => {
    expect(planned([newMessage({ portalId: 3 })]).starts).toHaveLength(1);
  });
});

describe('a delivery', () => {
  it('gives each event one fate, at its place', () => {
    const events = [
      newMessage(),
      { subscriptionType: 'x' },
      newMessage({ objectId: 'x' }),
      ticketChange(),
      newMessage(),
    ];
    expect(planned(events)).toEqual({
      starts: [REPLY, SYNC],
      ignored: [{ index: 1, reason: 'unsupported-type' }],
      rejected: [{ index: 2, reason: 'bad-objectId' }],
      duplicates: 1,
    });
  });

  it('may hold several portals', () => {
    expect(idsOf([newMessage(), newMessage({ portalId: 2 })])).toEqual(['message:1:10-m1', 'message:2:10-m1']);
  });

  it('concerns only the portals that its secret speaks for', () => {
    const result = planned([newMessage(), newMessage({ portalId: 2 })], portalsSpokenFor(PORTALS, [portalId('2')]));
    expect(result.starts.map(({ workflowId }) => workflowId)).toEqual(['message:2:10-m1']);
    expect(result.ignored).toEqual([{ index: 0, reason: 'unknown-portal' }]);
  });

  it('may be empty', () => {
    expect(planned([])).toEqual(NOTHING);
  });
});

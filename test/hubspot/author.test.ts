import { describe, expect, it } from '@jest/globals';
import { authorAddress, isMachineActor, mailAddress } from '../../src/hubspot/author.ts';
import type { DeliveryIdentifier, Party } from '../../src/hubspot/conversation.ts';
import type { ActorId } from '../../src/hubspot/ids.ts';
import { automaticMail } from '../../src/rules/mail/automatic-mail.ts';
import { isBySameAuthor } from '../../src/rules/speaking/burst.ts';
import { fromCustomer } from '../support/messages.ts';

const email = (value: string): DeliveryIdentifier => ({ type: 'HS_EMAIL_ADDRESS', value });
const party = (value: string, field = 'FROM'): Party => ({ actorId: null, name: null, field, address: email(value) });

describe('a mail address', () => {
  it.each<[string, DeliveryIdentifier | null | undefined, string | null]>([
    ['in lower case', email('Kim.Lee@Example.COM'), 'kim.lee@example.com'],
    ['without space around it', email(' kim@example.com\t'), 'kim@example.com'],
    ['but a blank one is none', email('  '), null],
    ['but an empty one is none', email(''), null],
    ['but a phone number is none', { type: 'HS_PHONE_NUMBER', value: '+49 30 1234' }, null],
    ['but where there is none, is none', null, null],
    ['but where HubSpot leaves it out, is none', undefined, null],
  ])('is taken %s', (_, identifier, expected) => {
    expect(mailAddress(identifier)).toBe(expected);
  });

  it('that is blank names nobody, whoever asks', () => {
    const message = fromCustomer({ senders: [party(' ')] });
    expect(authorAddress(message)).toBeNull();
    expect(isBySameAuthor(message, fromCustomer({ senders: [party('kim@example.com')] }))).toBe(true);
    const senders = [party('no-reply@example.com'), party(' ', 'ORIGINAL_FROM')];
    expect(automaticMail({ ...message, channelId: '1002', senders })).toBe('no-reply-sender');
  });
});

describe('a machine’s actor', () => {
  it.each([
    ['B-1', true],
    ['L-1', true],
    ['S-hubspot', true],
    ['I-24', true],
    ['A-77', false],
    ['V-9001', false],
    ['E-kim@example.com', false],
    [null, false],
  ] as const)('%s: %s', (actorId, expected) => {
    expect(isMachineActor(actorId as ActorId | null)).toBe(expected);
  });
});

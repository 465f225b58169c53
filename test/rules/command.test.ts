import { describe, expect, it } from '@jest/globals';
import type { ActorId } from '../../src/hubspot/ids.ts';
import { COMMAND_LIST, COMMANDS, commandIn, type Wish, wishOf } from '../../src/rules/command.ts';
import { AGENT, AI, comment, fromAgent, fromCustomer } from '../support/messages.ts';

describe('commandIn', () => {
  it.each<[string, { word: string; text: string } | null]>([
    ['/ai send', { word: 'send', text: '' }],
    ['  /AI  Pause  2h ', { word: 'pause', text: '2h' }],
    ['/ai\u00a0edit It ships.\n\nTomorrow.', { word: 'edit', text: 'It ships.\n\nTomorrow.' }],
    ['/ai', { word: '', text: '' }],
    ['/aim higher', null],
    ['Write /ai send', null],
    ['a note', null],
    ['', null],
  ])('%j → %j', (text, command) => {
    expect(commandIn(comment({ text }), AI)).toEqual(command);
  });

  it.each([
    ['a customer’s message', fromCustomer({ text: '/ai send' })],
    ['an agent’s message', fromAgent({ text: '/ai send' })],
    ['another app’s comment', comment({ text: '/ai send', by: 'I-9' as ActorId })],
    ['an app’s comment in an agent’s name', comment({ text: '/ai send', integrationAppId: '9' })],
    ['the AI’s comment', comment({ text: '/ai send', by: AI })],
    ['a comment of nobody’s', comment({ text: '/ai send', by: null })],
    ['a visitor’s comment', comment({ text: '/ai send', by: 'V-9' as ActorId })],
    ['a comment without a sender', comment({ text: '/ai send', senders: [] })],
    [
      'a comment that an agent and a machine have written',
      comment({ text: '/ai send', senders: [...comment().senders, ...comment({ by: 'I-9' as ActorId }).senders] }),
    ],
  ])('%s is none', (_, message) => {
    expect(commandIn(message, AI)).toBeNull();
  });

  describe('is obeyed from a person who writes in HubSpot’s own client, and from nobody else:', () => {
    const CLIENTS = ['HUBSPOT', 'INTEGRATION', 'SYSTEM', 'UNKNOWN', 'hubspot', 'HUBSPOT_MOBILE', '', null];
    const ACTORS = [
      AGENT,
      AI,
      'A-',
      'A-x',
      'a-77',
      '77',
      'V-9',
      'E-a@example.com',
      'I-9',
      'S-hubspot',
      'L-1',
      'B-1',
      '',
      null,
    ];
    const APPS = [null, '0', '9', '2438486'];
    const all = CLIENTS.flatMap((clientType) =>
      ACTORS.flatMap((by) =>
        APPS.map((integrationAppId) => ({ clientType, by: by as ActorId | null, integrationAppId })),
      ),
    );
    it('of all combinations of client, actor and app, one', () => {
      const obeyed = all.filter((author) => commandIn(comment({ text: '/ai send', ...author }), AI) !== null);
      expect(obeyed).toEqual([{ clientType: 'HUBSPOT', by: AGENT, integrationAppId: null }]);
    });

    it('a run that began before clients were looked at goes on as it began', () => {
      const { clientType: _, ...read } = comment({ text: '/ai send' });
      expect(commandIn(read, AI)).toEqual({ word: 'send', text: '' });
      expect(commandIn({ ...read, integrationAppId: '9' }, AI)).toBeNull();
    });
  });
});

describe('wishOf', () => {
  it.each<[string, string, Wish]>([
    ['send', '', { command: 'send' }],
    ['send', 'now', { command: 'send' }],
    ['edit', 'It ships.', { command: 'edit', text: 'It ships.' }],
    ['edit', '', { command: 'unknown', problem: 'The words to send are missing.' }],
    ['pause', '', { command: 'pause', forMs: null }],
    ['pause', '2h', { command: 'pause', forMs: 7_200_000 }],
    ['pause', 'for a while', { command: 'unknown', problem: 'I don’t understand for how long.' }],
    ['handoff', '', { command: 'handoff', text: null }],
    ['handoff', 'wants a refund', { command: 'handoff', text: 'wants a refund' }],
    ['', '', { command: 'unknown', problem: 'I know no such command.' }],
    ['constructor', '', { command: 'unknown', problem: 'I know no such command.' }],
  ])('%j %j', (word, text, wish) => {
    expect(wishOf({ word, text })).toEqual(wish);
  });

  it('has every command in the list that agents get', () => {
    for (const command of COMMANDS) expect(COMMAND_LIST).toContain(`/ai ${command}`);
  });
});

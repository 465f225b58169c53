import { describe, expect, it } from '@jest/globals';
import type { ActorId } from '../../src/hubspot/ids.ts';
import { COMMAND_LIST, COMMANDS, commandIn, type Wish, wishOf } from '../../src/rules/command.ts';
import { AI, comment, fromAgent, fromCustomer } from '../support/messages.ts';

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
  ])('%s is none', (_, message) => {
    expect(commandIn(message, AI)).toBeNull();
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
    ['pause', 'for a while', { command: 'unknown', problem: 'I can’t tell for how long.' }],
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

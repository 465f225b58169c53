import { describe, expect, it } from '@jest/globals';
import {
  type EscalationRule,
  type EscalationRules,
  escalationBook,
  propertiesOf,
  type RuleConditions,
  type RuleFacts,
} from '../../../src/rules/escalation/escalation-rules.ts';
import { sentimentIn } from '../../../src/rules/escalation/sentiment.ts';

const facts = (changes: Partial<RuleFacts> = {}): RuleFacts => ({
  text: 'Where is my order?',
  isAbout: () => false,
  channel: 'live chat',
  language: 'en',
  sentiment: null,
  ...changes,
});
const rule = (when: RuleConditions, changes: Partial<EscalationRule> = {}): EscalationRule => ({
  name: 'R',
  when,
  do: 'handoff',
  ...changes,
});
const TOPICS = { legal: ['lawyer', 'Anwalt*'] };
const verdictOf = (rules: EscalationRule[], of: Partial<RuleFacts> = {}, topics: EscalationRules['topics'] = TOPICS) =>
  escalationBook({ topics, rules })(facts(of));

describe('a rule holds', () => {
  it.each<[string, RuleConditions, Partial<RuleFacts>, string]>([
    ['by a word', { words: ['refund', 'ORDER'] }, {}, 'rule-words'],
    ['by a topic', { topics: ['legal'] }, { text: 'Mein Anwältin!' }, 'rule-topic'],
    [
      'by a topic that is known',
      { topics: ['asks-for-person'] },
      { isAbout: (t) => t === 'asks-for-person' },
      'rule-topic',
    ],
    ['by sentiment', { sentiment: ['negative'] }, { sentiment: 'negative' }, 'rule-sentiment'],
    ['by language', { languages: ['pl', 'pt'] }, { language: 'pt-BR' }, 'rule-language'],
    ['by any other language', { languagesOtherThan: ['en', 'de'] }, { language: 'pl' }, 'rule-language'],
    ['by channel', { channels: ['email', 'live chat'] }, {}, 'rule-channel'],
    ['by a property', { contact: { vip: ['gold'] } }, { contact: { vip: ' Gold ' } }, 'rule-property'],
    ['by one of several choices', { ticket: { tags: ['b'] } }, { ticket: { tags: 'a;B;c' } }, 'rule-property'],
    ['by any value', { contact: { vip: ['*'] } }, { contact: { vip: 'x' } }, 'rule-property'],
    ['by a number', { contact: { spent: ['>= 1000'] } }, { contact: { spent: '1000.00' } }, 'rule-property'],
    ['by what says most', { channels: ['live chat'], words: ['order'] }, {}, 'rule-words'],
  ])('%s', (_, when, of, reason) => {
    expect(verdictOf([rule(when)], of)).toEqual({
      held: { as: 'handoff', reason, why: 'the escalation rule “R” holds' },
    });
  });

  it.each<[string, RuleConditions, Partial<RuleFacts>]>([
    ['without its word', { words: ['refund'] }, {}],
    ['with only one of two conditions', { words: ['order'], channels: ['email'] }, {}],
    ['without its topic', { topics: ['legal', 'asks-for-person', 'own-thing'] }, {}],
    ['on another sentiment', { sentiment: ['negative'] }, { sentiment: 'neutral' }],
    ['where the sentiment is not known', { sentiment: ['neutral', 'positive'] }, {}],
    ['in another language', { languages: ['pl'] }, {}],
    ['where the language is not known', { languagesOtherThan: ['en'] }, { language: null }],
    ['in a language that it excepts, of any region', { languagesOtherThan: ['en'] }, { language: 'en-GB' }],
    ['where there is no record', { contact: { vip: ['*'] } }, { contact: null }],
    ['where the property is empty', { contact: { vip: ['*'] } }, { contact: { vip: ' ' } }],
    ['where another property has the value', { contact: { vip: ['gold'] } }, { contact: { plan: 'gold' } }],
    [
      'where only one of two properties fits',
      { contact: { vip: ['a'], plan: ['b'] } },
      { contact: { vip: 'a', plan: 'c' } },
    ],
    ['below its number', { contact: { spent: ['> 1000'] } }, { contact: { spent: '1000' } }],
    ['on what is no number', { contact: { spent: ['< 5'] } }, { contact: { spent: 'none' } }],
    ['of a topic named like a property of every object', { topics: ['toString'] }, {}],
  ])('not %s', (_, when, of) => {
    expect(verdictOf([rule(when)], of)).toBeNull();
  });
});

it('the first rule that holds counts, and names who gets the thread', () => {
  const rules = [
    rule({ words: ['refund'] }, { name: 'no' }),
    rule({ words: ['order'] }, { name: 'first', do: 'draft' }),
    rule({ channels: ['live chat'] }, { name: 'second', assignTo: 'A-1' as never }),
  ];
  expect(verdictOf(rules)).toMatchObject({ held: { as: 'draft', why: 'the escalation rule “first” holds' } });
  expect(verdictOf(rules.slice(2))).toMatchObject({ held: { assignTo: 'A-1' } });
});

it('a record is wanted only where a rule hangs on it, and before the rules below are asked', () => {
  const vip = rule({ contact: { vip: ['gold'] }, ticket: { tier: ['1'] }, channels: ['email'] });
  const other = rule({ words: ['order'] });
  expect(verdictOf([vip, other])).toHaveProperty('held');
  expect(verdictOf([vip, other], { channel: 'email' })).toEqual({ needs: 'contact' });
  expect(verdictOf([vip, other], { channel: 'email', contact: { vip: 'gold' } })).toEqual({ needs: 'ticket' });
  expect(propertiesOf({ topics: {}, rules: [vip, other, vip] }, 'contact')).toEqual(['vip']);
});

describe('sentiment by words', () => {
  it.each([
    'This is UNACCEPTABLE!',
    'Das ist eine Unverschämtheit.',
    'C’est inadmissible !',
    'Estoy harta de esperar',
    'Isso é uma vergonha',
    'Sono stufo!',
    'Dit is belachelijk',
    'To jest skandal',
    'and now? 😡',
  ])('%s', (text) => expect(sentimentIn(text)).toBe('negative'));

  it.each([
    'My parcel is late.',
    'The zip is broken, can I return it?',
    'Danke!',
    'I have a problem with my order',
    '',
  ])('not "%s"', (text) => expect(sentimentIn(text)).toBeNull());
});

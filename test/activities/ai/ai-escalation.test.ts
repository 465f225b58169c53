import { describe, expect, it } from '@jest/globals';
import { type Answered, createAiActivities } from '../../../src/activities/ai/ai.ts';
import { createEscalation } from '../../../src/activities/ai/ai-escalation.ts';
import type { Ask } from '../../../src/activities/ai/ai-steps.ts';
import type { AiAnswer, AiBackend, ReplyRequest } from '../../../src/ai/backend.ts';
import { HubSpotUnavailable } from '../../../src/hubspot/errors.ts';
import type { TicketId } from '../../../src/hubspot/ids.ts';
import type { EscalationRule, RuleConditions } from '../../../src/rules/escalation/escalation-rules.ts';
import type { SessionStore } from '../../../src/sessions/store.ts';
import { asking } from '../../ai/request.ts';
import { attempt } from '../../support/activities.ts';

const reply = (changes: Partial<AiAnswer> = {}): AiAnswer =>
  ({ action: 'reply', text: 'Two days.', sources: [], confidence: 0.9, aiSessionId: null, ...changes }) as AiAnswer;

const rule = (when: RuleConditions, changes: Partial<EscalationRule> = {}): EscalationRule => ({
  name: 'R',
  when,
  do: 'handoff',
  ...changes,
});
const drafting = (when: RuleConditions): EscalationRule => rule(when, { do: 'draft' });

const contact = { vip: 'gold' };
const ask = async (
  rules: EscalationRule[],
  request: Partial<ReplyRequest> & { question?: string } = {},
  answer: AiAnswer | Error = reply(),
  readContact = async (): Promise<Record<string, string>> => contact,
) => {
  const reads: string[] = [];
  let asked = 0;
  const backend: AiBackend = {
    name: 'fake',
    generate: async () => {
      asked += 1;
      if (answer instanceof Error) throw answer;
      return answer;
    },
  };
  const client = {
    contactProperties: async (_: string, names: readonly string[]) => {
      reads.push(`contact ${names.join()}`);
      return await readContact();
    },
    ticketProperties: async (_: TicketId, names: readonly string[]) => {
      reads.push(`ticket ${names.join()}`);
      return { tier: '1' };
    },
  };
  const escalation = createEscalation(() => ({ client, escalation: { topics: { legal: ['lawyer'] }, rules } }));
  const ais = { backendOf: () => backend, linkDomainsOf: () => [] };
  const { generateReply } = createAiActivities(ais, {} as SessionStore, () => ({}), null, null, escalation);
  const { question = 'Where is my order?', ...rest } = request;
  const given = (await attempt(1).run(generateReply as (ask: Ask) => Promise<Answered>, {
    ...asking(question),
    ...rest,
  })) as Answered;
  return { given, asked, reads };
};

describe('escalation rules', () => {
  it('hand over before the AI is asked', async () => {
    const { given, asked, reads } = await ask([rule({ topics: ['legal'] }, { assignTo: 'A-9' as never })], {
      question: 'I will call my lawyer, this is unacceptable',
    });
    expect({ asked, reads }).toEqual({ asked: 0, reads: [] });
    expect(given).toEqual({
      action: 'handoff',
      reason: 'the escalation rule “R” holds',
      cause: 'rule',
      aiSessionId: null,
      language: 'en',
      sentiment: 'negative',
      escalation: { as: 'handoff', reason: 'rule-topic', why: 'the escalation rule “R” holds', assignTo: 'A-9' },
    });
  });

  it('look at a mail’s subject too, and at all that was asked', async () => {
    const lawyer = [rule({ topics: ['legal'] })];
    expect((await ask(lawyer, { subject: 'From my lawyer' })).asked).toBe(0);
    expect((await ask(lawyer, { questions: ['my lawyer writes', 'soon'] })).asked).toBe(0);
    expect((await ask(lawyer, { transcript: [{ from: 'customer', text: 'lawyer', attachments: [] }] })).asked).toBe(1);
  });

  it('keep an answer from being sent', async () => {
    const { given, asked } = await ask([drafting({ words: ['order'] })]);
    expect(asked).toBe(1);
    expect(given).toMatchObject({
      action: 'reply',
      text: 'Two days.',
      escalation: { as: 'draft', reason: 'rule-words' },
    });
  });

  it('know who asks for a person, in eight languages, and who asks for their own thing', async () => {
    const rules = [rule({ topics: ['asks-for-person', 'own-thing'] })];
    for (const question of [
      'I want to talk to a human',
      'Ich möchte mit einem Mitarbeiter sprechen',
      'where is my order 10234?',
    ])
      expect((await ask(rules, { question })).given).toMatchObject({ escalation: { reason: 'rule-topic' } });
    expect((await ask(rules, { question: 'How long does delivery take?' })).given).not.toHaveProperty('escalation');
  });

  it('read a record once, and only where a rule hangs on it', async () => {
    const rules = [
      rule({ contact: { vip: ['platinum'] }, channels: ['live chat'] }),
      drafting({ contact: { vip: ['gold'] } }),
    ];
    const { given, reads } = await ask(rules, { contactId: '31' });
    expect(given).toMatchObject({ escalation: { as: 'draft', reason: 'rule-property' } });
    expect(reads).toEqual(['contact vip']);
    expect((await ask(rules, { contactId: null })).reads).toEqual([]);
    expect((await ask([rule({ contact: { vip: ['gold'] }, channels: ['email'] })], { contactId: '31' })).reads).toEqual(
      [],
    );
  });

  it('take of a ticket what the session has, and read the rest', async () => {
    const ticket = { ticketId: '5' as TicketId, customData: { prio: 'HIGH' } };
    const ofPrio = await ask([rule({ ticket: { prio: ['high'] } })], ticket);
    expect(ofPrio).toMatchObject({ asked: 0, reads: [] });
    const ofTier = await ask([rule({ ticket: { prio: ['high'], tier: ['1'] } })], ticket);
    expect(ofTier).toMatchObject({ asked: 0, reads: ['ticket tier'] });
  });

  it('don’t guess where HubSpot is away: it is tried again, before the AI is asked', async () => {
    const away = async () => Promise.reject(new HubSpotUnavailable('HubSpot is away'));
    const vip = [rule({ contact: { vip: ['gold'] } })];
    await expect(ask(vip, { contactId: '31' }, reply(), away)).rejects.toMatchObject({ nonRetryable: false });
  });

  it('hear what the AI says of language and sentiment', async () => {
    const upset = rule({ sentiment: ['negative'] }, { assignTo: 'A-9' as never });
    const { given, asked } = await ask([upset], {}, reply({ sentiment: 'negative', language: 'en' }));
    expect(asked).toBe(1);
    expect(given).toMatchObject({
      action: 'handoff',
      reason: 'the escalation rule “R” holds',
      sentiment: 'negative',
      escalation: { as: 'handoff', assignTo: 'A-9' },
    });
    expect(given).not.toHaveProperty('text');
    const polish = [drafting({ languages: ['pl'] })];
    expect((await ask(polish, { question: 'ok?' }, reply({ language: 'pl' }))).given).toHaveProperty('escalation');
    expect((await ask(polish, { question: 'ok?' })).given).not.toHaveProperty('escalation');
  });

  it('leave a handoff of the AI’s own as it is, but for who gets it', async () => {
    const handoff: AiAnswer = { action: 'handoff', reason: 'wants a refund', aiSessionId: null, sentiment: 'negative' };
    expect((await ask([drafting({ words: ['order'] })], {}, handoff)).given).not.toHaveProperty('escalation');
    const upset = rule({ sentiment: ['negative'] }, { assignTo: 'A-9' as never });
    expect((await ask([upset], {}, handoff)).given).toMatchObject({
      reason: 'wants a refund',
      escalation: { assignTo: 'A-9', reason: 'rule-sentiment' },
    });
  });

  it('are none where none are set, and agents hear of the language all the same', async () => {
    const handoff: AiAnswer = { action: 'handoff', reason: 'no idea', aiSessionId: null };
    const { given } = await ask([], { question: 'Wo ist meine Bestellung? Ich warte schon sehr lange.' }, handoff);
    expect(given).toEqual({ ...handoff, language: 'de' });
  });
});

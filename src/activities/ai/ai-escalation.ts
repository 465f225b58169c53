import type { AiAnswer, ReplyRequest } from '../../ai/backend.ts';
import { asksForPerson } from '../../ai/knowledge/asks-for-person.ts';
import { languageIn } from '../../ai/knowledge/detect-language.ts';
import { isAboutOwnThing } from '../../ai/knowledge/questions.ts';
import type { HubSpotClient } from '../../hubspot/client.ts';
import type { PortalId } from '../../hubspot/ids.ts';
import type { Escalation } from '../../rules/escalation/escalation.ts';
import {
  type EscalationRules,
  escalationBook,
  propertiesOf,
  type RuleFacts,
  type RuleRecord,
} from '../../rules/escalation/escalation-rules.ts';
import { sentimentIn } from '../../rules/escalation/sentiment.ts';

/** A portal as its escalation rules look into it. */
export interface EscalatingPortal {
  client: Pick<HubSpotClient, 'contactProperties' | 'ticketProperties'>;
  /** Absent: there are none. */
  escalation?: EscalationRules | undefined;
}

/** What is known of a message before the AI is asked, and the portal's rules about it. */
export interface OneEscalation {
  /** By the words alone; `null`: too little to tell. */
  language: string | null;
  sentiment: 'negative' | null;
  /** The rule that holds before the AI is asked. @throws what HubSpot's client throws */
  before(): Promise<Escalation | null>;
  /** The rule that holds once the AI has said what it knows of language and sentiment. @throws the same */
  after(answer: AiAnswer): Promise<Escalation | null>;
}

/** The languages that the rules name are those of the portal's customers; English is everywhere. */
const languageOf = (
  { transcript }: ReplyRequest,
  text: string,
  { rules }: EscalationRules = { topics: {}, rules: [] },
): string | null => {
  const named = rules.flatMap(({ when: { languages = [], languagesOtherThan = [] } }) => [
    ...languages,
    ...languagesOtherThan,
  ]);
  const expected = ['en', ...named.map((tag) => tag.split('-')[0]?.toLowerCase() ?? tag)];
  const earlier = transcript.flatMap(({ from, text: said }) => (from === 'customer' ? said : [])).join('\n');
  return languageIn(text, expected) ?? languageIn(earlier, expected);
};

export type EscalationOf = (request: ReplyRequest) => OneEscalation;

/**
 * Judges messages by their portals' escalation rules. Properties of contact and ticket are read only where a rule hangs
 * on them, each record once; what the session has of the ticket is not read again.
 */
export const createEscalation = (portal: (portalId: PortalId) => EscalatingPortal): EscalationOf => {
  const books = new WeakMap<EscalationRules, ReturnType<typeof escalationBook>>();
  const bookOf = (rules: EscalationRules) => {
    const known = books.get(rules) ?? escalationBook(rules);
    books.set(rules, known);
    return known;
  };

  const read = async (
    { client, escalation }: EscalatingPortal & { escalation: EscalationRules },
    { contactId, ticketId, customData }: ReplyRequest,
    record: RuleRecord,
  ): Promise<Record<string, string> | null> => {
    const names = propertiesOf(escalation, record);
    if (record === 'contact') return contactId === null ? null : await client.contactProperties(contactId, names);
    const unknown = names.filter((name) => !Object.hasOwn(customData, name));
    const values = unknown.length === 0 || ticketId === null ? {} : await client.ticketProperties(ticketId, unknown);
    return { ...values, ...customData };
  };

  return (request) => {
    const { portalId, questions, subject, channel } = request;
    const text = [...(subject === undefined ? [] : [subject]), ...questions].join('\n\n');
    const language = languageOf(request, text, portal(portalId).escalation);
    const sentiment = sentimentIn(text);
    const about = {
      'asks-for-person': () => questions.some(asksForPerson),
      'own-thing': () => questions.some(isAboutOwnThing),
    };
    const facts: RuleFacts = { text, channel, language, sentiment, isAbout: (topic) => about[topic]() };
    const judge = async (seen: Partial<RuleFacts>): Promise<Escalation | null> => {
      const { client, escalation } = portal(portalId);
      if (!escalation || escalation.rules.length === 0) return null;
      const book = bookOf(escalation);
      for (;;) {
        const verdict = book({ ...facts, ...seen });
        if (verdict === null) return null;
        if ('held' in verdict) return verdict.held;
        facts[verdict.needs] = await read({ client, escalation }, request, verdict.needs);
      }
    };
    return {
      language,
      sentiment,
      before: () => judge({}),
      after: (answer) => judge({ language: answer.language ?? language, sentiment: answer.sentiment ?? sentiment }),
    };
  };
};

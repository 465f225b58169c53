import type { Finding, Level } from './finding.ts';

type Meaning = Partial<Record<Level, string>>;

const NOT_STARTED =
  'Threadkeeper does not start, so the AI answers nobody. HubSpot sends events again for up to a day.';
const REFUSED = 'New messages are refused. HubSpot sends them again for up to a day, so none is lost until then.';
const WAIT = 'Their messages wait. They are answered once this works.';
const AGENTS = 'They get no answer from the AI. Their messages go to agents.';
const HANDED_OVER = 'A handoff still reaches agents as a comment, but a part of it is missing.';

/** What a finding means for customers, by the check without its portal. What is not named means nothing for them. */
const MEANINGS: Record<string, Meaning> = {
  settings: { problem: NOT_STARTED, warning: 'They may get other answers than you intend.' },
  'temporal settings': { problem: NOT_STARTED },
  temporal: { problem: REFUSED },
  namespace: { problem: REFUSED },
  retention: { warning: 'An event that comes very late is checked again. No reply is repeated.' },
  'search attributes': { problem: WAIT, warning: WAIT },
  'HubSpot rate limit': { warning: 'HubSpot may slow replies down, or replies of one account may wait for another.' },
  'workflow worker': { warning: WAIT },
  'HubSpot worker': { warning: WAIT },
  'worker version': { warning: WAIT },
  payloads: { warning: 'Others may read what they wrote.' },
  'payload keys': { problem: WAIT, warning: 'Others may read what they wrote.' },
  database: { problem: WAIT, warning: 'Until the worker starts, or while a stop is in force, the AI answers nobody.' },
  ai: { problem: AGENTS, warning: 'More of their messages go to agents than need to.' },
  'ai cost': { warning: 'Agents answer what the AI may not answer today.' },
  instructions: { problem: NOT_STARTED, warning: 'The answers are not written as you intend.' },
  'sure answers': { warning: 'Answers may go out that should be held back, or the other way round.' },
  knowledge: { problem: 'Questions about it go to agents.', warning: 'Answers may miss what is new.' },
  'installed portals': { problem: WAIT },
  token: { problem: WAIT, warning: WAIT },
  'next token': { problem: 'They notice nothing yet. In half an hour their messages begin to wait.' },
  'AI user': { problem: 'The AI can send them no reply.' },
  reading: { problem: WAIT },
  writing: { problem: 'The AI can send them no reply.' },
  channels: { warning: 'Replies on these channels do not reach them. Agents get the answer as a comment.' },
  'contact fields': { problem: 'Answers know less about them.' },
  'ticket fields': { problem: 'Answers know less about them.' },
  'escalation rules': { problem: WAIT },
  senders: { warning: 'Some may get no answer, or colleagues may get one.' },
  contacts: { warning: HANDED_OVER },
  tickets: { warning: HANDED_OVER },
  'ticket owners': { warning: HANDED_OVER },
  assignment: { warning: 'After a handoff they may wait longer, because nobody is assigned.' },
  'business hours': { warning: 'The notice may name a wrong time.' },
  notifications: { problem: 'They notice nothing, but nobody outside HubSpot learns that they wait.' },
  'webhook address': { problem: REFUSED, warning: 'HubSpot sends none of their messages here.' },
  'webhook signature': { warning: 'None of them notices it.' },
  'webhook self-test': {
    problem: 'Their messages do not arrive by webhook. A check every few minutes finds them later.',
  },
};

/** The checks that are there for each portal, source, secret or AI are called like these. */
const subjectOf = (check: string): string =>
  check
    .replace(/^portal \S+: /, '')
    .replace(/^(knowledge|notifications of) .*$/, '$1')
    .replace(/^(webhook self-test).*$/, '$1')
    .replace(/ of$/, '');

/** Says of each warning and problem what it means for customers. */
export const withCustomers = (findings: readonly Finding[]): Finding[] =>
  findings.map((finding) => {
    const customers = MEANINGS[subjectOf(finding.check)]?.[finding.level];
    return customers === undefined ? finding : { ...finding, customers };
  });

/** The checks that this knows, for tests. */
export const KNOWN_CHECKS: readonly string[] = Object.keys(MEANINGS);

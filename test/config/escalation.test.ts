import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { apiEnvironment } from '../../src/config/api.ts';
import { loadConfig } from '../../src/config.ts';
import { HUBSPOT_CHANNELS } from '../../src/hubspot/channels.ts';
import { problemsOf } from '../support/config-problems.ts';

const folder = mkdtempSync(join(tmpdir(), 'threadkeeper-rules-'));
afterAll(() => rmSync(folder, { recursive: true }));
const path = join(folder, 'rules.yaml');

const PORTAL = {
  WEBHOOK_PUBLIC_URL: 'https://example.com/webhooks/hubspot',
  HUBSPOT_PORTAL_ID: '62515',
  HUBSPOT_ACCESS_TOKEN: 'pat-token',
  HUBSPOT_CLIENT_SECRET: 'client-secret',
  HUBSPOT_AI_ACTOR_ID: 'A-12345',
};

const withRules = (yaml: string) => {
  writeFileSync(path, yaml);
  return { ...PORTAL, ESCALATION_RULES: path };
};
describe('ESCALATION_RULES', () => {
  it('are read for the portal, and stay out of the settings that go into histories', () => {
    const yaml = `
topics: {police: [police, 911]}
rules:
  - name: Danger
    when: {topics: police, channels: [email], contact: {vip: true, spent: ">= 1000"}}
    do: handoff
    assignTo: 77
`;
    const [portal] = loadConfig(withRules(yaml)).portals;
    expect(portal?.escalation).toEqual({
      topics: { police: ['police', '911'] },
      rules: [
        {
          name: 'Danger',
          when: { topics: ['police'], channels: ['email'], contact: { vip: ['true'], spent: ['>= 1000'] } },
          do: 'handoff',
          assignTo: 'A-77',
        },
      ],
    });
    expect(JSON.stringify(portal?.settings)).not.toContain('police');
  });

  it('are those of every portal that installs the app', () => {
    const {
      HUBSPOT_PORTAL_ID: _,
      HUBSPOT_ACCESS_TOKEN: __,
      ...app
    } = withRules('rules: [{name: A, when: {words: a}, do: draft}]');
    const keys = {
      HUBSPOT_CLIENT_ID: 'id',
      TOKEN_KEYS: `k1:${Buffer.from('0123456789abcdef'.repeat(2)).toString('base64')}`,
    };
    expect(loadConfig({ ...app, ...keys }).oauth?.escalation?.rules).toHaveLength(1);
    writeFileSync(path, 'rules: 5');
    expect(problemsOf({ ...app, ...keys })).toEqual([
      `ESCALATION_RULES ${path}: line 1: rules must be a list of rules`,
    ]);
  });

  it('are no business of the API, which has no such file', () => {
    expect(apiEnvironment({ ...PORTAL, ESCALATION_RULES: '/nowhere.yaml' })).not.toHaveProperty('ESCALATION_RULES');
  });

  const RULE = (rest: string) => `rules:\n  - name: R\n${rest}`;
  it.each<[string, string, string[]]>([
    ['an action', RULE('    when: {words: a}\n    do: skip'), ['line 4: rules.0.do must be handoff, draft or approve']],
    ['no action', RULE('    when: {words: a}'), ['line 2: rules.0.do must be handoff, draft or approve']],
    ['no condition', RULE('    when: {}\n    do: draft'), ['line 3: rules.0.when has no condition']],
    [
      'a misspelt condition',
      RULE('    do: draft\n    when:\n      channels: email\n      wrods: a'),
      ['line 6: rules.0.when has no field "wrods" (did you mean words?)'],
    ],
    [
      'a topic that there is not',
      `topics: {legal: lawyer}\n${RULE('    do: draft\n    when:\n      topics:\n        - legal\n        - law')}`,
      ['line 8: rules.0.when.topics.1 is no topic: legal, asks-for-person, own-thing'],
    ],
    [
      'two rules of one name',
      'rules:\n  - {name: A, when: {words: a}, do: draft}\n  - {name: A, when: {words: b}, do: draft}',
      ['line 3: rules.1.name is the name of a rule before it'],
    ],
    [
      'several mistakes',
      RULE(
        '    when:\n      words: ["*"]\n      channels: [fax]\n      languages: German\n' +
          '    do: approve\n    assignTo: A-1',
      ),
      [
        'line 4: rules.0.when.words.0 must be a word or a phrase. * is the rest of a word, at its begin or end',
        `line 5: rules.0.when.channels.0 must be a channel: ${HUBSPOT_CHANNELS.join(', ')}, or channel and ` +
          `the id of a custom one`,
        'line 6: rules.0.when.languages.0 must be a language such as de, or pt-BR',
        'line 8: rules.0.assignTo is for handoffs only: what an agent owns, the AI may not answer',
      ],
    ],
    [
      'an assignment of what is no handoff',
      RULE('    when: {words: a}\n    do: approve\n    assignTo: A-1'),
      ['line 5: rules.0.assignTo is for handoffs only: what an agent owns, the AI may not answer'],
    ],
    [
      'an agent that is none',
      RULE('    when: {words: a}\n    do: handoff\n    assignTo: kim'),
      ['line 5: rules.0.assignTo must be an agent, such as A-12345'],
    ],
    [
      'a label for a property',
      RULE('    when: {contact: {VIP tier: gold}}\n    do: draft'),
      ['line 3: rules.0.when.contact.VIP tier must be an internal name of a property, such as vip_tier'],
    ],
    [
      'a comparison with what is no number',
      RULE('    when: {contact: {spent: "> many"}}\n    do: draft'),
      [
        'line 3: rules.0.when.contact.spent.0 must be a value, a list of values, * for any, or a number such ' +
          'as ">= 1000"',
      ],
    ],
    [
      'both lists of languages',
      RULE('    when: {languages: de, languagesOtherThan: en}\n    do: draft'),
      ['line 3: rules.0.when has languages and languagesOtherThan: only one of them can be'],
    ],
    [
      'a topic of a known name',
      'topics:\n  own-thing: mine',
      ['line 2: topics.own-thing is known already: choose another name'],
    ],
    ['a list', '- a', ['must hold a list named rules']],
    ['nothing', '', ['must hold a list named rules']],
  ])('with %s are refused, by line', (_, yaml, problems) => {
    const found = problemsOf(withRules(yaml));
    expect(found.sort()).toEqual(problems.map((problem) => `ESCALATION_RULES ${path}: ${problem}`).sort());
  });

  it('that are no YAML, or not there, are refused', () => {
    expect(problemsOf(withRules('rules: [a'))[0]).toMatch(/^ESCALATION_RULES .*can't be read: .*line 1/);
    expect(problemsOf({ ...PORTAL, ESCALATION_RULES: join(folder, 'none.yaml') })[0]).toMatch(/can't be read: ENOENT/);
  });

  it('stand below a portal in PORTALS_FILE, where mistakes have their line too', () => {
    const { WEBHOOK_PUBLIC_URL } = PORTAL;
    const file = (action: string) => `portals:
  - portalId: 1
    accessToken: a
    aiActorId: A-1
    clientSecret: s
    escalation:
      rules:
        - name: A
          when: { words: [a] }
          do: ${action}
`;
    writeFileSync(path, file('draft'));
    expect(loadConfig({ WEBHOOK_PUBLIC_URL, PORTALS_FILE: path }).portals[0]?.escalation?.rules).toHaveLength(1);
    expect(problemsOf({ WEBHOOK_PUBLIC_URL, PORTALS_FILE: path, ESCALATION_RULES: path })).toEqual([
      'ESCALATION_RULES has no effect beside PORTALS_FILE: set it there, for each portal',
    ]);
    writeFileSync(path, file('nothing'));
    expect(problemsOf({ WEBHOOK_PUBLIC_URL, PORTALS_FILE: path })).toEqual([
      `PORTALS_FILE ${path}: line 10: portals.0.escalation.rules.0.do must be handoff, draft or approve`,
    ]);
  });
});

import { describe, expect, it } from '@jest/globals';
import { Ajv } from 'ajv';
import { parse } from 'yaml';
import { escalationSchema, portalsSchema } from '../../scripts/portals-schema.ts';
import { escalationContent } from '../../src/config/escalation.ts';
import { codeBlocks, read } from '../docs/markdown.ts';

const FILE = 'schemas/portals.schema.json';
const schema = portalsSchema();
const isValid = new Ajv({ strict: true, allowUnionTypes: true }).compile(schema);

const [example = ''] = codeBlocks(read('docs/many-portals.md'), 'yaml');
const PORTAL = { portalId: 62515, accessToken: 'pat-eu1-1', aiActorId: 'A-500' };

describe('the JSON Schema of ESCALATION_RULES', () => {
  const file = 'schemas/escalation-rules.schema.json';
  const fits = new Ajv({ strict: true, allowUnionTypes: true }).compile(escalationSchema());
  const [rules = ''] = codeBlocks(read('docs/escalation-rules.md'), 'yaml');

  it('is the one that is published: npm run schema', () => {
    expect(JSON.parse(read(file))).toEqual(JSON.parse(JSON.stringify(escalationSchema())));
  });

  it('takes the example of the docs, which names it, and so do the processes', () => {
    expect(fits(parse(rules))).toBe(true);
    expect(rules.split('\n')[0]).toBe(`# yaml-language-server: $schema=${file}`);
    expect(escalationContent.safeParse(parse(rules))).toMatchObject({ success: true });
  });

  it.each([
    ['an action that there is not', { name: 'R', when: { words: 'a' }, do: 'skip' }],
    ['a condition that there is not', { name: 'R', when: { word: 'a' }, do: 'draft' }],
    ['a rule without a name', { when: { words: 'a' }, do: 'draft' }],
  ])('refuses %s', (_, rule) => {
    expect(fits({ rules: [rule] })).toBe(false);
  });
});

describe('the JSON Schema of PORTALS_FILE', () => {
  it('is the one that is published: npm run schema', () => {
    expect(JSON.parse(read(FILE))).toEqual(JSON.parse(JSON.stringify(schema)));
  });

  it('says of each field what it is', () => {
    const fields = JSON.parse(read(FILE)).properties.portals.items.properties;
    const silent = Object.entries(fields).filter(([, field]) => !(field as { description?: string }).description);
    expect(silent).toEqual([]);
  });

  it('takes the example of the docs, which names it', () => {
    expect(isValid(parse(example))).toBe(true);
    expect(example.split('\n')[0]).toBe(`# yaml-language-server: $schema=${FILE}`);
  });

  it.each([
    ['the least', {}],
    ['ids as text and a number where the environment has text', { portalId: '62515', emailDelay: 0, aiActorId: 500 }],
    ['a duration', { emailDelay: '1.5s' }],
    ['levels by channel', { autonomy: { default: 'auto', email: 'draft' } }],
    ['one level', { autonomy: 'draft' }],
    ['one number and one flag', { minConfidence: 0.7, requireSources: true }],
    ['numbers and flags by channel', { minConfidence: { email: 0.7 }, requireSources: { default: false } }],
  ])('takes %s', (_, changes) => {
    expect(isValid({ portals: [{ ...PORTAL, ...changes }] })).toBe(true);
  });

  it.each([
    ['a field that there is not', { assistmode: true }],
    ['a word for a flag', { assistMode: 'yes' }],
    ['a duration that is none', { emailDelay: 'soon' }],
    ['a duration without a unit', { emailDelay: 500 }],
    ['a duration without a unit, as text', { emailDelay: '500' }],
    ['a level that there is not', { autonomy: 'careful' }],
    ['a confidence that is none', { minConfidence: 70 }],
    ['no access token', { accessToken: undefined }],
    ['no portal id', { portalId: undefined }],
    ['a signature for what is no domain', { signatures: { 'not a domain': 'Kind regards' } }],
  ])('refuses %s', (_, changes) => {
    expect(isValid(JSON.parse(JSON.stringify({ portals: [{ ...PORTAL, ...changes }] })))).toBe(false);
  });

  it.each([{}, { portals: [] }, { portal: [PORTAL] }])('refuses %j', (content) => {
    expect(isValid(content)).toBe(false);
  });
});

import { describe, expect, it } from '@jest/globals';
import { IGNORE_REASONS } from '../../src/api/webhook/plan.ts';
import { REFUSALS } from '../../src/api/webhook/refusals.ts';
import { REJECT_REASONS } from '../../src/hubspot/webhook-events.ts';
import { ESCALATION_REASONS } from '../../src/rules/escalation/escalation.ts';
import { SKIP_REASONS } from '../../src/rules/skip-reasons.ts';
import { OUTCOMES } from '../../src/runs/outcomes.ts';
import { WORKFLOW_TYPES } from '../../src/runs/run-types.ts';
import { codesIn, namedItems, section, tableRows } from './markdown.ts';

const PAGE = 'docs/skip-reasons.md';

describe('docs/skip-reasons.md', () => {
  it.each([
    ['Skipped', SKIP_REASONS],
    ['Held back', ESCALATION_REASONS],
    ['Ignored', IGNORE_REASONS],
    ['Rejected', REJECT_REASONS],
  ])('explains every reason under "%s", and none that the code does not have', (heading, reasons) => {
    expect(namedItems(section(PAGE, heading))).toEqual([...reasons]);
  });
});

describe('docs/troubleshooting.md', () => {
  it('explains every code of a refused request with its status, and no other', () => {
    const rows = tableRows(section('docs/troubleshooting.md', 'HTTP answers'));
    const statuses = rows.flatMap(([codes = '', status]) => codesIn(codes).map((code) => [code, Number(status)]));
    const answered = Object.entries(REFUSALS).map(([code, { status }]) => [code, status]);
    expect(Object.fromEntries(statuses)).toEqual(Object.fromEntries(answered));
  });
});

describe('docs/run-types.md', () => {
  it('has the results of every workflow type, and every outcome of a reply', () => {
    const results = section('docs/run-types.md', 'Results');
    const described = [...results.matchAll(/^- (.*?): /gm)].flatMap(([, names = '']) => codesIn(names));
    expect(described.sort()).toEqual([...WORKFLOW_TYPES].sort());
    const [, ofReply = ''] = /^- `replyToMessage`: (.*)$/m.exec(results) ?? [];
    expect(codesIn(ofReply)).toEqual(expect.arrayContaining([...OUTCOMES]));
  });
});

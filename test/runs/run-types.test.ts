import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import type { MessageId, PortalId, ThreadId } from '../../src/hubspot/ids.ts';
import { handOffRun } from '../../src/runs/hand-off.ts';
import { planned } from '../../src/runs/planned-start.ts';
import { messageAnsweredBy, replyToMessageRun } from '../../src/runs/reply-to-message.ts';
import { aboutInWords, foundBy, type RunType, summaryOf } from '../../src/runs/run-type.ts';
import { RUN_TYPES, WORKFLOW_TYPES } from '../../src/runs/run-types.ts';
import { section, tableRows } from '../docs/markdown.ts';

const MESSAGE = { portalId: '1' as PortalId, threadId: '2' as ThreadId, messageId: 'a-b-c' as MessageId };

describe('the run types', () => {
  it('are those that a worker registers, and no other', () => {
    const index = readFileSync(new URL('../../src/workflows/index.ts', import.meta.url), 'utf8');
    const exported = [...index.matchAll(/export \{ (\w+) \}/g)].map(([, name]) => name);
    expect([...WORKFLOW_TYPES].sort()).toEqual(exported.sort());
  });

  it('have the workflow IDs that docs/run-types.md shows, and no other type is shown', () => {
    const rows = tableRows(section('docs/run-types.md', 'Workflow types'));
    const shown = rows
      .slice(rows.findIndex(([type]) => type === 'type') + 2)
      .map(([type = '', , id = '']) => [type, id].map((cell) => cell.replaceAll('`', '')));
    expect(shown.map(([type]) => type).sort()).toEqual([...WORKFLOW_TYPES].sort());
    for (const [type, template = ''] of shown) {
      const run = RUN_TYPES.find((one) => one.type === type) as RunType<object, [string]>;
      const input = type === 'followCommand' ? MESSAGE : run.example;
      const id = run.workflowId(input, 'event');
      // Temporal adds the time to what a schedule starts.
      const whole = template.endsWith('-{time}') ? `${id}-2026-01-31` : id;
      const pattern = template.split(/\{[^}]*\}/).map((text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
      expect(whole).toMatch(new RegExp(`^${pattern.join('[^:@]+')}$`));
    }
  });
});

describe('a run', () => {
  it('says in words and in search attributes what it is about', () => {
    expect(summaryOf(replyToMessageRun, MESSAGE)).toBe('Reply · portal 1 · thread 2 · message a-b-c');
    const about = { ...replyToMessageRun.about(MESSAGE), ticketId: null };
    expect(aboutInWords(about)).toEqual(['portal 1', 'thread 2', 'message a-b-c']);
    expect(foundBy(about).map(({ key, value }) => [key.name, value])).toEqual([
      ['HubSpotPortalId', '1'],
      ['HubSpotThreadId', '2'],
    ]);
    expect(summaryOf(handOffRun, { ...MESSAGE, reason: 'r', kind: 'undelivered' })).toBe(
      'Handoff · portal 1 · thread 2 · undelivered a-b-c',
    );
  });

  it('gives its message back from its workflow ID', () => {
    const { workflowId } = planned(replyToMessageRun, MESSAGE);
    expect(messageAnsweredBy(workflowId)).toBe(MESSAGE.messageId);
  });
});

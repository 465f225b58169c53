import { describe, expect, it } from '@jest/globals';
import type { MessageId, PortalId, ThreadId } from '../../../src/hubspot/ids.ts';
import { linksOf, type Notification } from '../../../src/rules/notify/notification.ts';
import { slackBody, webhookBody } from '../../../src/rules/notify/payload.ts';

const HANDOFF: Notification = {
  portalId: '62515' as PortalId,
  event: 'handoff',
  about: '987-abc',
  at: Date.parse('2026-03-01T10:01:30Z'),
  reason: 'no-answer',
  threadId: '987' as ThreadId,
  messageId: 'abc' as MessageId,
  channel: 'live chat',
  language: 'de',
  sentiment: 'negative',
  waitingSince: Date.parse('2026-03-01T10:00:00Z'),
  run: 'message:62515:987-abc',
};
const LINKS = linksOf(HANDOFF, { runs: 'https://ui.example/workflows', ops: 'https://desk.example/ops' });

it('links lead to the thread, the run and the desk, as far as they are known', () => {
  expect(LINKS).toEqual({
    thread: 'https://app.hubspot.com/live-messages/62515/inbox/987',
    run: 'https://ui.example/workflows/message:62515:987-abc',
    ops: 'https://desk.example/ops',
  });
  expect(linksOf({ portalId: '62515' as PortalId })).toEqual({});
});

it('a webhook’s body has type, timestamp and data', () => {
  expect(webhookBody(HANDOFF, LINKS)).toEqual({
    type: 'handoff',
    timestamp: '2026-03-01T10:01:30.000Z',
    data: {
      portalId: '62515',
      reason: 'no-answer',
      threadId: '987',
      messageId: 'abc',
      channel: 'live chat',
      language: 'de',
      sentiment: 'negative',
      waitingSince: '2026-03-01T10:00:00.000Z',
      waitedSeconds: 90,
      run: 'message:62515:987-abc',
      links: LINKS,
    },
  });
});

describe('for Slack', () => {
  it('there is a line for its notices, and blocks with links', () => {
    const body = JSON.parse(JSON.stringify(slackBody(HANDOFF, LINKS)));
    expect(body.text).toBe(
      'A customer waits for an agent · no-answer · portal 62515, live chat, de, negative, waits 1 min',
    );
    expect(body.blocks.map(({ type }: { type: string }) => type)).toEqual(['section', 'context', 'section']);
    expect(body.blocks[1].elements[0].text).toBe(
      'portal 62515 · live chat · de · negative · waits 1 min · `message:62515:987-abc`',
    );
    expect(body.blocks[2].text.text).toContain(
      '<https://app.hubspot.com/live-messages/62515/inbox/987|Open in HubSpot>',
    );
  });

  it('words can name no channel and make no link', () => {
    const words = `<!channel> & <https://evil.example|Open in HubSpot> ${'x'.repeat(5_000)}`;
    const { blocks } = JSON.parse(JSON.stringify(slackBody({ ...HANDOFF, words, detail: '<@U1>' }, {})));
    const { text, verbatim } = blocks[0].text;
    expect(verbatim).toBe(true);
    expect(text).not.toMatch(/[<>]/);
    expect(text).toContain('&lt;!channel&gt; &amp; &lt;https://evil.example|Open in HubSpot&gt;');
    expect(text.length).toBeLessThan(3_000);
  });
});

import { describe, expect, it } from '@jest/globals';
import type { WrittenIds } from '../../dev/simulator/simulator.ts';
import { signatureHeaders } from '../../dev/simulator/webhooks/signature.ts';
import { ACTIONS_PATH, actionUrl } from '../../src/api/actions/actions.ts';
import { WEBHOOK_PATH } from '../../src/api/app.ts';
import type { Action, FollowActionResult } from '../../src/runs/follow-action.ts';
import { PUBLIC_URL, useProduct } from '../support/product.ts';
import { AGENT_ID, CLIENT_SECRET, PORTAL_ID } from '../support/simulator.ts';
import { uniqueName, useTemporal } from '../support/temporal.ts';

const temporal = useTemporal();
const product = useProduct(temporal);

const ask = (threadId?: string): WrittenIds =>
  product.simulator.customerWrites({ channel: 'chat', text: 'Where is it?', ...(threadId ? { threadId } : {}) });

/** A thread on which the AI has answered. */
const conversation = async (): Promise<string> => {
  const asked = ask();
  await product.resultOf(asked);
  return asked.threadId;
};

/** HubSpot's workflow comes to this action with a record, and calls `times` times. */
const act = async (
  action: Action,
  [objectType, objectId]: readonly ['TICKET' | 'CONTACT' | 'CONVERSATION', string],
  inputFields: object = {},
  times = 1,
): Promise<FollowActionResult> => {
  const callbackId = uniqueName('ap');
  const body = JSON.stringify({
    callbackId,
    origin: { portalId: Number(PORTAL_ID) },
    context: { source: 'WORKFLOWS', workflowId: 7 },
    object: { objectId, objectType },
    inputFields,
  });
  const url = actionUrl(PUBLIC_URL, WEBHOOK_PATH, action);
  const workflowId = `action:${PORTAL_ID}:${callbackId}`;
  for (let call = 0; call < times; call += 1) {
    const signature = signatureHeaders('both', { secret: CLIENT_SECRET, url, body, timestamp: Date.now() });
    const headers = { 'content-type': 'application/json', ...signature };
    const response = await fetch(`${product.apiUrl}${ACTIONS_PATH}/${action}`, { method: 'POST', body, headers });
    expect(await response.json()).toEqual({ outputFields: { hs_execution_state: 'SUCCESS', run: workflowId } });
  }
  return await product.resultOfRun<FollowActionResult>(workflowId);
};

const comments = (threadId: string): string[] =>
  product.postedBy(threadId).flatMap((item) => (item.type === 'COMMENT' ? [item.text] : []));

describe('an action in a workflow of the portal’s own', () => {
  it('pauses the AI on every open thread of a ticket, and lets it speak again', async () => {
    const [first, second, closed] = [await conversation(), await conversation(), await conversation()];
    const ticketId = product.simulator.createTicket();
    for (const threadId of [first, second, closed]) product.simulator.linkTicket(threadId, ticketId);
    product.simulator.closeThread(closed);

    const { outcome, reason } = await act('pause', ['TICKET', ticketId], { duration: '2h' }, 2);
    expect(outcome).toBe('followed');
    expect([first, second, closed].map((threadId) => reason?.includes(threadId))).toEqual([true, true, false]);
    for (const threadId of [first, second]) {
      expect(comments(threadId)).toEqual([expect.stringContaining('The AI is paused on this thread for 2h')]);
      expect(await product.resultOf(ask(threadId))).toEqual({ outcome: 'skipped', reason: 'paused' });
    }
    expect(comments(closed)).toEqual([]);

    await act('resume', ['TICKET', ticketId]);
    expect(await product.resultOf(ask(first))).toMatchObject({ outcome: 'replied' });
  });

  it('sends what the AI was silent on to the AI, on the contact’s newest thread', async () => {
    const threadId = await conversation();
    const contactId = product.simulator.thread(threadId).associatedContactId;
    await act('pause', ['CONVERSATION', threadId]);
    const asked = ask(threadId);
    expect(await product.resultOf(asked)).toEqual({ outcome: 'skipped', reason: 'paused' });

    const workflowId = product.workflowIdOf(asked);
    expect(await act('send', ['CONTACT', contactId], {}, 2)).toEqual({ outcome: 'followed', reason: workflowId });
    expect(await product.resultOf(asked)).toMatchObject({ outcome: 'replied' });
    const replies = product.postedBy(threadId).filter(({ type }) => type === 'MESSAGE');
    expect(replies).toHaveLength(2);
    // Sent once more, what was answered is found.
    await act('send', ['CONTACT', contactId]);
    expect(await product.resultOf(asked)).toMatchObject({ outcome: 'replied', postedMessageId: replies[1]?.id });
    expect(product.postedBy(threadId).filter(({ type }) => type === 'MESSAGE')).toHaveLength(2);
  });

  it('lets the AI speak over nobody: what an agent owns stays theirs', async () => {
    const asked = product.simulator.customerWrites({ channel: 'chat', text: 'Hello', assignedTo: AGENT_ID });
    await product.resultOf(asked);
    await act('send', ['CONVERSATION', asked.threadId]);
    expect(await product.resultOf(asked)).toEqual({ outcome: 'skipped', reason: 'owned-by-human' });
    expect(product.postedBy(asked.threadId)).toEqual([]);
  });

  it('hands the thread to agents, with the reason, once', async () => {
    const threadId = await conversation();
    const result = await act('handoff', ['CONVERSATION', threadId], { reason: 'A VIP' }, 2);
    expect(result).toEqual({ outcome: 'followed', reason: `handoff on ${threadId}` });
    expect(comments(threadId)).toEqual([expect.stringContaining('Reason: A VIP')]);
    expect(product.simulator.thread(threadId).assignedTo).toBeUndefined();
    expect(await product.resultOf(ask(threadId))).toMatchObject({ outcome: 'skipped' });
  });

  it('says that a record has no conversation, or no message', async () => {
    expect(await act('pause', ['TICKET', product.simulator.createTicket()])).toEqual({ outcome: 'no-thread' });
    expect(await act('send', ['CONTACT', product.simulator.createContact()])).toEqual({ outcome: 'no-thread' });
    expect(await act('send', ['CONVERSATION', '404404404'])).toEqual({ outcome: 'no-message' });
  });
});

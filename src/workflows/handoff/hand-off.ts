import { patched } from '@temporalio/workflow';
import type { HandOffResult } from '../../runs/hand-off.ts';
import { portalSettings } from '../shared/activity-options.ts';
import { parseHandOff } from '../shared/input.ts';
import { assignThread, watchPickUp } from './assign-thread.ts';
import { leaveComment } from './comment.ts';
import { noticeOfHandoff } from './notice.ts';
import { notifyCustomer, watchNotice } from './notify-customer.ts';
import { ONE_OPENING, open } from './open.ts';
import { readThread, silenceAi } from './read-thread.ts';
import { HandOffRun } from './run.ts';
import { fillTicket, findContact, findTicket } from './ticket.ts';

/**
 * Hands a thread to agents: silence, contact, ticket, internal comment, a notice to the customer, owner. One run a
 * message; every step looks first for what an earlier attempt or run has done. Input: `HandOffInput`, ids as numbers or
 * strings.
 *
 * A step that HubSpot refuses, or that stays broken, keeps no other step away: the comment says what is missing.
 * @throws {ApplicationFailure} `InvalidInput` or `UnknownPortal`, at once.
 */
export async function handOff(input: unknown): Promise<HandOffResult> {
  const asked = parseHandOff(input);
  const startedAt = Date.now();
  const opened = patched(ONE_OPENING)
    ? await open(asked, startedAt)
    : { settings: await portalSettings(asked.portalId) };
  const run = new HandOffRun(asked, opened, startedAt);
  const found = await readThread(run);
  if ('outcome' in found) return found;
  // First of all, so that the AI says nothing while the rest is done.
  await silenceAi(run);
  const contactId = await findContact(run);
  const ticket = await findTicket(run, contactId);
  await fillTicket(run, ticket, contactId);
  const comment = await leaveComment(run, ticket);
  if (typeof comment !== 'string') return comment;
  noticeOfHandoff(run);
  // Only now: agents know, whatever becomes of the customer's notice (rules/handoff/customer-notice.ts).
  const toldMessageId = await notifyCustomer(run, found);
  const owner = await assignThread(run, found);
  await watchPickUp(run, owner, ticket);
  await watchNotice(run, toldMessageId);
  return run.story.end({
    outcome: 'handed-off',
    reason: asked.reason,
    postedMessageId: comment,
    ...(ticket ? { ticketId: ticket.ticketId } : {}),
    ...(toldMessageId ? { toldMessageId } : {}),
    owner,
  });
}

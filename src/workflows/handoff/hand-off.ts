import type { HandOffResult } from '../../runs/hand-off.ts';
import { portalSettings } from '../shared/activity-options.ts';
import { parseHandOff } from '../shared/input.ts';
import { HandOffRun } from './steps.ts';

/**
 * Hands a thread to agents: silence, contact, ticket, internal comment, a word to the customer, owner. One run a
 * message; every step looks first for what an earlier attempt or run has done. Input: `HandOffInput`, ids as numbers or
 * strings.
 *
 * What HubSpot refuses, or what stays broken, keeps nothing away but itself: the comment says what is missing.
 * @throws {ApplicationFailure} `InvalidInput` or `UnknownPortal`, at once.
 */
export async function handOff(input: unknown): Promise<HandOffResult> {
  const asked = parseHandOff(input);
  const settings = await portalSettings(asked.portalId);
  const run = new HandOffRun(asked, settings);
  const found = await run.look();
  if ('outcome' in found) return found;
  await run.silence();
  const contactId = await run.findContact();
  const ticket = await run.findTicket(contactId);
  await run.fillTicket(ticket, contactId);
  const comment = await run.comment(ticket);
  if (typeof comment !== 'string') return comment;
  const toldMessageId = await run.notifyCustomer(found);
  const owner = await run.passOn(found);
  await run.watchPickUp(owner, ticket);
  await run.watchNotice(toldMessageId);
  return run.end({ comment, ticket, toldMessageId, owner });
}

import { z } from 'zod';
import {
  type ContactId,
  DIGITS,
  digitsProblem,
  idAsText,
  MESSAGE_ID,
  MESSAGE_ID_PROBLEM,
  type MessageId,
  type PortalId,
  type ThreadId,
  type TicketId,
} from './ids.ts';

const digits = (what: string) => {
  const error = digitsProblem(what);
  return z.preprocess(idAsText, z.string({ error }).regex(DIGITS, error));
};

/** Accepts a safe integer or a string of digits, gives the string. */
export const portalIdSchema = digits('portalId').transform((id) => id as PortalId);
export const threadIdSchema = digits('threadId').transform((id) => id as ThreadId);
export const contactIdSchema = digits('contactId').transform((id) => id as ContactId);
export const ticketIdSchema = digits('ticketId').transform((id) => id as TicketId);

/** Reads an id that {@link MESSAGE_ID} allows. */
export const messageIdSchema = z
  .preprocess(idAsText, z.string({ error: MESSAGE_ID_PROBLEM }).regex(MESSAGE_ID, MESSAGE_ID_PROBLEM))
  .transform((id) => id as MessageId);

import type { Message, Party } from './conversation.ts';

/**
 * Who wrote a message. A mail that they pass on was written by another (`ORIGINAL_FROM`), who is its author only where
 * an agent passes it on to the inbox.
 */
export const authorOf = ({ senders }: Pick<Message, 'senders'>): Party | null => {
  const original = senders.find(({ field }) => field === 'ORIGINAL_FROM');
  const from = senders.find(({ field }) => field === 'FROM') ?? senders.find((sender) => sender !== original);
  return (from?.actorId?.startsWith('A-') ? (original ?? from) : (from ?? original)) ?? null;
};

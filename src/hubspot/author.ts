import type { Message, Party } from './conversation.ts';

/** Who wrote a message. Of a forwarded email that is its original sender. */
export const authorOf = ({ senders }: Pick<Message, 'senders'>): Party | null =>
  senders.find((sender) => sender.field === 'ORIGINAL_FROM') ??
  senders.find((sender) => sender.field === 'FROM') ??
  senders[0] ??
  null;

import type { LedgerEntry, ThreadItem } from '../../dev/simulator/simulator.ts';

/** Something that the product has put on a thread, as the portal's own book has it. */
export interface Post {
  threadId: string;
  id: string;
  /** When it took effect, ms since the epoch. */
  time: number;
  /** To the customer, or for agents only. */
  type: 'MESSAGE' | 'COMMENT';
  text: string;
  /** The address of whom it goes to; `null` for a comment. */
  to: string | null;
  /**
   * What the product says it is: `replied`, `drafted`, `handed-off`, `told`, `needs-attention`; and the message that it
   * answers.
   */
  key: { kind: string; messageId: string } | null;
}

interface Posted {
  type: Post['type'];
  text: string;
  richText?: string;
  recipients?: { deliveryIdentifiers: { value: string }[] }[];
}

/** The thread that a write was on, or `null` for one on something else. */
export const threadOf = (entry: LedgerEntry | undefined): string | null =>
  /\/threads\/(\d+)\/messages$/.exec(entry?.path ?? '')?.[1] ?? null;

/** Every post that was applied. The request still has the key that the portal may have stripped from what it shows. */
export const postsOf = (ledger: LedgerEntry[]): Post[] =>
  ledger.flatMap((entry) => {
    const threadId = threadOf(entry);
    if (entry.route !== 'postMessage' || threadId === null) return [];
    const { type, text, richText = '', recipients = [] } = entry.body as Posted;
    const to = recipients[0]?.deliveryIdentifiers[0]?.value ?? null;
    const [, kind, messageId] = /<!-- threadkeeper:([\w-]+)\.(\S+) -->/.exec(richText) ?? [];
    const key = kind && messageId ? { kind, messageId } : null;
    return [{ threadId, id: entry.id, time: entry.time, type, text, to, key }];
  });

export const timeOf = (item: ThreadItem): number => Date.parse(item.createdAt);

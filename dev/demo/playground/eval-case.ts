import { stringify } from 'yaml';
import { HANDOFF_MARKER } from '../../../src/hubspot/markers.ts';
import type { ItemView } from './threads.ts';

/** What is needed of a conversation to make a case of it. */
export interface ShownConversation {
  customer: string;
  channel: string;
  items: Pick<ItemView, 'side' | 'text'>[];
}

interface Turn {
  customer: string[];
  expect: { action: 'reply' | 'handoff'; source?: string };
}

const sourceIn = (text: string): string | undefined => /^Source: (.+)$/m.exec(text)?.[1];

/** What the AI did, where an item says it. */
const didIn = ({ side, text }: ShownConversation['items'][number]): Turn['expect'] | null => {
  if (side === 'comment') return text.startsWith(HANDOFF_MARKER) ? { action: 'handoff' } : null;
  if (side !== 'ai') return null;
  const source = sourceIn(text);
  return { action: 'reply', ...(source === undefined ? {} : { source }) };
};

/**
 * Gives a conversation as a file for `npm run eval`: what the customer wrote, and what the AI did, as what is expected
 * of it. A person corrects what was wrong before they keep it. Turns that an agent answered, or nobody, are left out.
 */
export const evalCaseOf = ({ customer, channel, items }: ShownConversation): string => {
  const turns: Turn[] = [];
  let asked: string[] = [];
  for (const item of items) {
    const did = didIn(item);
    if (item.side === 'customer') asked.push(item.text);
    else if (did && asked.length > 0) turns.push({ customer: asked, expect: did });
    if (did || item.side === 'agent') asked = [];
  }
  const written = turns.map(({ customer: [first = '', ...more], expect }) => ({
    customer: more.length === 0 ? first : [first, ...more],
    expect,
  }));
  return stringify({ conversations: [{ name: `a conversation of ${customer}`, channel, turns: written }] });
};

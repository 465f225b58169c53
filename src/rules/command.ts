import type { Message } from '../hubspot/conversation.ts';
import type { ActorId } from '../hubspot/ids.ts';
import { durationIn } from './duration.ts';
import { speakerOf } from './speaking/speaker.ts';

/** Agents can command these of the AI on a thread, by a comment such as `/ai pause`. */
export const COMMANDS = ['send', 'edit', 'skip', 'pause', 'resume', 'handoff', 'why'] as const;
export type Command = (typeof COMMANDS)[number];

/** An agent wants this of the AI on a thread. Times in ms. */
export type Wish =
  | { command: 'send' | 'skip' | 'resume' | 'why' }
  | { command: 'edit'; text: string }
  | { command: 'pause'; forMs: number | null }
  | { command: 'handoff'; text: string | null }
  | { command: 'unknown'; problem: string };

const COMMAND = /^\/ai(?![^\s])\s*(\S*)\s*([\s\S]*)$/i;

/** Says whether a comment's text is a command to the AI, known or not. */
export const isCommand = (text: string): boolean => COMMAND.test(text.trim());

const PERSON = /^A-\d+$/;

/**
 * Says whether this comment's author may command the AI: a person who wrote it in HubSpot's own client. What an app, an
 * automation or a client that HubSpot doesn't name has written is nobody's word, in whosever name it comes.
 */
const isByPerson = ({ senders, clientType, integrationAppId, ...comment }: Message, aiActorId: ActorId): boolean => {
  if (integrationAppId !== null || senders.length === 0) return false;
  // What an earlier version has read says nothing of clients: its run goes on as it began.
  if (clientType === undefined) return speakerOf({ ...comment, senders, integrationAppId }, aiActorId) === 'agent';
  return (
    clientType === 'HUBSPOT' && senders.every(({ actorId }) => actorId !== aiActorId && PERSON.test(actorId ?? ''))
  );
};

/**
 * The words of a command to the AI, without the `/ai`; `null` for every other comment, and for what no person wrote in
 * HubSpot.
 */
export const commandIn = (item: Message, aiActorId: ActorId): { word: string; text: string } | null => {
  const [, word, text] = COMMAND.exec(item.text.trim()) ?? [];
  if (word === undefined || text === undefined || item.kind !== 'comment') return null;
  return isByPerson(item, aiActorId) ? { word: word.toLowerCase(), text: text.trim() } : null;
};

const isKnown = (word: string): word is Command => COMMANDS.some((command) => command === word);

/** Reads what is wished with this word and what stands after it. */
export const wishOf = ({ word, text }: { word: string; text: string }): Wish => {
  if (!isKnown(word)) return { command: 'unknown', problem: 'I know no such command.' };
  switch (word) {
    case 'edit':
      return text === '' ? { command: 'unknown', problem: 'The words to send are missing.' } : { command: word, text };
    case 'pause': {
      const forMs = durationIn(text);
      if (text !== '' && forMs === null) return { command: 'unknown', problem: 'I don’t understand for how long.' };
      return { command: word, forMs };
    }
    case 'handoff':
      return { command: word, text: text === '' ? null : text };
    case 'send':
    case 'skip':
    case 'resume':
    case 'why':
      return { command: word };
  }
};

/** The answer to agents who ask for the commands. */
export const COMMAND_LIST = `A comment that begins with \`/ai\` commands the AI:

- \`/ai send\` sends the draft that waits
- \`/ai edit …\` sends your own words in its place
- \`/ai skip\` lets no answer go out
- \`/ai pause\`, \`/ai pause 2h\` keeps the AI silent on this thread
- \`/ai resume\` lets it speak again
- \`/ai handoff …\` hands the thread to agents, with your reason
- \`/ai why\` describes what happened to the latest messages`;

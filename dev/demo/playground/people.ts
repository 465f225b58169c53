import type { Simulator, ThreadItem } from '../../simulator/simulator.ts';

/** The agent who sits at the page. */
export const AGENT = 'A-90210';

/** Who is who in the demo's portal. */
export interface People {
  /** The name of an actor; their id where nobody knows one. */
  nameOf(actorId: string): string;
  /** Puts names in place of the ids of those who are known. */
  named(words: string): string;
  authorOf(item: ThreadItem): string;
  /** Whether the AI, or the app that it speaks through, wrote it. */
  isAi(item: ThreadItem): boolean;
}

/** An actor's id inside a sentence, not inside another id: a workflow ID holds some. */
const ACTOR_IDS = /(?<![\w:@-])[ABEILSV]-[\w@.+-]*\w/g;

/** `actorName`: of those whom HubSpot knows by name. */
export const createPeople = ({
  aiActorId,
  appId,
  actorName,
}: {
  aiActorId: string;
  appId: string;
  actorName: Simulator['actorName'];
}): People => {
  const roles: Record<string, string> = {
    'S-hubspot': 'HubSpot',
    [aiActorId]: 'the AI',
    [AGENT]: 'you',
    [`I-${appId}`]: 'the AI',
  };
  const knownName = (actorId: string): string | null => roles[actorId] ?? actorName(actorId);
  const nameOf = (actorId: string): string => knownName(actorId) ?? (actorId.startsWith('V-') ? 'A visitor' : actorId);
  const actorOf = (item: ThreadItem): string => item.senders[0]?.actorId ?? item.createdBy;
  const capital = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);
  return {
    nameOf,
    named: (words) =>
      (words.match(ACTOR_IDS) ?? [])
        // A run says "Dana Wells (A-77)" where it knows the name too.
        .reduce((left, id) => left.replaceAll(`${actorName(id)} (${id})`, id), words)
        .replace(ACTOR_IDS, (id) => knownName(id) ?? id)
        // A story says of every owner "owns".
        .replaceAll('you owns', 'you own'),
    authorOf: (item) => capital(roles[actorOf(item)] ?? item.senders[0]?.name ?? nameOf(actorOf(item))),
    isAi: (item) => item.client.clientType === 'INTEGRATION',
  };
};

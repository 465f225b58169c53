import type { ThreadItem } from '../../simulator/simulator.ts';

/** The agent who sits at the page. */
export const AGENT = 'A-90210';

/** Who is who in the demo's portal. */
export interface People {
  nameOf(actorId: string): string;
  /** Puts names in place of the ids of those who are known. */
  named(words: string): string;
  authorOf(item: ThreadItem): string;
  /** Whether the AI, or the app that it speaks through, wrote it. */
  isAi(item: ThreadItem): boolean;
}

export const createPeople = ({ aiActorId, appId }: { aiActorId: string; appId: string }): People => {
  const names: Record<string, string> = {
    'S-hubspot': 'HubSpot',
    [aiActorId]: 'the AI',
    [AGENT]: 'you',
    [`I-${appId}`]: 'the AI',
  };
  const nameOf = (actorId: string): string => names[actorId] ?? (actorId.startsWith('V-') ? 'A visitor' : actorId);
  const actorOf = (item: ThreadItem): string => item.senders[0]?.actorId ?? item.createdBy;
  const capital = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);
  return {
    nameOf,
    // A story says of every owner "owns".
    named: (words) =>
      Object.entries(names)
        .reduce((left, [id, name]) => left.replaceAll(id, name), words)
        .replaceAll('you owns', 'you own'),
    authorOf: (item) => capital(names[actorOf(item)] ?? item.senders[0]?.name ?? nameOf(actorOf(item))),
    isAi: (item) => item.client.clientType === 'INTEGRATION',
  };
};

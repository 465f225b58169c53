import type { WebhookEvent } from './events.ts';

/** What HubSpot may do to events on their way. All off by default. */
export interface Variations {
  /** Every event comes twice: as it was, or under another eventId (HubSpot: eventId "not guaranteed to be unique"). */
  duplicate: 'none' | 'same-event-id' | 'new-event-id';
  /** Events of one moment arrive in any order. */
  shuffle: boolean;
  /** Ids come as strings. */
  stringIds: boolean;
  /** Each batch also holds an event of a type that nobody has heard of, and every event a field of that kind. */
  strangers: boolean;
}

export const NO_VARIATIONS: Variations = { duplicate: 'none', shuffle: false, stringIds: false, strangers: false };

const ID_FIELDS = ['eventId', 'subscriptionId', 'portalId', 'appId', 'objectId'] as const;

const withStringIds = (event: WebhookEvent): WebhookEvent => ({
  ...event,
  ...Object.fromEntries(ID_FIELDS.map((field) => [field, String(event[field])])),
});

const shuffled = <T>(items: T[], random: () => number): T[] =>
  items
    .map((item) => ({ item, place: random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);

const strangerLike = (event: WebhookEvent): WebhookEvent => ({
  ...event,
  eventId: Number(event.eventId) + 1,
  subscriptionType: 'starship.launched',
});

/** The events as they leave, with the variations asked for. `random` gives numbers from 0 to 1. */
export const vary = (events: WebhookEvent[], variations: Variations, random: () => number): WebhookEvent[] => {
  let varied = events;
  if (variations.duplicate === 'same-event-id') varied = varied.flatMap((event) => [event, event]);
  if (variations.duplicate === 'new-event-id') {
    varied = varied.flatMap((event) => [event, { ...event, eventId: Number(event.eventId) + 1 }]);
  }
  if (variations.strangers) {
    const [first] = varied;
    varied = varied.map((event) => ({ ...event, warpFactor: { unknown: ['to', 'everyone'] } }));
    if (first) varied = [...varied, strangerLike(first)];
  }
  if (variations.shuffle) varied = shuffled(varied, random);
  if (variations.stringIds) varied = varied.map(withStringIds);
  return varied;
};

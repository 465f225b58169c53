import { waitInWords } from '../duration.ts';
import type { Notification, NotificationLinks, NotifyEvent } from './notification.ts';

/** How long the customer had waited when it happened, in whole seconds. */
const waitedSeconds = ({ at, waitingSince }: Notification): number | null =>
  waitingSince === undefined ? null : Math.max(0, Math.round((at - waitingSince) / 1000));

/** The body of a webhook, by the Standard Webhooks specification: `type`, `timestamp`, `data`. */
export const webhookBody = (notification: Notification, links: NotificationLinks): object => {
  const { event, about: _, at, waitingSince, ...data } = notification;
  const waited = waitedSeconds(notification);
  return {
    type: event,
    timestamp: new Date(at).toISOString(),
    data: {
      ...data,
      ...(waitingSince === undefined ? {} : { waitingSince: new Date(waitingSince).toISOString() }),
      ...(waited === null ? {} : { waitedSeconds: waited }),
      links,
    },
  };
};

const TITLES: Record<NotifyEvent, string> = {
  handoff: 'A customer waits for an agent',
  'needs-attention': 'A run needs attention',
  'not-picked-up': 'No agent took the conversation over in time',
  budget: 'A limit of the AI is reached',
  stopped: "The AI's emergency stop",
  csat: 'A customer has rated the help',
};

/** Slack reads these three as its own markup, such as a mention of a whole channel. */
const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** The longest that Slack takes in a section is 3,000 characters, with what escaping makes of them. */
const LONGEST_WORDS = 500;

const LINK_WORDS: [keyof NotificationLinks, string][] = [
  ['thread', 'Open in HubSpot'],
  ['run', 'What the AI did'],
  ['ops', 'The desk'],
];

/** The body for an incoming webhook of Slack's, or of what takes the same: Mattermost, Rocket.Chat. */
export const slackBody = (notification: Notification, links: NotificationLinks): object => {
  const { event, portalId, channel, reason, detail, words, language, sentiment, score, run } = notification;
  const waited = waitedSeconds(notification);
  const title = TITLES[event];
  const why = [detail ?? reason, words].filter((line) => line !== undefined);
  const facts = [
    `portal ${portalId}`,
    score === undefined ? undefined : `${score} of 5`,
    channel,
    language,
    sentiment,
    waited === null ? undefined : `waits ${waitInWords(waited * 1000)}`,
  ].filter((fact) => fact !== undefined);
  // As code, which a reader can copy.
  const runs = run === undefined ? [] : [`\`${escaped(run)}\``];
  const linked = LINK_WORDS.flatMap(([to, text]) => (links[to] === undefined ? [] : [`<${links[to]}|${text}>`]));
  // Verbatim: of what stands there Slack makes no link of its own.
  const mrkdwn = (text: string) => ({ type: 'mrkdwn', text, verbatim: true });
  const section = (text: string) => ({ type: 'section', text: mrkdwn(text) });
  const shown = why.map((line) => escaped(line.slice(0, LONGEST_WORDS)));
  return {
    text: escaped([title, detail ?? reason, facts.join(', ')].filter((part) => part !== undefined).join(' · ')),
    blocks: [
      section([`*${escaped(title)}*`, ...shown].join('\n')),
      { type: 'context', elements: [mrkdwn([...facts.map(escaped), ...runs].join(' · '))] },
      ...(linked.length === 0 ? [] : [section(linked.join(' · '))]),
    ],
  };
};

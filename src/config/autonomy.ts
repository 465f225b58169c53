import { z } from 'zod';
import { HUBSPOT_CHANNELS, isChannelName } from '../hubspot/channels.ts';
import { AUTONOMY_LEVELS, type PortalAutonomy } from '../rules/speaking/autonomy.ts';
import { listOf } from './list-of.ts';
import { commaSeparated } from './primitives.ts';

/** What counts where nothing is said. */
export const AUTONOMOUS: PortalAutonomy = { default: 'auto', channels: {} };

const autonomyLevel = z.enum(AUTONOMY_LEVELS, { error: `must be ${listOf(AUTONOMY_LEVELS)}` });

const autonomyLevels = z
  .record(
    z.string().refine((name) => name === 'default' || isChannelName(name)),
    autonomyLevel,
    {
      error: ({ code }) =>
        code === 'invalid_key'
          ? `is no channel: ${HUBSPOT_CHANNELS.join(', ')}, or channel and the id of a custom one`
          : `must be ${listOf(AUTONOMY_LEVELS)}, or levels by channel`,
    },
  )
  .transform(({ default: rest = 'auto', ...channels }): PortalAutonomy => ({ default: rest, channels }));

/** `auto`, or `auto, email=approve`: what has no channel is for all others. */
export const autonomyInEnvironment = z
  .string()
  .transform((text) => Object.fromEntries(commaSeparated(text).map((part) => levelIn(part))))
  .pipe(autonomyLevels);

const levelIn = (part: string): [channel: string, level: string] => {
  const [channel = '', level] = part
    .toLowerCase()
    .split('=')
    .map((side) => side.trim());
  return level === undefined ? ['default', channel] : [channel, level];
};

/** One level as text, or levels by channel. */
export const autonomyInFile = z.preprocess(
  (said) => (typeof said === 'string' ? { default: said } : said),
  autonomyLevels,
);

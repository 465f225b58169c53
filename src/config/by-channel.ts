import { z } from 'zod';
import { HUBSPOT_CHANNELS, isChannelName } from '../hubspot/channels.ts';
import { commaSeparated } from './primitives.ts';

/**
 * A value for each channel by its name, and for all others under `default`. `must`: what is said of anything
 * else.
 */
export const byChannel = <Value extends z.ZodType>(value: Value, must: string) =>
  z.record(
    z.string().refine((name) => name === 'default' || isChannelName(name)),
    value,
    {
      error: ({ code }) =>
        code === 'invalid_key'
          ? `is no channel: ${HUBSPOT_CHANNELS.join(', ')}, or channel and the id of a custom one`
          : must,
    },
  );

/** `0.5`, or `0.5, email=0.7`: what has no channel is for all others, under `default`. */
export const partsByChannel = (text: string): Record<string, unknown> =>
  Object.fromEntries(
    commaSeparated(text).map((part) => {
      const [channel = '', value] = part
        .toLowerCase()
        .split('=')
        .map((side) => side.trim());
      return value === undefined ? ['default', channel] : [channel, value];
    }),
  );

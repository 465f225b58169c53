import { z } from 'zod';
import { AUTONOMY_LEVELS, type PortalAutonomy } from '../rules/speaking/autonomy.ts';
import { byChannel, partsByChannel } from './by-channel.ts';
import { listOf } from './list-of.ts';

/** What counts where nothing is said. */
export const AUTONOMOUS: PortalAutonomy = { default: 'auto', channels: {} };

const autonomyLevel = z.enum(AUTONOMY_LEVELS, { error: `must be ${listOf(AUTONOMY_LEVELS)}` });

const autonomyLevels = byChannel(autonomyLevel, `must be ${listOf(AUTONOMY_LEVELS)}, or levels by channel`).transform(
  ({ default: rest = 'auto', ...channels }): PortalAutonomy => ({ default: rest, channels }),
);

/** `auto`, or `auto, email=approve`: what has no channel is for all others. */
export const autonomyInEnvironment = z.string().transform(partsByChannel).pipe(autonomyLevels);

/** One level as text, or levels by channel. */
export const autonomyInFile = z.preprocess(
  (said) => (typeof said === 'string' ? { default: said } : said),
  autonomyLevels,
);

import { asCalled } from '../command-line.ts';
import type { Stop, StopScope, Stops } from '../sessions/stops.ts';

/** A place in words: `portal 62515`, or `every portal`. */
export const inWords = (scope: StopScope): string => (scope === 'all' ? 'every portal' : `portal ${scope}`);

/** Stops the AI in `scope`, or ends its stop where `by` is `null`. @returns what came of it, in a line */
export const changeStop = async (stops: Stops, scope: StopScope, by: string | null): Promise<string> => {
  const place = inWords(scope);
  if (by !== null)
    return (await stops.stop(scope, by))
      ? `The AI is stopped in ${place}: it posts nothing to customers until you end the stop.`
      : `The AI was stopped in ${place} before.`;
  return (await stops.release(scope)) ? `The stop of ${place} has ended.` : `There was no stop of ${place}.`;
};

const line = ({ scope, by, at }: Stop): string =>
  `  ${inWords(scope)}, since ${at.toISOString().slice(0, 16).replace('T', ' ')} UTC, by ${by}\n`;

/** Describes what was done, and every stop that is in force, with the way back. */
export const renderStops = (did: string | null, stops: readonly Stop[]): string => {
  const first = did === null ? '' : `${did}\n`;
  if (stops.length === 0) return `${first}No stop is in force.\n`;
  return asCalled(`${first}Stops in force:\n${stops.map(line).join('')}End one: npm run stop -- --end [--portal ID]\n`);
};

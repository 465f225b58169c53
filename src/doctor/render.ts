import type { createColors } from 'picocolors';
import type { Finding, Level } from './finding.ts';

const LABEL_WIDTH = 'problem'.length;

/**
 * The findings for a person: one line each, under it what it means for customers and what to do; the last line sums up.
 */
export const renderText = (findings: readonly Finding[], colors: ReturnType<typeof createColors>): string => {
  const paint: Record<Level, (text: string) => string> = {
    ok: colors.green,
    info: colors.dim,
    warning: colors.yellow,
    problem: colors.red,
  };
  const below = ' '.repeat(LABEL_WIDTH);
  const lines = findings.flatMap(({ check, level, message, customers, remedy }) => [
    `${paint[level](level.padEnd(LABEL_WIDTH))}  ${colors.bold(check)}: ${message}`,
    ...(customers === undefined ? [] : [`${below}  customers: ${customers}`]),
    ...(remedy === undefined ? [] : [`${below}  to do: ${remedy}`]),
  ]);
  const counted = (level: Level): string => {
    const count = findings.filter((finding) => finding.level === level).length;
    return `${count} ${level}${count === 1 ? '' : 's'}`;
  };
  return `${[...lines, '', `${counted('problem')}, ${counted('warning')}`].join('\n')}\n`;
};

/** The findings for a program: a JSON array of `{check, level, message, customers?, remedy?}`. */
export const renderJson = (findings: readonly Finding[]): string => `${JSON.stringify(findings, null, 2)}\n`;

/** Says whether nothing has to be fixed before Threadkeeper works. */
export const isHealthy = (findings: readonly Finding[]): boolean => findings.every(({ level }) => level !== 'problem');

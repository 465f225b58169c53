import { type Html, html } from '../pages/html.ts';

const BAR = 14;
const GAP = 4;
const HEIGHT = 32;

/** Bars of days beside each other, the highest of all charts `most`. Its title says the numbers. */
export const dayBars = (days: readonly string[], counts: readonly number[], most: number): Html => {
  const width = days.length * (BAR + GAP) - GAP;
  const label = days.map((day, at) => `${day.slice(5)}: ${counts[at] ?? 0}`).join(', ');
  const bars = counts.map((count, at) => {
    const height = count === 0 ? 1 : Math.max(3, Math.round((count / most) * HEIGHT));
    return html`<rect x="${at * (BAR + GAP)}" y="${HEIGHT - height}" width="${BAR}" height="${height}"/>`;
  });
  return html`<svg role="img" aria-label="${label}" width="${width}" height="${HEIGHT}" viewBox="0 0 ${width} ${HEIGHT}"><title>${label}</title>${bars}</svg>`;
};

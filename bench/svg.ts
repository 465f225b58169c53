/** One bar. `value` null: there is none, which the plot says. */
export interface Bar {
  label: string;
  value: number | null;
}

export interface BarPlot {
  title: string;
  unit: string;
  groups: { label: string; bars: Bar[] }[];
  /** For values of very different size. */
  logarithmic?: boolean;
}

export interface LinePlot {
  title: string;
  x: string;
  y: string;
  series: { label: string; points: [x: number, y: number][] }[];
}

const COLOURS = ['#3b5bdb', '#868e96', '#e8590c', '#2f9e44', '#9c36b5', '#c2255c', '#1098ad', '#f08c00'];
const WIDTH = 860;
const LEFT = 190;
const RIGHT = 110;
const ROW = 16;

const escaped = (text: string): string =>
  text.replace(/[&<>"]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[sign] ?? sign);

/** Three digits that count, thousands apart. */
export const short = (value: number): string => {
  if (!Number.isFinite(value)) return '–';
  const digits = value !== 0 && Math.abs(value) < 10 ? (Math.abs(value) < 1 ? 2 : 1) : 0;
  return value.toLocaleString('en-GB', { minimumFractionDigits: 0, maximumFractionDigits: digits });
};

const text = (x: number, y: number, words: string, more = ''): string =>
  `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" ${more}>${escaped(words)}</text>`;

const picture = (height: number, title: string, parts: string[]): string =>
  [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="system-ui, ` +
      'sans-serif" font-size="11" fill="#212529">',
    `<rect width="${WIDTH}" height="${height}" fill="#fff"/>`,
    text(12, 22, title, 'font-size="15" font-weight="600"'),
    ...parts,
    '</svg>\n',
  ].join('\n');

/** Horizontal bars in groups, each with its value beside it. A bar of one name has one colour in every group. */
export const barPlot = ({ title, unit, groups, logarithmic = false }: BarPlot): string => {
  const labels = [...new Set(groups.flatMap(({ bars }) => bars.map(({ label }) => label)))];
  const values = groups.flatMap(({ bars }) =>
    bars.flatMap(({ value }) => (value !== null && value > 0 ? [value] : [])),
  );
  const most = Math.max(...values, 1e-9);
  const least = logarithmic ? Math.min(...values, most) / 2 : 0;
  const span = WIDTH - LEFT - RIGHT;
  const length = (value: number): number => {
    if (value <= 0) return 0;
    if (!logarithmic) return (value / most) * span;
    return (Math.log(value / least) / Math.log(most / least)) * span;
  };
  const parts: string[] = [text(12, 38, `${unit}${logarithmic ? ', logarithmic' : ''}`, 'fill="#868e96"')];
  let y = 62;
  for (const { label, bars } of groups) {
    parts.push(text(12, y, label, 'font-weight="600"'));
    y += 6;
    for (const bar of bars) {
      const colour = COLOURS[labels.indexOf(bar.label) % COLOURS.length];
      const width = bar.value === null ? 0 : length(bar.value);
      parts.push(
        text(LEFT - 6, y + 11, bar.label, 'text-anchor="end"'),
        `<rect x="${LEFT}" y="${y + 2}" width="${Math.max(width, 0.5).toFixed(1)}" height="${ROW - 5}" ` +
          `fill="${colour}"/>`,
        text(LEFT + width + 5, y + 11, bar.value === null ? 'left out' : short(bar.value)),
      );
      y += ROW;
    }
    y += 18;
  }
  return picture(y, title, parts);
};

/** Lines over numbers; the y axis begins at 0. */
export const linePlot = ({ title, x, y, series }: LinePlot): string => {
  const points = series.flatMap((one) => one.points);
  const [mostX, mostY] = [Math.max(...points.map(([at]) => at), 1), Math.max(...points.map(([, value]) => value), 1)];
  const [left, top, width, height] = [60, 50, WIDTH - 200, 260];
  const px = (at: number) => left + (at / mostX) * width;
  const py = (value: number) => top + height - (value / mostY) * height;
  const parts = [
    `<path d="M${left} ${top}V${top + height}H${left + width}" fill="none" stroke="#adb5bd"/>`,
    text(left - 6, top + 4, short(mostY), 'text-anchor="end"'),
    text(left - 6, top + height, '0', 'text-anchor="end"'),
    text(left + width, top + height + 16, short(mostX), 'text-anchor="end"'),
    text(left, top + height + 16, x),
    text(12, 38, y, 'fill="#868e96"'),
    ...series.flatMap(({ label, points: own }, at) => {
      const colour = COLOURS[at % COLOURS.length];
      const line = own.map(([a, b]) => `${px(a).toFixed(1)},${py(b).toFixed(1)}`).join(' ');
      return [
        `<polyline points="${line}" fill="none" stroke="${colour}" stroke-width="1.5"/>`,
        text(left + width + 12, top + 12 + at * 16, label, `fill="${colour}"`),
      ];
    }),
  ];
  return picture(top + height + 34, title, parts);
};

// Runs in the browser: draws what page.ts put into the page, with uPlot.

/* global uPlot */

const GRID_COLUMNS = 24;
const ROW_PX = 38;
// Colours that colour-blind people can tell apart too.
const PALETTE = [
  '#0072b2',
  '#e69f00',
  '#009e73',
  '#d55e00',
  '#cc79a7',
  '#56b4e9',
  '#8a6d00',
  '#5b3a8c',
  '#444444',
  '#b3b300',
];
const NAMED = { green: '#1a7f37', orange: '#b35900', red: '#c4162a', text: '#24292e' };

const SCALES = {
  short: [
    [1e6, ' Mil'],
    [1e3, ' K'],
    [1, ''],
  ],
  ms: [
    [60_000, ' min'],
    [1_000, ' s'],
    [1, ' ms'],
  ],
  s: [
    [60, ' min'],
    [1, ' s'],
    [0.001, ' ms'],
  ],
  reqps: [[1, ' req/s']],
};

const digits = (number) => {
  if (number === 0 || Number.isInteger(number)) return 0;
  if (number >= 100) return 0;
  return number >= 10 ? 1 : number >= 1 ? 2 : 3;
};

/** A value in a unit of Grafana's, in words. */
const inUnit = (value, { unit, decimals }) => {
  const scale = SCALES[unit];
  if (!scale) throw new Error(`The picture knows no unit ${unit}`);
  if (value === 0) return `0${unit === 'short' ? '' : scale.at(-1)[1]}`;
  const [size, suffix] = scale.find(([least]) => Math.abs(value) >= least) ?? scale.at(-1);
  const scaled = value / size;
  const places = size === 1 && decimals !== undefined ? decimals : digits(Math.abs(scaled));
  return `${Number(scaled.toFixed(places))}${suffix}`;
};

const element = (tag, className, text = '') => {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
};

const last = (values) => values.findLast((value) => value !== null) ?? null;

const colourOf = (value, { thresholds, mappings = [] }) => {
  const mapped = mappings[0]?.options[String(value)]?.color;
  const step = thresholds?.steps.findLast(({ value: least }) => least === null || value >= least);
  return NAMED[mapped ?? step?.color ?? 'text'];
};

const drawStat = (body, { panel, series }) => {
  const { defaults } = panel.fieldConfig;
  const hasBackground = panel.options.colorMode === 'background';
  body.classList.add('stats');
  for (const { name, values } of series) {
    const value = last(values);
    if (value === null) continue;
    const stat = element('div', 'stat');
    const colour = colourOf(value, defaults);
    const text = defaults.mappings?.[0]?.options[String(value)]?.text ?? inUnit(value, defaults);
    const figure = element('div', 'figure', text);
    if (hasBackground) Object.assign(stat.style, { background: colour, color: '#fff' });
    else figure.style.color = colour;
    stat.append(element('div', 'name', name), figure);
    body.append(stat);
  }
};

/** Each series on top of those before it. */
const stacked = (columns) => {
  const sums = columns[0]?.map(() => 0) ?? [];
  return columns.map((values) =>
    values.map((value, at) => {
      if (value === null) return null;
      sums[at] += value;
      return sums[at];
    }),
  );
};

/** Whole numbers alone, where halves make no sense. */
/** Ticks in seconds and minutes, where tens make no sense. */
const MS_STEPS = [
  ...[1, 10, 100, 1_000].flatMap((power) => [power, 2 * power, 5 * power]),
  ...[10, 15, 30, 60, 120, 300, 600, 1_800, 3_600].map((seconds) => seconds * 1_000),
];
const WHOLE_STEPS = [1, 10, 100, 1e3, 1e4, 1e5, 1e6].flatMap((power) => [power, 2 * power, 5 * power]);

const drawSeries = (body, { panel, series: all }, times) => {
  const { defaults } = panel.fieldConfig;
  const { custom } = defaults;
  const isStacked = custom.stacking?.mode === 'normal';
  const isBars = custom.drawStyle === 'bars';
  const series = all
    .filter(({ values }) => last(values) !== null)
    .sort((one, other) => (one.name < other.name ? -1 : 1));
  body.classList.add('drawing');
  const plot = element('div', 'plot');
  const legend = element('div', 'legend');
  body.append(plot, legend);
  series.forEach(({ name, values }, at) => {
    const entry = element('span', 'entry');
    const mark = element('i', isBars ? 'mark bar' : 'mark');
    mark.style.background = PALETTE[at % PALETTE.length];
    const most = Math.max(...values.filter((value) => value !== null));
    const words = panel.options.legend.calcs.includes('max') ? `${name}  max: ${inUnit(most, defaults)}` : name;
    entry.append(mark, words);
    legend.append(entry);
  });
  const columns = series.map(({ values }) => values);
  const heights = isStacked ? stacked(columns) : columns;
  const top = Math.max(0, ...heights.flat().filter((value) => value !== null));
  const { value: line } = (custom.thresholdsStyle?.mode === 'dashed' && defaults.thresholds.steps.at(-1)) || {};
  const drawn = series.map(({ name }, at) => {
    const colour = PALETTE[at % PALETTE.length];
    return {
      label: name,
      stroke: colour,
      width: isBars ? 0 : 1.5,
      ...(isBars ? { fill: colour } : {}),
      points: { show: false },
      ...(isBars ? { paths: uPlot.paths.bars({ size: [1, Number.POSITIVE_INFINITY] }) } : {}),
    };
  });
  const axis = {
    stroke: '#57606a',
    font: '11px sans-serif',
    grid: { stroke: '#e4e7eb', width: 1 },
    ticks: { show: false },
  };
  const clock = (at) => new Date(at * 1_000).toISOString().slice(11, 16);
  new uPlot(
    {
      width: plot.clientWidth,
      height: plot.clientHeight,
      cursor: { show: false },
      legend: { show: false },
      scales: { x: { time: true, range: [times[0], times.at(-1)] }, y: { range: [0, (top || 1) * 1.05] } },
      series: [{}, ...drawn.toReversed()],
      axes: [
        {
          ...axis,
          size: 24,
          values: (_, ticks) => ticks.map(clock),
          incrs: [60, 120, 300, 600, 3_600, 21_600],
          space: 50,
        },
        {
          ...axis,
          size: 58,
          space: 28,
          ...(defaults.decimals === 0 ? { incrs: WHOLE_STEPS } : {}),
          ...(defaults.unit === 'ms' ? { incrs: MS_STEPS } : {}),
          values: (_, ticks) => ticks.map((value) => inUnit(value, defaults)),
        },
      ],
      hooks: {
        draw: [
          (chart) => {
            if (line === undefined || line > top) return;
            const y = chart.valToPos(line, 'y', true);
            chart.ctx.save();
            chart.ctx.strokeStyle = NAMED.red;
            chart.ctx.setLineDash([8, 6]);
            chart.ctx.beginPath();
            chart.ctx.moveTo(chart.bbox.left, y);
            chart.ctx.lineTo(chart.bbox.left + chart.bbox.width, y);
            chart.ctx.stroke();
            chart.ctx.restore();
          },
        ],
      },
    },
    // What is stacked highest is drawn first, and the others over it.
    [times, ...heights.toReversed()],
    plot,
  );
};

const draw = ({ shown, times }) => {
  const grid = document.querySelector('main');
  for (const one of shown) {
    const { panel, series } = one;
    const { x, y, w, h } = panel.gridPos;
    const box = element('section', panel.type === 'row' ? 'row' : 'panel');
    box.style.gridArea = `${y + 1} / ${x + 1} / span ${h} / span ${w}`;
    box.append(element('h2', '', panel.title));
    grid.append(box);
    if (panel.type === 'row') continue;
    const body = element('div', 'body');
    box.append(body);
    if (!series.some(({ values }) => last(values) !== null)) body.append(element('p', 'empty', 'No data'));
    else if (panel.type === 'stat') drawStat(body, one);
    else drawSeries(body, one, times);
  }
  document.body.dataset.drawn = 'true';
};

document.documentElement.style.setProperty('--columns', GRID_COLUMNS);
document.documentElement.style.setProperty('--row', `${ROW_PX}px`);
draw(JSON.parse(document.getElementById('dashboard').textContent));

// Line and area charts over the last minutes, drawn at the size they have on the screen, with a reading by pointer or arrow keys and a table.

import { fill, h, s, setText } from './dom.js';
import { none, time } from './format.js';

const MINUTE = 60_000;
const SPANS = [1, 2, 3, 5];
const HEIGHT = 168;
const LEFT = 52, RIGHT = 8, TOP = 8, BOTTOM = 20;
const TABLE_STEP = 30_000;
let charts = 0;

/**
 * `lines(samples)` names the series: [{ name, css, of(sample) → number or null }]; `stacked` heaps them up, `log` gives the axis a logarithmic scale;
 * `format(value)` writes a value with its unit.
 */
export class Chart {
  #options;
  #id = `chart-${++charts}`;
  #samples = [];
  #cursor = null;
  #plot = s('svg', { role: 'img', height: HEIGHT, tabindex: 0, class: 'plot' });
  #legend = h('div', { class: 'legend' });
  #now = h('span', { class: 'now' });
  #reading = h('div', { class: 'reading', 'aria-live': 'polite' });
  #table = h('div', { class: 'scroll' });
  #details;

  constructor(options) {
    this.#options = options;
    this.#details = h('details', { on: { toggle: () => this.#drawTable() } }, h('summary', {}, 'As a table'), this.#table);
    this.element = h('figure', { class: 'chart', 'aria-labelledby': this.#id },
      h('figcaption', {}, h('span', { id: this.#id, class: 'title' }, options.title), this.#now),
      this.#legend, this.#plot, this.#reading, this.#details);
    this.#plot.addEventListener('pointermove', event => this.#read(event.offsetX));
    this.#plot.addEventListener('pointerleave', () => this.#read(null));
    this.#plot.addEventListener('blur', () => this.#read(null));
    this.#plot.addEventListener('keydown', event => this.#onKey(event));
    new ResizeObserver(() => this.#draw()).observe(this.#plot);
  }

  update(samples) {
    this.#samples = samples;
    this.#draw();
    if (this.#details.open) this.#drawTable();
  }

  #draw() {
    const width = this.#plot.clientWidth;
    if (width === 0) return;
    const { stacked, log, format, lines, title } = this.#options;
    const end = this.#samples.at(-1)?.at ?? Date.now();
    const series = lines(this.#samples);
    const minutes = SPANS.find(minutes => end - (this.#samples[0]?.at ?? end) <= minutes * MINUTE) ?? SPANS.at(-1);
    const span = minutes * MINUTE;
    const shown = this.#samples.filter(sample => sample.at >= end - span);
    const rows = shown.map(sample => ({ at: sample.at, values: values(series, sample, stacked) }));
    const scale = log ? logScale(rows) : linearScale(rows);
    const x = at => LEFT + (width - LEFT - RIGHT) * (1 - (end - at) / span);
    const y = value => TOP + (HEIGHT - TOP - BOTTOM) * (1 - scale.place(value));
    this.#rows = rows;
    this.#x = x;
    this.#series = series;

    const grid = s('g', { class: 'grid' }, scale.ticks.map(tick => [
      s('line', { x1: LEFT, x2: width - RIGHT, y1: y(tick), y2: y(tick) }),
      s('text', { x: LEFT - 6, y: y(tick) + 4, 'text-anchor': 'end' }, format(tick)),
    ]), ages(minutes).map(age => s(
      'text', { x: x(end - age * MINUTE), y: HEIGHT - 4, 'text-anchor': age === minutes ? 'start' : age === 0 ? 'end' : 'middle' },
      age === 0 ? 'now' : minutes === 1 ? `−${Math.round(age * 60)} s` : `−${age} min`)));
    const shapes = series.map((line, index) => {
      const parts = runs(rows, index);
      return stacked
        ? parts.map(part => s('path', { class: `area ${line.css}`, d: area(part, index, x, y, scale.floor) }))
        : parts.map(part => s('path', { class: `line ${line.css}`, d: path(part.map(row => [x(row.at), y(row.values[index])])) }));
    });
    fill(this.#plot, grid, s('g', { 'aria-hidden': 'true' }, shapes), this.#marker = s('line', { class: 'cursor', y1: TOP, y2: HEIGHT - BOTTOM, visibility: 'hidden' }));
    this.#plot.setAttribute('viewBox', `0 0 ${width} ${HEIGHT}`);

    const last = rows.findLast(row => row.values.some(value => value !== null));
    setText(this.#now, last ? stacked ? format(last.values.at(-1)) : `${series[0].name.split(',')[0]} ${format(last.values[0])}` : none);
    this.#plot.setAttribute('aria-label', `${title}, the last ${minutes === 1 ? 'minute' : `${minutes} minutes`}. ${last ? series.map((line, index) => `${line.name}: ${format(own(last, index, stacked))}`).join(', ') : 'No figures yet'}. Arrow keys read it point by point.`);
    fill(this.#legend, series.map(line => h('span', { class: `key ${line.css}` }, line.name)));
    this.#point();
  }

  #rows = [];
  #series = [];
  #x = () => 0;
  #marker = null;

  #read(offset) {
    this.#cursor = offset === null ? null : this.#nearest(offset)?.at ?? null;
    this.#point();
  }

  #onKey(event) {
    const step = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity }[event.key];
    if (step === undefined || this.#rows.length === 0) return;
    event.preventDefault();
    const at = this.#cursor === null ? this.#rows.length : this.#rows.findIndex(row => row.at === this.#cursor);
    this.#cursor = this.#rows[Math.max(0, Math.min(this.#rows.length - 1, at + step))].at;
    this.#point();
  }

  #nearest(offset) {
    return this.#rows.reduce((best, row) => !best || Math.abs(this.#x(row.at) - offset) < Math.abs(this.#x(best.at) - offset) ? row : best, null);
  }

  #point() {
    const row = this.#cursor === null ? null : this.#rows.find(row => row.at === this.#cursor);
    if (!row) {
      this.#marker?.setAttribute('visibility', 'hidden');
      setText(this.#reading, '');
      return;
    }
    const at = this.#x(row.at);
    this.#marker.setAttribute('visibility', 'visible');
    this.#marker.setAttribute('x1', at);
    this.#marker.setAttribute('x2', at);
    setText(this.#reading, `${time(row.at)}  ${this.#words(row)}`);
  }

  #words(row) {
    const { stacked, format } = this.#options;
    return row.values.every(value => value === null)
      ? 'nothing to tell'
      : this.#series.map((line, index) => `${line.name} ${format(own(row, index, stacked))}`).join('   ');
  }

  #drawTable() {
    if (!this.#details.open) return;
    const { format, stacked } = this.#options;
    const rows = [];
    for (const row of this.#rows.toReversed()) {
      if (rows.length === 0 || rows.at(-1).at - row.at >= TABLE_STEP) rows.push(row);
    }
    fill(this.#table, h('table', {},
      h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, 'Time'), this.#series.map(line => h('th', { scope: 'col' }, line.name)))),
      h('tbody', {}, rows.map(row => h('tr', {}, h('th', { scope: 'row' }, time(row.at)),
        this.#series.map((_, index) => h('td', {}, format(own(row, index, stacked)))))))));
  }
}

/** A row's values; heaped up if stacked, where a node without figures counts as nothing but a gap stays one. */
function values(series, sample, stacked) {
  if (sample.isGap) return series.map(() => null);
  const single = series.map(line => line.of(sample) ?? null);
  if (!stacked) return single;
  let sum = 0;
  return single.map(value => sum += value ?? 0);
}

const ages = minutes => minutes === 1 ? [1, 0.75, 0.5, 0.25, 0] : minutes === 2 ? [2, 1.5, 1, 0.5, 0] : Array.from({ length: minutes + 1 }, (_, nr) => minutes - nr);

const own = (row, index, stacked) => !stacked || index === 0 || row.values[index] === null ? row.values[index] : row.values[index] - row.values[index - 1];

/** Stretches of rows without a gap. */
function runs(rows, index) {
  const parts = [[]];
  for (const row of rows) {
    if (row.values[index] === null) parts.push([]);
    else parts.at(-1).push(row);
  }
  return parts.filter(part => part.length > 0);
}

const path = points => `M${points.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join('L')}${points.length === 1 ? 'h1' : ''}`;

function area(rows, index, x, y, floor) {
  const top = rows.map(row => [x(row.at), y(row.values[index])]);
  const bottom = rows.map(row => [x(row.at), y(index === 0 ? floor : row.values[index - 1])]).reverse();
  return `${path([...top, ...bottom])}Z`;
}

function linearScale(rows) {
  const most = Math.max(0, ...rows.flatMap(row => row.values.map(value => value ?? 0)));
  const step = niceStep(most / 4 || 1);
  const top = Math.max(step, Math.ceil(most / step) * step);
  return { floor: 0, place: value => value / top, ticks: Array.from({ length: Math.round(top / step) + 1 }, (_, nr) => nr * step) };
}

/** Whole decades around the values; latencies differ by factors, not by sums. */
function logScale(rows) {
  const known = rows.flatMap(row => row.values).filter(value => value !== null && value > 0);
  const low = known.length > 0 ? Math.floor(Math.log10(Math.min(...known))) : -3;
  const high = Math.max(low + 1, known.length > 0 ? Math.ceil(Math.log10(Math.max(...known))) : 0);
  const ticks = Array.from({ length: high - low + 1 }, (_, nr) => 10 ** (low + nr));
  return { floor: 10 ** low, place: value => value > 0 ? (Math.log10(value) - low) / (high - low) : 0, ticks };
}

function niceStep(rough) {
  const decade = 10 ** Math.floor(Math.log10(rough));
  return decade * [1, 2, 5, 10].find(factor => factor * decade >= rough * 0.999);
}

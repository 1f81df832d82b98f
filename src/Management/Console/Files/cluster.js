// The cluster view: figures, nodes, map, charts and what happened lately.

import { Chart } from './chart.js';
import { clip, fill, h, reconcile, setAttribute, setData, setText } from './dom.js';
import { number, ranges, rate, span, time } from './format.js';
import { NodeCards } from './nodes.js';
import { residentsHint, residentsText } from './residents.js';
import { ShardMap } from './shardmap.js';

const SHOWN = 40;

export class ClusterView {
  title = 'Cluster';
  #model;
  #history;
  #map;
  #cards;
  #charts;
  #figures;
  #log = h('ol', { class: 'log' });

  constructor(model, history, actions) {
    this.#model = model;
    this.#history = history;
    this.#map = new ShardMap(model);
    this.#cards = new NodeCards(model, actions);
    this.#figures = Object.fromEntries(['Nodes up', 'Shards running', 'On the move', 'Entities in memory', 'Answers', 'p99', 'Events written', 'Failed'].map(label => [label, h('dd')]));
    const byNode = key => samples => [...new Set(samples.flatMap(sample => Object.keys(sample[key] ?? {})))].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
      .map(name => ({ name, css: `n${model.colour(name)}`, of: sample => sample[key]?.[name] }));
    const quantiles = (middle, worst) => () => [
      { name: 'p99, slowest node', css: 'p99', of: sample => sample[worst] },
      { name: 'p50, all nodes', css: 'p50', of: sample => sample[middle] },
    ];
    this.#charts = [
      new Chart({ title: 'Answers per second', lines: byNode('asks'), stacked: true, format: rate }),
      new Chart({ title: 'Latency of answers', lines: quantiles('askP50', 'askP99'), log: true, format: span }),
      new Chart({ title: 'Events written per second', lines: byNode('events'), stacked: true, format: rate }),
      new Chart({ title: 'Latency of a write to the store', lines: quantiles('appendP50', 'appendP99'), log: true, format: span }),
    ];
    this.element = h('div', { class: 'view cluster' },
      h('h1', { class: 'quiet' }, 'Cluster'),
      h('dl', { class: 'figures panel' }, Object.entries(this.#figures).map(([label, value]) => h('div', {}, h('dt', {}, label), value))),
      this.#cards.element,
      this.#map.element,
      h('div', { class: 'below' },
        h('section', { 'aria-labelledby': 'charts-title' }, h('h2', { id: 'charts-title', class: 'quiet' }, 'The last minutes'), h('div', { class: 'charts' }, this.#charts.map(chart => chart.element))),
        h('section', { class: 'panel', 'aria-labelledby': 'log-title' }, h('div', { class: 'head' }, h('h2', { id: 'log-title' }, 'Seen since this page was opened')), this.#log)));
    history.addEventListener('change', () => this.#drawCharts());
  }

  show() {
    this.update();
    this.#drawCharts();
  }

  update() {
    const model = this.#model;
    if (!model.isKnown) return;
    this.#drawFigures();
    this.#cards.update();
    this.#map.update();
    reconcile(this.#log, model.log.slice(0, SHOWN), entry => entry.nr, entry => this.#entry(entry));
    setData(this.#log, 'empty', model.log.length === 0 || null);
  }

  #drawFigures() {
    const model = this.#model;
    const shards = [...model.shards.values()];
    const owned = shards.filter(shard => shard.owner).length;
    const up = model.members.filter(member => member.status === 'Up').length;
    const latest = this.#history.samples.at(-1);
    const sum = values => Object.values(values ?? {}).reduce((all, value) => all + value, 0);
    const set = (label, text, isBad = false) => {
      setText(this.#figures[label], text);
      setData(this.#figures[label], 'bad', isBad || null);
    };
    set('Nodes up', up === model.members.length ? number(up) : `${up} of ${model.members.length}`, up !== model.members.length);
    // One that nobody has asked for has not been started: that is nothing bad.
    set('Shards running', owned === shards.length ? number(owned) : `${owned} of ${shards.length}`);
    set('On the move', number(model.status?.shards.moving ?? null));
    set('Entities in memory', residentsText(shards));
    setAttribute(this.#figures['Entities in memory'], 'title', residentsHint(shards));
    set('Answers', latest && !latest.isGap ? rate(sum(latest.asks)) : '–');
    set('p99', latest && !latest.isGap ? span(latest.askP99) : '–');
    set('Events written', latest && !latest.isGap ? rate(sum(latest.events)) : '–');
    set('Failed', latest && !latest.isGap ? rate(latest.failed) : '–', (latest?.failed ?? 0) > 0);
  }

  #drawCharts() {
    if (!this.element.isConnected) return;
    for (const chart of this.#charts) chart.update(this.#history.samples);
    if (this.#model.isKnown) this.#drawFigures();
  }

  #entry(entry) {
    const text = h('span', { class: 'text' });
    const item = h('li', { class: entry.kind }, h('time', { datetime: entry.at }, time(entry.at)), text, entry.why && h('span', { class: 'why' }, entry.why));
    let told = 0;
    item.update = ({ kind, from, to, region, shards, text: words }) => {
      if (kind !== 'move') {
        setText(text, words);
      } else if (told !== shards.length) {
        told = shards.length;
        fill(text, `${region}/${ranges(shards)}${told === 1 ? '' : ` (${told})`}: `, clip(from ?? 'nobody'), ' → ', clip(to ?? 'nobody'));
      }
    };
    return item;
  }
}

// The map of shards, one region at a time.

import { fill, h, setAttribute, setData, setText } from './dom.js';
import { RegionMap } from './regionmap.js';

export class ShardMap {
  #model;
  #maps = new Map();
  #buttons = new Map();
  #chosen = null;
  #choice = h('div', { class: 'regions', role: 'group', 'aria-label': 'Region' });
  #detail = h('p', { class: 'detail', id: 'shard-detail' });
  #place = h('div');

  constructor(model) {
    this.#model = model;
    this.element = h('section', { class: 'panel map', 'aria-labelledby': 'map-title' },
      h('div', { class: 'head' }, h('h2', { id: 'map-title' }, 'Shards by node'), this.#choice,
        h('p', { class: 'hint', id: 'map-hint' }, 'The fuller a colour, the more entities in memory. Arrow keys walk, Enter opens.')),
      this.#detail, this.#place);
    this.#describe(null);
    model.addEventListener('moved', ({ detail }) => this.#maps.get(detail.shard.split('/')[0])?.mark(detail.shard));
  }

  update() {
    if (!this.#model.isKnown) return;
    for (const { name, shardCount } of this.#model.regions) {
      if (this.#maps.has(name)) continue;
      const button = h('button', { type: 'button', class: 'small', title: `${shardCount} shards`, data: { region: name }, on: { click: () => this.#choose(name) } }, name);
      this.#choice.append(button);
      this.#buttons.set(name, button);
      this.#maps.set(name, new RegionMap(this.#model, name, words => this.#describe(words)));
    }
    this.#choice.hidden = this.#maps.size < 2;
    if (this.#chosen === null) this.#choose(this.#maps.keys().next().value);
    else this.#maps.get(this.#chosen).update();
  }

  #choose(region) {
    this.#chosen = region;
    for (const [name, button] of this.#buttons) setAttribute(button, 'aria-pressed', String(name === region));
    const map = this.#maps.get(region);
    fill(this.#place, map.element);
    this.#describe(null);
    map.update();
  }

  /** One line of fixed place and height tells what the pointer or the focus is on: it covers nothing and works without a pointer. */
  #describe(words) {
    setText(this.#detail, words ?? 'Point at a shard, or walk to it, to read about it here.');
    setData(this.#detail, 'empty', words === null || null);
  }
}

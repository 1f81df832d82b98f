// One shard: where it runs, and the order to move it.

import { post } from './api.js';
import { confirm, toast } from './dialog.js';
import { fill, h, setText } from './dom.js';
import { none, number } from './format.js';
import { nameOfShard } from './model.js';

export class ShardView {
  title = 'Shard';
  #model;
  #feed;
  #name = null;
  #region = h('select', { id: 'shard-region', required: true });
  #number = h('input', { id: 'shard-number', type: 'number', min: 0, inputmode: 'numeric', required: true });
  #heading = h('h1', {}, 'Shard');
  #facts = h('dl', { class: 'pairs' });
  #seen = '';
  #problem = h('p', { class: 'problem', role: 'alert', hidden: true });

  constructor(model, feed) {
    this.#model = model;
    this.#feed = feed;
    this.element = h('div', { class: 'view' },
      h('form', { class: 'search panel', on: { submit: event => this.#go(event) } },
        h('div', { class: 'field' }, h('label', { for: 'shard-region' }, 'Region'), this.#region),
        h('div', { class: 'field' }, h('label', { for: 'shard-number' }, 'Shard'), this.#number),
        h('button', { type: 'submit', class: 'primary' }, 'Show')),
      this.#problem,
      this.body = h('section', { class: 'panel', hidden: true }, h('div', { class: 'head' }, this.#heading), this.#facts,
        h('div', { class: 'buttons' }, h('button', { type: 'button', on: { click: () => this.#move() } }, 'Move …'))));
  }

  show([region, shard]) {
    this.#name = region === undefined || shard === undefined ? null : nameOfShard({ region, shard });
    this.#seen = '';
    this.#drawRegions();
    if (this.#name === null) {
      this.#problem.hidden = this.body.hidden = true;
      this.#number.focus();
      return;
    }
    this.#region.value = region;
    this.#number.value = shard;
    this.update();
  }

  update() {
    this.#drawRegions();
    if (this.#name === null || !this.#model.isKnown) return;
    const shard = this.#model.shards.get(this.#name);
    this.#problem.hidden = Boolean(shard);
    this.body.hidden = !shard;
    if (shard) this.#draw(shard);
    else setText(this.#problem, `There is no shard ${this.#name}. ${this.#model.regions.map(region => `${region.name} has 0 to ${region.shardCount - 1}`).join(', ')}.`);
  }

  #drawRegions() {
    const known = [...this.#region.options].map(option => option.value);
    for (const { name } of this.#model.regions) {
      if (!known.includes(name)) this.#region.append(h('option', { value: name }, name));
    }
  }

  #go(event) {
    event.preventDefault();
    location.hash = `#/shard/${encodeURIComponent(this.#region.value)}/${Number(this.#number.value)}`;
  }

  #draw(shard) {
    const text = JSON.stringify(shard);
    if (text === this.#seen) return;
    this.#seen = text;
    setText(this.#heading, `Shard ${shard.name}`);
    fill(this.#facts, [
      ['Owner', shard.owner ?? 'nobody'],
      ['Epoch', shard.epoch],
      ['On its way to', shard.target && shard.target !== shard.owner ? shard.target : none],
      ['Entities in memory', number(shard.entities ?? null)],
    ].map(([label, value]) => h('div', {}, h('dt', {}, label), h('dd', {}, value))));
  }

  #nodes(but) {
    const open = this.#model.members.filter(member => member.status === 'Up' && member.name !== but && (member.roles?.includes('entity') ?? true));
    return h('select', { id: 'dialog-node', required: true }, open.map(member => h('option', { value: member.name }, member.name)));
  }

  async #move() {
    const { region, shard, name, owner, epoch } = this.#model.shards.get(this.#name);
    const done = await confirm({
      title: `Move shard ${name}?`, verb: `Move shard ${name}`, fields: [{ name: 'node', label: 'To', input: this.#nodes(owner) }],
      consequence: `It leaves ${owner ?? 'nobody'} with its entities; callers wait for a moment. It stays where it is put until the balance asks for something else.`,
      act: body => post(`/shards/${encodeURIComponent(region)}/${shard}/move`, { ...body, expectedEpoch: epoch }),
    });
    if (!done) return;
    toast(done.state === 'there' ? `Shard ${name} is there already.` : `The move of shard ${name} is ordered.`, 'good');
    this.#feed.refresh();
  }
}

// One shard: where it runs, since when and why, what keeps it there, and the orders about it.

import { ask } from './dialog.js';
import { addOptions, cell, clip, fill, h, head, setText } from './dom.js';
import { dateTime, none, span } from './format.js';
import { isOnItsWay, linkOfShard, nameOfShard } from './model.js';
import { residentText } from './residents.js';

const AGAIN = 4_000;

export class ShardView {
  title = 'Shard';
  #model;
  #actions;
  #timer;
  #whyText = '';
  #whyProblem = h('p', { class: 'problem', role: 'alert', hidden: true });
  #why = h('div', { class: 'stack' });
  #name = null;
  #wanted;
  #region = h('select', { id: 'shard-region', required: true });
  #number = h('input', { id: 'shard-number', type: 'number', min: 0, inputmode: 'numeric', required: true });
  #heading = h('h1', {}, 'Shard');
  #facts = h('dl', { class: 'pairs' });
  #seen = '';
  #problem = h('p', { class: 'problem', role: 'alert', hidden: true });

  constructor(model, actions) {
    this.#model = model;
    this.#actions = actions;
    const act = (label, run) => h('button', { type: 'button', class: 'act', on: { click: () => run(this.#model.shards.get(this.#name)) } }, `${label} …`);
    this.pin = act('Pin', shard => actions.pin(shard));
    this.back = act('Take back', shard => this.#actions.takeBack(shard));
    this.element = h('div', { class: 'view' },
      h('form', { class: 'search panel', on: { submit: event => this.#go(event) } },
        h('div', { class: 'field' }, h('label', { for: 'shard-region' }, 'Region'), this.#region),
        h('div', { class: 'field' }, h('label', { for: 'shard-number' }, 'Shard'), this.#number),
        h('button', { type: 'submit', class: 'primary' }, 'Show')),
      this.#problem,
      this.body = h('div', { class: 'stack', hidden: true },
        h('section', { class: 'panel' }, h('div', { class: 'head' }, this.#heading), this.#facts,
          h('div', { class: 'buttons' }, act('Move', shard => actions.move(shard)), this.pin, this.back)),
        this.#whyProblem, this.#why));
  }

  hide() {
    clearTimeout(this.#timer);
  }

  show([region, shard]) {
    clearTimeout(this.#timer);
    this.#name = region === undefined || shard === undefined ? null : nameOfShard({ region, shard });
    this.#seen = this.#whyText = '';
    fill(this.#why);
    this.#wanted = region;
    this.#drawRegions();
    if (this.#name === null) {
      this.#problem.hidden = this.body.hidden = true;
      this.#number.focus();
      return;
    }
    this.#number.value = shard;
    this.update();
    return this.#askWhy(region, shard);
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
    addOptions(this.#region, this.#model.regions.map(({ name }) => name));
    // The regions may be known later than the one that is wanted.
    if (this.#wanted !== undefined && this.#model.regions.some(({ name }) => name === this.#wanted)) {
      this.#region.value = this.#wanted;
      this.#wanted = undefined;
    }
  }

  #go(event) {
    event.preventDefault();
    location.hash = linkOfShard({ region: this.#region.value, shard: Number(this.#number.value) });
  }

  #draw(shard) {
    const text = JSON.stringify(shard);
    if (text === this.#seen) return;
    this.#seen = text;
    setText(this.#heading, `Shard ${shard.name}`);
    this.pin.hidden = shard.order?.kind === 'pin';
    this.back.hidden = !shard.order;
    setText(this.back, shard.order?.kind === 'pin' ? 'Unpin …' : 'Take the move back …');
    fill(this.#facts, [
      ['Owner', shard.owner ? clip(shard.owner) : 'nobody'],
      ['Epoch', shard.epoch],
      ['On its way to', isOnItsWay(shard) ? shard.target : none],
      ['Entities in memory', residentText(shard)],
      ['Order', shard.order ? `${shard.order.kind} to ${shard.order.node}` : none],
    ].map(([label, value]) => h('div', {}, h('dt', {}, label), h('dd', {}, value))));
  }

  async #askWhy(region, shard) {
    const name = this.#name;
    const answer = await ask(`/shards/${encodeURIComponent(region)}/${encodeURIComponent(shard)}/why`, this.#whyProblem);
    if (this.#name !== name) return;
    if (answer) this.#drawWhy(answer);
    clearTimeout(this.#timer);
    if (this.element.isConnected && !this.body.hidden) this.#timer = setTimeout(() => this.#askWhy(region, shard), AGAIN);
  }

  #drawWhy(answer) {
    const text = JSON.stringify(answer);
    if (text === this.#whyText) return;
    this.#whyText = text;
    const { since, reason, order, keeps, decisions } = answer;
    fill(this.#why,
      h('section', { class: 'panel', 'aria-labelledby': 'why-title' },
        h('div', { class: 'head' }, h('h2', { id: 'why-title' }, 'Why it is there')),
        h('dl', { class: 'pairs stacked' },
          h('div', {}, h('dt', {}, 'Since'), h('dd', {}, since ? dateTime(since) : 'not known')), h('div', {}, h('dt', {}, 'Because'), h('dd', {}, reason ?? 'no decision that is kept says so')),
          order && h('div', {}, h('dt', {}, 'Ordered'), h('dd', {}, `${order.kind} to ${order.node} by ${order.by || 'somebody'} at ${dateTime(order.at)}: ${order.reason || 'no reason given'}`)),
          h('div', {}, h('dt', {}, 'What keeps it from moving'), h('dd', {}, keeps.length > 0 ? h('ul', { class: 'keeps' }, keeps.map(word => h('li', {}, word))) : 'nothing')))),
      decisions.length > 0 && h('section', { class: 'panel', 'aria-labelledby': 'decisions-title' },
        h('div', { class: 'head' }, h('h2', { id: 'decisions-title' }, 'Latest decisions')),
        h('div', { class: 'scroll' }, h('table', { class: 'stacking' },
          head('When', 'What', 'From', 'To', 'Why', 'Took'),
          h('tbody', {}, decisions.map(({ nr, at, kind, from, to, reason: because, numbers }) => h('tr', { data: { nr } },
            cell('When', h('time', { datetime: at }, dateTime(at))), cell('What', KINDS[kind] ?? kind), cell('From', from ? clip(from) : none), cell('To', clip(to)), cell('Why', because),
            cell('Took', span(numbers?.handOverSeconds ?? null)))))))));
  }
}

const KINDS = { move: 'hand-over begun', home: 'given a home', arrived: 'order carried out', gaveUp: 'order given up' };

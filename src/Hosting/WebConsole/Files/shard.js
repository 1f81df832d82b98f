// One shard: where it is and why, who had it before, and the orders that can be given to it.

import { ApiError, get, post, remove } from './api.js';
import { confirm, explain, toast } from './dialog.js';
import { fill, h, setText } from './dom.js';
import { dateTime, number } from './format.js';

const AGAIN = 3_000;

export class ShardView {
  title = 'Shard';
  #model;
  #feed;
  #shard = null;
  #answer = null;
  #seen = '';
  #timer;
  #input = h('input', { id: 'shard-number', type: 'number', min: 0, inputmode: 'numeric', required: true });
  #heading = h('h1', {}, 'Shard');
  #facts = h('dl', { class: 'pairs' });
  #buttons = h('div', { class: 'buttons' });
  #problem = h('p', { class: 'problem', role: 'alert', hidden: true });
  #history = h('div', { class: 'stack' });

  constructor(model, feed) {
    this.#model = model;
    this.#feed = feed;
    this.element = h('div', { class: 'view' },
      h('form', { class: 'search panel', on: { submit: event => this.#go(event) } },
        h('div', { class: 'field' }, h('label', { for: 'shard-number' }, 'Shard'), this.#input), h('button', { type: 'submit', class: 'primary' }, 'Show')),
      this.#problem,
      this.body = h('div', { class: 'stack', hidden: true }, h('section', { class: 'panel' }, h('div', { class: 'head' }, this.#heading), this.#facts, this.#buttons), this.#history));
  }

  async show([shard]) {
    this.#input.max = Math.max(0, this.#model.shards.length - 1) || '';
    if (shard === undefined) {
      this.body.hidden = true;
      this.#shard = null;
      this.#input.focus();
      return;
    }
    this.#shard = Number(shard);
    this.#input.value = this.#shard;
    this.#answer = null;
    this.#seen = '';
    await this.#load();
  }

  hide() {
    clearTimeout(this.#timer);
  }

  update() {
    if (this.#shard === null) return;
    // Another epoch or target than the history tells: there is more to tell.
    const known = this.#model.shards[this.#shard];
    if (known && this.#answer && (known.epoch !== this.#answer.epoch || known.target !== this.#answer.target)) this.#load();
  }

  async #load() {
    clearTimeout(this.#timer);
    const shard = this.#shard;
    try {
      const answer = await get(`/shards/${shard}/why`);
      if (shard !== this.#shard) return;
      this.#answer = answer;
      this.#problem.hidden = true;
      this.body.hidden = false;
      this.#draw();
    } catch (refused) {
      if (!(refused instanceof ApiError)) throw refused;
      this.#problem.hidden = false;
      setText(this.#problem, explain(refused));
      this.body.hidden = refused.status !== 0;
    }
    if (this.element.isConnected) this.#timer = setTimeout(() => this.#load(), AGAIN);
  }

  #go(event) {
    event.preventDefault();
    location.hash = `#/shard/${Number(this.#input.value)}`;
  }

  #draw() {
    const text = JSON.stringify(this.#answer) + this.#model.shards[this.#shard]?.entities;
    if (text === this.#seen) return;
    this.#seen = text;
    const why = this.#answer;
    const known = this.#model.shards[why.shard];
    setText(this.#heading, `Shard ${why.shard}`);
    fill(this.#facts, [
      ['Owner', why.owner ?? 'nobody'],
      ['Epoch', why.epoch],
      ['Belongs to', why.target ? `${why.target}${why.target !== why.owner ? ' (on its way)' : ''}` : '–'],
      ['Because', why.reason ?? '–'],
      ['Entities in memory', number(known?.entities ?? null)],
      ['Pin', why.pin ? `${why.pin.node}${why.pin.reason ? `: ${why.pin.reason}` : ''}${why.pin.by ? `, by ${why.pin.by}` : ''}, ${dateTime(why.pin.at)}` : 'none'],
    ].map(([label, value]) => h('div', {}, h('dt', {}, label), h('dd', {}, value))));
    fill(this.#buttons,
      h('button', { type: 'button', on: { click: () => this.#move() } }, 'Move …'),
      h('button', { type: 'button', on: { click: () => this.#pin() } }, why.pin ? 'Pin elsewhere …' : 'Pin …'),
      why.pin && h('button', { type: 'button', on: { click: () => this.#unpin() } }, 'Unpin …'));
    fill(this.#history,
      h('section', { class: 'panel' }, h('div', { class: 'head' }, h('h2', {}, 'Decisions'), h('p', { class: 'hint' }, 'Where the coordinator wanted it, latest first.')),
        table(['Nr', 'When', 'To', 'Reason', 'Decided by', 'Numbers'], why.decisions.map(decision => [
          decision.nr, dateTime(decision.at), decision.target, decision.reason, `${decision.decidedBy}, term ${decision.term}`, figures(decision.numbers)]), 'No decision is on record.')),
      h('section', { class: 'panel' }, h('div', { class: 'head' }, h('h2', {}, 'Owners'), h('p', { class: 'hint' }, 'Who held it under which epoch, latest first.')),
        table(['Epoch', 'Since', 'Owner', 'Acquired by'], why.owners.map(owner => [owner.epoch, dateTime(owner.at), owner.owner, owner.acquiredBy]), 'It has had no owner.')));
  }

  #nodes(but) {
    const open = this.#model.members.filter(member => member.status === 'Up' && !member.order && member.name !== but && (member.roles?.includes('entity') ?? true));
    return h('select', { id: 'dialog-node', required: true }, open.map(member => h('option', { value: member.name }, member.name)));
  }

  async #move() {
    const { shard, owner, epoch, pin } = this.#answer;
    const done = await confirm({
      title: `Move shard ${shard}?`, verb: `Move shard ${shard}`, fields: [{ name: 'node', label: 'To', input: this.#nodes(owner) }],
      consequence: `It leaves ${owner ?? 'nobody'} with its entities; callers wait for milliseconds. It stays where it is put until the balance asks for something else.${pin ? ` It is pinned to ${pin.node}, which a move contradicts.` : ''}`,
      act: body => post(`/shards/${shard}/move`, { ...body, expectedEpoch: epoch }),
    });
    this.#done(done, done?.state === 'there' ? `Shard ${shard} is there already.` : `The move of shard ${shard} is ordered.`);
  }

  async #pin() {
    const { shard } = this.#answer;
    const done = await confirm({
      title: `Pin shard ${shard}?`, verb: `Pin shard ${shard}`, fields: [{ name: 'node', label: 'To', input: this.#nodes() }],
      consequence: 'It lives on that node whenever the node is up and under no order, whatever the balance, until it is unpinned.',
      act: body => post(`/shards/${shard}/pin`, body),
    });
    this.#done(done, `Shard ${shard} is pinned to ${done?.node}.`);
  }

  async #unpin() {
    const { shard, pin } = this.#answer;
    const done = await confirm({
      title: `Unpin shard ${shard}?`, verb: `Unpin shard ${shard}`,
      consequence: `It is pinned to ${pin.node} now. After that the balance decides where it lives.`,
      act: body => remove(`/shards/${shard}/pin`, body),
    });
    this.#done(done, `Shard ${shard} is no longer pinned.`);
  }

  #done(done, words) {
    if (!done) return;
    toast(words, 'good');
    this.#feed.refresh();
    this.#load();
  }
}

/** A table whose cells carry their column's name, for screens too narrow for columns. */
export function table(columns, rows, nothing) {
  if (rows.length === 0) return h('p', { class: 'hint' }, nothing);
  return h('div', { class: 'scroll' }, h('table', { class: 'stacking' },
    h('thead', {}, h('tr', {}, columns.map(column => h('th', { scope: 'col' }, column)))),
    h('tbody', {}, rows.map(cells => h('tr', {}, cells.map((cell, index) => h('td', { data: { label: columns[index] } }, cell)))))));
}

const figures = numbers => numbers === null || numbers === undefined ? '–'
  : h('span', { class: 'numbers' }, flat(numbers, '').map(text => h('span', {}, text)));

/** { rate: 1, to: { shards: 2 } } as "rate 1", "to: shards 2". */
const flat = (value, prefix) => Object.entries(value ?? {}).flatMap(([name, inner]) =>
  inner !== null && typeof inner === 'object' ? flat(inner, `${prefix}${name}: `) : [`${prefix}${name} ${inner}`]);

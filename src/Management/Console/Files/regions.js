// Every region: how its shards are spread over nodes, what is in memory there; and of one of them each shard.

import { cell, clip, fill, h, head, setText } from './dom.js';
import { none, number, ranges } from './format.js';
import { isOnItsWay, linkOfShard } from './model.js';
import { residentText, residentsHint, residentsText } from './residents.js';

export class RegionsView {
  title = 'Regions';
  #model;
  #region = null;
  #drawn = '';
  #problem = h('p', { class: 'problem', role: 'alert', hidden: true });
  #body = h('div', { class: 'stack' });

  constructor(model) {
    this.#model = model;
    this.element = h('div', { class: 'view' },
      h('div', { class: 'head page' }, this.heading = h('h1', {}, 'Regions'), this.hint = h('p', { class: 'hint' })), this.#problem, this.#body);
  }

  show([region]) {
    this.#region = region ?? null;
    this.#drawn = '';
    this.update();
  }

  update() {
    const model = this.#model;
    if (!model.isKnown) return;
    const region = model.regions.find(({ name }) => name === this.#region);
    this.#problem.hidden = this.#region === null || Boolean(region);
    if (!this.#problem.hidden) setText(this.#problem, `There is no region ${this.#region}; there are ${model.regions.map(({ name }) => name).join(', ')}.`);
    const shown = this.#region === null ? model.regions : region ? [region] : [];
    const shards = shown.map(({ name }) => model.shardsOf(name));
    const text = JSON.stringify([this.#region, shown, model.members.map(member => [member.name, member.status]), shards.flat().map(shard => [shard.owner, shard.epoch, shard.target, shard.entities, shard.order])]);
    if (text === this.#drawn) return;
    this.#drawn = text;
    setText(this.heading, region ? `Region ${region.name}` : 'Regions');
    fill(this.hint, region ? h('a', { href: '#/regions' }, 'all regions') : 'One for each kind of entity. What an owner does not tell is not known, and not none.');
    fill(this.#body, shown.map(({ name }, at) => this.#panel(name, shards[at])), region && this.#shards(shards[0]));
  }

  #panel(name, shards) {
    const running = shards.filter(shard => shard.owner);
    const moving = running.filter(isOnItsWay);
    const hosts = this.#model.members.filter(member => member.status === 'Up' && (member.roles?.includes('entity') ?? true)).map(member => member.name);
    const owners = [...new Set([...running.map(shard => shard.owner), ...hosts])].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
    const idle = shards.filter(shard => !shard.owner);
    const row = (owner, those, label) => h('tr', { data: { owner } },
      cell('Node', label), cell('Shards', number(those.length)), cell('Entities in memory', memory(owner ? those : [], owner !== '')),
      cell('Which', those.length > 0 ? h('span', { class: 'which' }, ranges(those.map(shard => shard.shard))) : none));
    return h('section', { class: 'panel', 'aria-label': `Region ${name}`, data: { region: name } },
      h('div', { class: 'head' }, h('h2', {}, h('a', { href: `#/regions/${encodeURIComponent(name)}` }, clip(name)))),
      h('dl', { class: 'pairs' }, [
        ['Shards', number(shards.length)],
        ['Running', number(running.length)],
        ['Nobody has asked for', number(shards.filter(shard => !shard.owner && !shard.target).length)],
        ['On their way', number(moving.length)],
        ['Entities in memory', memory(shards, true)],
      ].map(([label, value]) => h('div', {}, h('dt', {}, label), h('dd', {}, value)))),
      h('div', { class: 'scroll' }, h('table', { class: 'stacking' },
        head('Node', 'Shards', 'Entities in memory', 'Which'),
        h('tbody', {}, owners.map(owner => row(owner, running.filter(shard => shard.owner === owner),
          [h('span', { class: `swatch n${this.#model.colour(owner)}`, 'aria-hidden': 'true' }), ' ', clip(owner)])),
        idle.length > 0 && row('', idle, 'not running')))));
  }

  #shards(shards) {
    return h('section', { class: 'panel', 'aria-label': 'Shards' },
      h('div', { class: 'head' }, h('h2', {}, 'Each shard')),
      h('div', { class: 'scroll' }, h('table', { class: 'stacking' },
        head('Shard', 'Owner', 'Epoch', 'Entities in memory', 'On its way to', 'Order'),
        h('tbody', {}, shards.map(shard => h('tr', { data: { shardRow: shard.name } },
          cell('Shard', h('a', { href: linkOfShard(shard) }, shard.name)), cell('Owner', shard.owner ? clip(shard.owner) : 'nobody'),
          cell('Epoch', shard.epoch), cell('Entities in memory', residentText(shard)),
          cell('On its way to', isOnItsWay(shard) ? clip(shard.target) : none),
          cell('Order', shard.order ? `${shard.order.kind} to ${shard.order.node}` : none)))))));
  }
}

function memory(shards, isRunning) {
  if (!isRunning) return none;
  const hint = residentsHint(shards);
  return h('span', { title: hint }, residentsText(shards), hint && h('span', { class: 'fine' }, ` (${hint})`));
}

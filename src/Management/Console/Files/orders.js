// What operators want at present: about nodes and about shards, by whom, why and since when; and what became of the latest orders.

import { cell, clip, fill, h, head } from './dom.js';
import { count, dateTime, none } from './format.js';
import { linkOfShard } from './model.js';

const SHOWN = 50;

export class OrdersView {
  title = 'Orders';
  #model;
  #log;
  #actions;
  #drawn = '';
  #rows = h('tbody');
  #nothing = h('p', { class: 'hint' }, 'Nothing is ordered: the balance alone says where shards are.');
  #table = table(['Order', 'On', 'To', 'By', 'Why', 'Since', 'Now', 'Action'], this.#rows);
  #endings = h('tbody');
  #noEndings = h('p', { class: 'hint' }, 'None of the latest decisions ends an order.');
  #ended = table(['When', 'Shard', 'To', 'What became of it', 'Coordinator'], this.#endings);

  constructor(model, log, actions) {
    this.#model = model;
    this.#log = log;
    this.#actions = actions;
    this.element = h('div', { class: 'view' },
      h('div', { class: 'head page' }, h('h1', {}, 'Orders'),
        h('p', { class: 'hint' }, 'Nodes are ordered about on their cards, shards on their pages. Every call is in the ', h('a', { href: '#/audit' }, 'audit log'), '.')),
      h('section', { class: 'panel', 'aria-labelledby': 'orders-title' }, h('div', { class: 'head' }, h('h2', { id: 'orders-title' }, 'In force')), this.#nothing, this.#table),
      h('section', { class: 'panel', 'aria-labelledby': 'ended-title' }, h('div', { class: 'head' }, h('h2', { id: 'ended-title' }, 'Moves by order that ended')), this.#noEndings, this.#ended));
    log.addEventListener('change', () => this.element.isConnected && this.update());
  }

  show() {
    this.update();
  }

  update() {
    const { nodeOrders, shards } = this.#model;
    const ordered = [...shards.values()].filter(shard => shard.order);
    const rows = [...nodeOrders.map(order => this.#node(order)), ...ordered.map(shard => this.#shard(shard))];
    const endings = this.#log.endings.slice(0, SHOWN);
    this.#nothing.hidden = rows.length > 0;
    this.#table.hidden = rows.length === 0;
    this.#noEndings.hidden = endings.length > 0;
    this.#ended.hidden = endings.length === 0;
    const text = JSON.stringify([rows.map(({ act, ...row }) => row), endings[0]?.nr]);
    if (text === this.#drawn) return;
    this.#drawn = text;
    fill(this.#rows, rows.map(({ key, kind, on, link, to, by, reason, at, now, verb, act }) => h('tr', { data: { order: key } },
      cell('Order', h('span', { class: `chip ${kind === 'drain' || kind === 'cordon' ? 'warning' : ''}` }, kind)), cell('On', link ? h('a', { href: link }, on) : clip(on)),
      cell('To', to ? clip(to) : none), cell('By', by ? clip(by) : none), cell('Why', reason || none), cell('Since', h('time', { datetime: at }, dateTime(at))), cell('Now', now),
      cell('Action', h('button', { type: 'button', class: 'small act', 'aria-label': `${verb} ${on}`, on: { click: act } }, `${verb} …`)))));
    fill(this.#endings, endings.map(({ nr, at, name, to, kind, reason, coordinator }) => h('tr', { data: { nr } },
      cell('When', h('time', { datetime: at }, dateTime(at))), cell('Shard', name), cell('To', clip(to)),
      cell('What became of it', h('span', { class: `chip outcome ${kind === 'arrived' ? 'allowed' : 'failed'}` }, kind === 'arrived' ? 'arrived' : 'given up'), ' ', reason), cell('Coordinator', clip(coordinator)))));
  }

  #node({ node, kind, by, reason, at }) {
    const left = [...this.#model.shards.values()].filter(shard => shard.owner === node).length;
    const isAway = !this.#model.members.some(member => member.name === node);
    const now = isAway ? 'it is away' : kind === 'cordon' ? `keeps ${count(left, 'shard')}` : left === 0 ? 'empty' : `${count(left, 'shard')} left`;
    return { key: `${kind} ${node}`, kind, on: node, to: null, by, reason, at, now, verb: 'Uncordon', act: () => this.#actions.uncordon(node) };
  }

  #shard({ name, region, shard, owner, order: { kind, node, by, reason, at } }) {
    return {
      key: `${kind} ${name}`, kind, on: name, link: linkOfShard({ region, shard }), to: node, by, reason, at,
      now: owner === node ? 'it is there' : `on ${owner ?? 'no node'}`, verb: kind === 'pin' ? 'Unpin' : 'Take back',
      act: () => this.#actions.takeBack(this.#model.shards.get(name)),
    };
  }
}

const table = (columns, rows) => h('div', { class: 'scroll', hidden: true }, h('table', { class: 'stacking orders' },
  head(...columns), rows));

// Orders and hand-overs that do not arrive: since when, who wanted them and why, and what keeps them.

import { ApiError, get } from './api.js';
import { fill, h, reconcile, setData, setText } from './dom.js';
import { explain } from './dialog.js';
import { dateTime, span } from './format.js';
import { isOnItsWay, linkOfShard } from './model.js';

const PATIENCE = 3_000;
const AGAIN = 3_000;
const ASKED = 8;

/** Shards that are to be elsewhere and are not, for longer than a hand-over takes; the longest first. */
export function waiting(model, log) {
  const list = [];
  for (const shard of model.shards.values()) {
    // One that nobody has asked for yet starts where it is to be.
    if (!shard.owner && shard.epoch === 0) continue;
    const order = shard.order && shard.order.node !== shard.owner ? shard.order : null;
    const to = order?.node ?? (isOnItsWay(shard) ? shard.target : null);
    if (!to) continue;
    const since = order?.at ?? log.openOf(shard.name)?.at ?? shard.targetSince;
    if (model.now() - Date.parse(since) >= PATIENCE) list.push({ shard, order, to, since });
  }
  return list.sort((a, b) => Date.parse(a.since) - Date.parse(b.since));
}

export class StuckPanel {
  #model;
  #log;
  #actions;
  #list = h('ul', { class: 'stuck' });
  #whys = new Map();
  #timer;

  constructor(model, log, actions) {
    this.#model = model;
    this.#log = log;
    this.#actions = actions;
    this.element = h('section', { class: 'panel', 'aria-labelledby': 'stuck-title', hidden: true },
      h('div', { class: 'head' }, h('h2', { id: 'stuck-title' }, 'Does not arrive'), h('p', { class: 'hint' }, 'Ordered or begun, and not there after three seconds.')), this.#list);
  }

  show() {
    clearTimeout(this.#timer);
    return this.#ask();
  }

  hide() {
    clearTimeout(this.#timer);
  }

  update() {
    const list = waiting(this.#model, this.#log);
    const isNew = this.element.hidden && list.length > 0;
    this.element.hidden = list.length === 0;
    reconcile(this.#list, list, ({ shard, to }) => `${shard.name} ${to}`, entry => this.#item(entry));
    if (isNew && this.element.isConnected) this.show();
  }

  async #ask() {
    const names = waiting(this.#model, this.#log).slice(0, ASKED).map(({ shard }) => shard);
    await Promise.all(names.map(async ({ name, region, shard }) => {
      try {
        this.#whys.set(name, await get(`/shards/${encodeURIComponent(region)}/${shard}/why`));
      } catch (refused) {
        if (!(refused instanceof ApiError)) throw refused;
        this.#whys.set(name, { keeps: [`not known: ${explain(refused)}`] });
      }
    }));
    this.update();
    clearTimeout(this.#timer);
    if (this.element.isConnected) this.#timer = setTimeout(() => this.#ask(), AGAIN);
  }

  #item({ shard: { name, region, shard } }) {
    const way = h('span'), since = h('dd'), who = h('dd'), keeps = h('ul', { class: 'keeps' });
    const back = h('button', { type: 'button', class: 'act' }, 'Take back …');
    const item = h('li', { data: { stuck: name } },
      h('div', { class: 'top' }, h('a', { href: linkOfShard({ region, shard }) }, name), ' ', way),
      h('dl', { class: 'pairs' }, h('div', {}, h('dt', {}, 'Since'), since), h('div', {}, h('dt', {}, 'Wanted'), who), h('div', {}, h('dt', {}, 'What keeps it'), h('dd', {}, keeps))), back);
    let entry;
    back.addEventListener('click', () => this.#actions.takeBack(entry.shard));
    item.update = now => {
      entry = now;
      setText(way, `${now.shard.owner ?? 'nobody'} → ${now.to}`);
      const why = this.#whys.get(name);
      // A pin may have been kept for long before its node went away: not longer than the shard is where it is now.
      const begun = Math.max(Date.parse(now.since), now.order && why?.since ? Date.parse(why.since) : 0);
      setText(since, `${dateTime(begun)}, for ${span(Math.max(0, Math.round((this.#model.now() - begun) / 1000)))}`);
      setText(who, now.order ? `${now.order.kind} by ${now.order.by || 'somebody'}: ${now.order.reason || 'no reason given'}` : this.#log.openOf(name)?.reason ?? 'by the coordinator');
      const words = why?.keeps ?? ['being asked …'];
      if (keeps.dataset.words !== words.join()) {
        setData(keeps, 'words', words.join());
        fill(keeps, words.length > 0 ? words.map(word => h('li', {}, word)) : h('li', {}, 'nothing is known to keep it'));
      }
      back.hidden = !now.order;
    };
    return item;
  }
}

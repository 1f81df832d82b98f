// A card for each member: what it is, how it does, and the orders that can be given to it.

import { post } from './api.js';
import { confirm, toast } from './dialog.js';
import { h, reconcile, setAttribute, setData, setText } from './dom.js';
import { bytes, none, number, rate, share, span } from './format.js';

const STALE = 6_000;

const ORDERS = {
  cordon: { verb: 'Cordon', consequence: name => `${name} keeps the shards it has and gets no more, until it is uncordoned.` },
  drain: { verb: 'Drain', consequence: name => `${name} gives all its shards away and gets none, but stays a member. Moving shards stand for milliseconds.`, isGrave: true },
  uncordon: { verb: 'Uncordon', consequence: name => `${name} takes its share of shards again.` },
};

export class NodeCards {
  #model;
  #feed;
  #cards = h('div', { class: 'cards' });

  constructor(model, feed) {
    this.#model = model;
    this.#feed = feed;
    this.element = h('section', { 'aria-labelledby': 'nodes-title' }, h('h2', { id: 'nodes-title', class: 'quiet' }, 'Nodes'), this.#cards);
  }

  update() {
    reconcile(this.#cards, this.#model.members, member => member.nodeUid, member => this.#card(member));
  }

  #card({ name }) {
    const status = h('span', { class: 'chip status' }), order = h('span', { class: 'chip order' }), lead = h('span', { class: 'chip lead' }, 'coordinator'), self = h('span', { class: 'chip self' }, 'this node');
    const why = h('p', { class: 'why' });
    const lease = h('span', { class: 'meter', 'aria-hidden': 'true' }, h('span'));
    const facts = Object.fromEntries(['Shards', 'Epochs', 'Entities', 'Asks', 'p99', 'Events', 'Lease age', 'Memory', 'CPU', 'Waiting', 'Version', 'Up for'].map(label => [label, h('dd')]));
    const link = h('a', { class: 'elsewhere', rel: 'noreferrer' }, 'its console');
    const buttons = Object.fromEntries(Object.keys(ORDERS).map(kind =>
      [kind, h('button', { type: 'button', 'aria-label': `${ORDERS[kind].verb} ${name}`, on: { click: () => this.#order(kind, name) } }, ORDERS[kind].verb)]));
    const card = h('article', { class: `card n${this.#model.colour(name)}`, data: { node: name }, 'aria-label': `Node ${name}` },
      h('div', { class: 'top' }, h('span', { class: 'swatch', 'aria-hidden': 'true' }), h('h3', {}, name), status, order, lead, self, link),
      why,
      h('dl', {}, Object.entries(facts).map(([label, value]) => h('div', {}, h('dt', {}, label), value, label === 'Lease age' && lease))),
      h('div', { class: 'buttons' }, Object.values(buttons)));

    card.update = member => {
      const model = this.#model;
      const answer = model.reports.get(member.nodeUid);
      const report = answer?.report && performance.now() - answer.at < STALE ? answer.report : null;
      const shards = model.shards.filter(shard => shard?.ownerUid === member.nodeUid);
      const isLive = member.status === 'Up' || member.status === 'Joining' || member.status === 'Leaving';
      setText(status, member.status);
      setData(card, 'status', member.status);
      setText(order, member.order ?? '');
      order.hidden = !member.order;
      lead.hidden = model.leader !== member.node;
      self.hidden = model.selfNode !== member.node;
      setAttribute(link, 'href', /^[\w.:[\]-]+$/.test(member.managementAddress ?? '') ? `http://${member.managementAddress}/console` : null);
      link.hidden = model.selfNode === member.node || !link.hasAttribute('href') || !isLive;
      const standing = model.orders.get(name);
      setText(why, isLive ? [standing?.reason, standing?.by && `by ${standing.by}`].filter(Boolean).join(', ') : member.reason);
      why.hidden = why.textContent === '';

      const epochs = shards.map(shard => shard.epoch);
      setText(facts.Shards, number(shards.length));
      setText(facts.Epochs, epochs.length === 0 ? none : range(Math.min(...epochs), Math.max(...epochs)));
      setText(facts.Entities, number(report?.residents ?? null));
      setText(facts.Asks, rate(report?.traffic?.asksPerSecond));
      setText(facts.p99, span(report?.traffic?.p99Seconds));
      setText(facts.Events, rate(report?.appends?.eventsPerSecond));
      setText(facts.Memory, bytes(report?.process?.memoryBytes));
      setText(facts.CPU, share(report?.process?.cpuShare));
      setText(facts.Waiting, number(report?.pressure?.routerWaiting));
      setText(facts.Version, report?.version ?? member.version);
      setText(facts['Up for'], span(report ? Math.round(report.uptimeSeconds) : null));
      this.#lease(facts['Lease age'], lease, member, report?.lease);
      for (const kind of ['cordon', 'drain', 'uncordon']) buttons[kind].hidden = kind === 'uncordon' ? !member.order : member.order === kind || (kind === 'cordon' && member.order === 'drain');
    };
    return card;
  }

  /** What the node says itself; if it is silent, for how long this page has seen no renewal. */
  #lease(text, meter, member, lease) {
    const silence = this.#model.silence(member);
    const age = lease ? lease.ageSeconds : null;
    setText(text, lease ? age === null ? 'may not serve' : span(Math.round(age * 100) / 100) : silence === null ? none : `unseen ${span(Math.round(silence))}`);
    meter.hidden = !lease;
    if (lease) {
      const part = age === null ? 1 : Math.min(1, age / lease.ttlSeconds);
      meter.firstChild.style.width = `${(part * 100).toFixed(0)}%`;
      setData(meter, 'late', part > 0.6 || null);
    }
  }

  #order(kind, name) {
    const { verb, consequence, isGrave } = ORDERS[kind];
    return confirm({
      title: `${verb} ${name}?`, consequence: consequence(name), verb: `${verb} ${name}`, isGrave,
      act: body => post(`/nodes/${encodeURIComponent(name)}/${kind}`, body),
    }).then(done => {
      if (!done) return;
      toast(kind === 'uncordon' ? `${name} takes shards again.` : `${name}: ${kind} is ordered.`, 'good');
      this.#feed.refresh();
    });
  }
}

const range = (low, high) => low === high ? String(low) : `${low}–${high}`;

// A card for each member: what it is, and how it does.

import { clip, h, reconcile, setAttribute, setData, setText } from './dom.js';
import { bytes, number, rate, share, span } from './format.js';

const STALE = 6_000;

export class NodeCards {
  #model;
  #actions;
  #cards = h('div', { class: 'cards' });

  constructor(model, actions) {
    this.#model = model;
    this.#actions = actions;
    this.element = h('section', { 'aria-labelledby': 'nodes-title' }, h('h2', { id: 'nodes-title', class: 'quiet' }, 'Nodes'), this.#cards);
  }

  update() {
    reconcile(this.#cards, this.#model.members, member => member.nodeUid, member => this.#card(member));
  }

  #card({ name }) {
    const status = h('span', { class: 'chip status' }), lost = h('span', { class: 'chip warning' }, 'not reached'), mute = h('span', { class: 'chip critical' }, 'may not serve');
    const coordinator = h('span', { class: 'chip' }, 'coordinator'), leader = h('span', { class: 'chip' }, 'leader'), self = h('span', { class: 'chip self' }, 'this node');
    const why = h('p', { class: 'why' }), ordered = h('span', { class: 'chip warning' });
    let now;
    const act = (label, run) => h('button', { type: 'button', class: 'small', on: { click: () => run(now) } }, `${label} …`);
    const cordon = act('Cordon', ({ name }) => this.#actions.cordon(name)), drain = act('Drain', ({ name }) => this.#actions.drain(name)),
      uncordon = act('Uncordon', ({ name }) => this.#actions.uncordon(name)), leave = act('Leave', member => this.#actions.leave(member)),
      down = act('Down', member => this.#actions.down(member)), kill = act('Kill drill', member => this.#actions.kill(member));
    const acts = h('details', { class: 'acts act' }, h('summary', { 'aria-label': `Actions on ${name}` }, 'Actions'), h('div', { class: 'buttons' }, cordon, drain, uncordon, leave, down, kill));
    const facts = Object.fromEntries(['Shards', 'Entities', 'Asks', 'p99', 'Events', 'Memory', 'CPU', 'Version', 'Up for'].map(label => [label, h('dd')]));
    const link = h('a', { class: 'elsewhere', rel: 'noreferrer' }, 'its console');
    const card = h('article', { class: `card n${this.#model.colour(name)}`, data: { node: name }, 'aria-label': `Node ${name}` },
      h('div', { class: 'top' }, h('span', { class: 'swatch', 'aria-hidden': 'true' }), h('h3', {}, clip(name)), status, ordered, lost, mute, coordinator, leader, self, link),
      why,
      h('dl', {}, Object.entries(facts).map(([label, value]) => h('div', {}, h('dt', {}, label), value))),
      acts);

    card.update = member => {
      now = member;
      const model = this.#model;
      const answer = model.reports.get(member.nodeUid);
      const report = answer?.report && performance.now() - answer.at < STALE ? answer.report : null;
      const shards = [...model.shards.values()].filter(shard => shard.ownerUid === member.nodeUid).length;
      const isLive = member.status === 'Up' || member.status === 'Joining' || member.status === 'Leaving';
      setText(status, member.status);
      setData(card, 'status', member.status);
      lost.hidden = !model.unreachable.has(member.node);
      // Its own deadline has passed: the database has not heard of it in time.
      mute.hidden = report?.serving !== false;
      coordinator.hidden = model.status?.coordinator?.node !== member.node;
      leader.hidden = model.leader !== member.node;
      self.hidden = model.selfNode !== member.node;
      setAttribute(link, 'href', /^[\w.:[\]-]+$/.test(member.managementAddress ?? '') ? `http://${member.managementAddress}/console` : null);
      link.hidden = model.selfNode === member.node || !link.hasAttribute('href') || !isLive;
      const hostsShards = member.roles?.includes('entity') ?? true;
      setText(ordered, member.order?.kind === 'drain' ? 'draining' : 'cordoned');
      ordered.hidden = uncordon.hidden = !member.order;
      cordon.hidden = !hostsShards || Boolean(member.order);
      drain.hidden = !hostsShards || member.order?.kind === 'drain';
      acts.hidden = !isLive;
      setText(why, !isLive ? member.reason : member.order ? `${member.order.kind} by ${member.order.by || 'somebody'}: ${member.order.reason || 'no reason given'}` : '');
      why.hidden = why.textContent === '';

      setText(facts.Shards, number(shards));
      setText(facts.Entities, number(report?.residents ?? null));
      setText(facts.Asks, rate(report?.traffic?.asksPerSecond));
      setText(facts.p99, span(report?.traffic?.p99Seconds));
      setText(facts.Events, rate(report?.appends?.eventsPerSecond));
      setText(facts.Memory, bytes(report?.process?.memoryBytes));
      setText(facts.CPU, share(report?.process?.cpuShare));
      setText(facts.Version, report?.version ?? member.version);
      setText(facts['Up for'], span(report ? Math.round(report.uptimeSeconds) : null));
    };
    return card;
  }
}

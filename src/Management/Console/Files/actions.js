// Everything that an operator can order here. Each asks first; what ends a process or empties a node says what it costs and wants the node's name typed.

import { get, post, put } from './api.js';
import { confirm, toast } from './dialog.js';
import { h } from './dom.js';
import { count, span } from './format.js';
import { residentsText } from './residents.js';

export class Actions {
  #model;
  #feed;

  constructor(model, feed) {
    this.#model = model;
    this.#feed = feed;
  }

  cordon(node) {
    return this.#order(node, 'cordon', {
      title: `Cordon ${node}?`, verb: `Cordon ${node}`,
      consequence: `It keeps its ${this.#load(node)} and is given no more, until it is uncordoned.`,
    });
  }

  uncordon(node) {
    return this.#order(node, 'uncordon', {
      title: `Uncordon ${node}?`, verb: `Uncordon ${node}`,
      consequence: 'What was ordered about it is taken back: it is given shards again, its share is moved to it a few at a time.',
    });
  }

  drain(node) {
    const others = this.#open(node);
    return this.#order(node, 'drain', {
      title: `Drain ${node}?`, verb: `Drain ${node}`, typed: node,
      consequence: others.length === 0
        ? `No other node takes shards: its ${this.#load(node)} have nowhere to go, and it is given no more until it is uncordoned.`
        : `Its ${this.#load(node)} go to ${others.join(', ')}, a few at a time; callers of each wait for a moment. It is given no more until it is uncordoned.`,
    });
  }

  leave(member) {
    return this.#end(member, 'Leave', {
      title: `Have ${member.name} leave?`, verb: `Have ${member.name} leave`,
      consequence: `It hands its ${this.#load(member.name)} over, and its process ends. A supervisor that restarts whatever ends starts it again.`,
    });
  }

  down(member) {
    return this.#end(member, 'Down', {
      title: `Declare ${member.name} down?`, verb: `Declare ${member.name} down`,
      consequence: `Its process ends without handing anything over. Its ${this.#load(member.name)} answer nobody until others have taken them over; what is in their memory is loaded again.`,
      cost: async () => failover((await get('/doctor', { timeout: 20_000 })).predictions),
    });
  }

  async kill({ name }) {
    const path = `/nodes/${encodeURIComponent(name)}/drill`;
    await this.#carryOut({
      title: `Kill ${name}, as a drill?`, verb: `Kill ${name}`, typed: name,
      consequence: `Its process ends as kill -9 ends it, for real. Its ${this.#load(name)} answer nobody until others have taken them over.`,
      cost: async () => failover((await get(path, { timeout: 20_000 })).predictions), isRefusedByCost: true,
      act: body => post(path, { kind: 'kill', ...body }),
    }, () => `${name} is about to be killed.`);
  }

  move({ region, shard, name, owner, epoch }) {
    return this.#carryOut({
      title: `Move shard ${name}?`, verb: `Move shard ${name}`, fields: [{ name: 'node', label: 'To', input: this.#nodes(owner) }],
      consequence: `It leaves ${owner ?? 'nobody'} with its entities; callers wait for a moment. It stays where it is put until the balance asks for something else.`,
      act: body => post(`${pathOf({ region, shard })}/move`, { ...body, expectedEpoch: epoch }),
    }, done => done.state === 'there' ? `Shard ${name} is there already.` : `The move of shard ${name} is ordered.`);
  }

  pin({ region, shard, name, owner, epoch }) {
    return this.#carryOut({
      title: `Pin shard ${name}?`, verb: `Pin shard ${name}`, fields: [{ name: 'node', label: 'To', input: this.#nodes(null, owner) }],
      consequence: 'It is at home on that node whenever that is up, whatever the balance asks for: now, and again after the node was away. Only unpin ends it.',
      act: body => post(`${pathOf({ region, shard })}/pin`, { ...body, expectedEpoch: epoch }),
    }, done => done.state === 'there' ? `Shard ${name} was pinned there already.` : `Shard ${name} is pinned to ${done.pinnedTo}.`);
  }

  unpin({ region, shard, name }) {
    return this.#carryOut({
      title: `Unpin shard ${name}?`, verb: `Unpin shard ${name}`,
      consequence: 'It stays where it is until the balance asks for something else.',
      act: body => post(`${pathOf({ region, shard })}/unpin`, body),
    }, () => `Shard ${name} is no longer pinned.`);
  }

  /** Of whatever stands about a shard. */
  takeBack(shard) {
    if (shard.order?.kind === 'pin') return this.unpin(shard);
    const { region, shard: number, name, owner } = shard;
    if (!owner) {
      toast(`Shard ${name} runs nowhere at the moment: there is nothing to go back to.`, 'problem');
      return null;
    }
    return this.#carryOut({
      title: `Take the move of shard ${name} back?`, verb: 'Take the move back',
      consequence: `It stays on ${owner}. If the hand-over has begun, it comes back there.`,
      act: body => post(`${pathOf({ region, shard: number })}/move`, { ...body, node: owner }),
    }, done => done.state === 'there' ? `The move of shard ${name} is taken back.` : `Shard ${name} is ordered back to ${owner}.`);
  }

  #order(node, verb, question) {
    return this.#carryOut({ ...question, act: body => post(`/nodes/${encodeURIComponent(node)}/${verb}`, body) }, done => done.message);
  }

  /** The member by its incarnation: its successor of the same name is not meant. */
  #end({ name, nodeUid }, operation, question) {
    return this.#carryOut({
      ...question, typed: name,
      act: ({ reason, by }) => put(`/cluster/members/${encodeURIComponent(nodeUid)}?${new URLSearchParams({ operation, reason, ...(by && { by }) })}`),
    }, done => done.message);
  }

  async #carryOut(question, told) {
    const done = await confirm(question);
    if (!done) return;
    toast(told(done), 'good');
    this.#feed.refresh();
  }

  #load(node) {
    const shards = [...this.#model.shards.values()].filter(shard => shard.owner === node);
    return `${count(shards.length, 'shard')} (entities in memory: ${residentsText(shards)})`;
  }

  /** Names of nodes that take shards. */
  #open(but) {
    return this.#model.members.filter(member => member.status === 'Up' && member.name !== but && !member.order && (member.roles?.includes('entity') ?? true)).map(member => member.name);
  }

  #nodes(but, chosen) {
    const select = h('select', { id: 'dialog-node', required: true }, this.#open(but).map(name => h('option', { value: name }, name)));
    if (chosen) select.value = chosen;
    return select;
  }
}

const pathOf = ({ region, shard }) => `/shards/${encodeURIComponent(region)}/${shard}`;

const failover = ({ expectedFailoverSeconds, failoverSeconds }) =>
  `By this cluster’s settings and store they answer again after ${span(expectedFailoverSeconds ?? failoverSeconds)}, at worst ${span(failoverSeconds)}.`;

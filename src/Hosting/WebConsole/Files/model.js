// What the page knows of the cluster. Fed by polls and by events alike; a change counts once, whichever brought it first.

const MAX_LOG = 200;
const SAME_MOVE = 2_500;
const NEIGHBOURS = 12;

/** Fires `change` (something is different), `moved` ({ shard, from, to }) and `audit` (an entry). */
export class ClusterModel extends EventTarget {
  status = null;
  members = [];
  unreachable = [];
  selfNode = null;
  leader = null;
  kinds = [];
  shards = [];
  pins = new Map();
  orders = new Map();
  reports = new Map();
  log = [];
  #heard = new Map();
  #colours = new Map();

  get isKnown() {
    return this.shards.length > 0 && this.members.length > 0;
  }

  takeStatus(status) {
    this.status = status;
    this.#changed();
  }

  takeMembers({ selfNode, leader, members, unreachable }) {
    this.selfNode = selfNode ?? this.selfNode;
    this.#setLeader(leader);
    this.unreachable = unreachable ?? [];
    const isFirst = this.members.length === 0;
    const before = new Map(this.members.map(member => [member.nodeUid, member]));
    this.members = [...members].sort((a, b) => compare(a.name, b.name) || compare(a.joinedAt, b.joinedAt));
    for (const member of this.members) {
      const known = before.get(member.nodeUid);
      if (!isFirst && known?.status !== member.status) this.#note({ kind: 'member', node: member.name, text: `${member.name} is ${member.status}`, why: member.reason });
      if (known?.renewCounter !== member.renewCounter) this.#heard.set(member.nodeUid, performance.now());
      before.delete(member.nodeUid);
    }
    for (const gone of before.values()) this.#note({ kind: 'member', node: gone.name, text: `${gone.name} is gone`, why: gone.reason });
    this.#changed();
  }

  takeShards({ entityTypeKeys, shards }) {
    this.kinds = entityTypeKeys;
    const isFirst = this.shards.length === 0;
    for (const shard of shards) {
      const known = this.shards[shard.shard];
      // An answer may be older than an event that came while it was under way: epochs only grow.
      if (known && known.epoch > shard.epoch) continue;
      if (!isFirst && known && known.owner !== shard.owner) this.#moved(known, shard);
      this.shards[shard.shard] = shard;
    }
    this.#changed();
  }

  takeOrders({ nodes, pins }) {
    this.orders = new Map(nodes.map(order => [order.node, order]));
    this.pins = new Map(pins.map(pin => [pin.shard, pin]));
    this.#changed();
  }

  takeReports({ nodes }) {
    const at = performance.now();
    this.reports = new Map(nodes.map(node => [node.nodeUid, { ...node, at }]));
    this.#changed();
  }

  /** One event of the cluster's stream. False: it cannot be applied, everything must be read anew. */
  takeEvent({ type, data }) {
    switch (data.type ?? type) {
      case 'CurrentClusterState':
        this.takeMembers(data);
        return true;
      case 'ShardOwnerChanged':
        return this.#onOwner(data);
      case 'ShardTargetChanged':
        if (this.shards[data.shard]) Object.assign(this.shards[data.shard], { target: data.target, reason: data.reason });
        break;
      case 'NodeOrdered':
        this.#onOrdered(data);
        break;
      case 'ShardPinned':
        this.#onPinned(data);
        break;
      case 'LeaderChanged':
        this.#setLeader(data.leader);
        break;
      case 'AuditWritten':
        this.dispatchEvent(new CustomEvent('audit', { detail: data.entry }));
        return true;
      case 'Overflow':
        return false;
      default:
        if (data.member) this.#onMember(data);
    }
    this.#changed();
    return true;
  }

  memberNamed(name) {
    return this.members.findLast(member => member.name === name);
  }

  /** Which of the ten colours a node has; it keeps it while the page is open. */
  colour(name) {
    if (!this.#colours.has(name)) {
      for (const member of this.members) {
        if (!this.#colours.has(member.name)) this.#colours.set(member.name, this.#colours.size % 10);
      }
      if (!this.#colours.has(name)) this.#colours.set(name, this.#colours.size % 10);
    }
    return this.#colours.get(name);
  }

  /** Seconds since the page last saw the member's lease renewed. */
  silence(member) {
    const heard = this.#heard.get(member.nodeUid);
    return heard === undefined ? null : (performance.now() - heard) / 1000;
  }

  shardsOf(name) {
    return this.shards.filter(shard => shard.owner === name);
  }

  get moving() {
    return this.shards.filter(shard => shard.owner && shard.target && shard.owner !== shard.target).length;
  }

  #onOwner({ shard, to, toUid, epoch, acquiredBy, at }) {
    const known = this.shards[shard];
    if (!known) return false;
    if (epoch < known.epoch) return true;
    const next = { ...known, owner: to, ownerUid: toUid, epoch, acquiredBy };
    if (known.owner !== to) this.#moved(known, next, at);
    this.shards[shard] = next;
    this.#changed();
    return true;
  }

  #onMember({ type, member, at }) {
    if (type === 'MemberRemoved') {
      this.members = this.members.filter(known => known.nodeUid !== member.nodeUid);
      this.#note({ kind: 'member', node: member.name, at, text: `${member.name} is gone`, why: member.reason });
      return;
    }
    if (type === 'UnreachableMember' || type === 'ReachableMember') {
      this.#note({ kind: 'member', node: member.name, at, text: `${member.name} is ${type === 'UnreachableMember' ? 'not reached by others' : 'reached again'}` });
      return;
    }
    const others = this.members.filter(known => known.nodeUid !== member.nodeUid);
    this.takeMembers({ leader: this.leader, unreachable: this.unreachable, members: [...others, member] });
  }

  #onOrdered({ node, order, reason, by, at }) {
    const member = this.memberNamed(node);
    if (member) member.order = order;
    if (order) this.orders.set(node, { ...this.orders.get(node), node, order, reason, by, at });
    else this.orders.delete(node);
    this.#note({ kind: 'order', node, at, text: order ? `${node}: ${order}` : `${node}: order taken back`, why: [reason, by && `by ${by}`].filter(Boolean).join(', ') });
  }

  #onPinned({ shard, node, reason, by, at }) {
    if (node) this.pins.set(shard, { shard, node, reason, by, at });
    else this.pins.delete(shard);
    this.#note({ kind: 'pin', at, shard, text: node ? `Shard ${shard} is pinned to ${node}` : `Shard ${shard} is no longer pinned`, why: [reason, by && `by ${by}`].filter(Boolean).join(', ') });
  }

  #setLeader(leader) {
    if (this.leader && leader && leader !== this.leader) this.#note({ kind: 'member', text: `Coordinator is now ${this.nameOf(leader)}` });
    this.leader = leader ?? null;
  }

  nameOf(node) {
    return this.members.find(member => member.node === node)?.name ?? node;
  }

  #moved(from, to, at) {
    this.dispatchEvent(new CustomEvent('moved', { detail: { shard: to.shard, from: from.owner, to: to.owner } }));
    // Many shards move at once when a node comes or goes: one line for all that go the same way for the same reason.
    const how = (to.acquiredBy ?? '').split(/[ /]/)[0];
    const known = this.log.slice(0, NEIGHBOURS).find(entry => entry.kind === 'move' && entry.from === from.owner && entry.to === to.owner
      && entry.how === how && performance.now() - entry.seen < SAME_MOVE);
    if (known) {
      known.shards.push(to.shard);
      known.seen = performance.now();
      return;
    }
    this.#note({ kind: 'move', from: from.owner, to: to.owner, how, shards: [to.shard], at });
  }

  #note(entry) {
    this.log.unshift({ ...entry, at: entry.at ?? new Date().toISOString(), seen: performance.now(), nr: (this.log[0]?.nr ?? 0) + 1 });
    this.log.length = Math.min(this.log.length, MAX_LOG);
  }

  #changed() {
    if (this.pending) return;
    this.pending = true;
    // One update of the page for all that arrives before it is drawn next; a page in the background is not drawn, so not by frames.
    setTimeout(() => {
      this.pending = false;
      this.dispatchEvent(new Event('change'));
    }, 30);
  }
}

const compare = (a, b) => String(a).localeCompare(String(b), 'en', { numeric: true });

// What the page knows of the cluster. Polls tell what is; events tell at once that something has changed.

const MAX_LOG = 200;
const SAME_MOVE = 2_500;
const NEIGHBOURS = 12;

/** What a shard is called everywhere: task/17. */
export const nameOfShard = ({ region, shard }) => `${region}/${shard}`;

/** The address of its page. */
export const linkOfShard = ({ region, shard }) => `#/shard/${encodeURIComponent(region)}/${encodeURIComponent(shard)}`;

/** Whether it is to be elsewhere than it is. */
export const isOnItsWay = ({ owner, target }) => Boolean(target) && target !== owner;

/** Fires `change` (something is different), `moved` ({ shard, from, to }, shard by its name) and `audit` (an entry). */
export class ClusterModel extends EventTarget {
  status = null;
  members = [];
  unreachable = new Set();
  selfNode = null;
  leader = null;
  kinds = [];
  regions = [];
  shards = new Map();
  reports = new Map();
  log = [];
  /** About nodes by name, also about those that are away. */
  nodeOrders = [];
  #ahead = null;
  #colours = new Map();

  get isKnown() {
    return this.shards.size > 0 && this.members.length > 0;
  }

  takeStatus(status) {
    this.status = status;
    this.#changed();
  }

  /** The cluster's time, as far as its events tell it: the clock here may be another. */
  now() {
    return Date.now() - (this.#ahead ?? 0);
  }

  takeMembers({ selfNode, leader, members, unreachable, orders }) {
    this.nodeOrders = orders ?? this.nodeOrders;
    this.selfNode = selfNode ?? this.selfNode;
    this.#setLeader(leader);
    this.unreachable = new Set((unreachable ?? []).map(member => member.node ?? member));
    const isFirst = this.members.length === 0;
    const before = new Map(this.members.map(member => [member.nodeUid, member]));
    // An event tells less of a member than an answer; one that has no row yet is told by the next answer.
    this.members = members.filter(member => member.nodeUid).map(member => ({ ...before.get(member.nodeUid), ...member }))
      .sort((a, b) => compare(a.name, b.name) || compare(a.joinedAt, b.joinedAt));
    for (const member of this.members) {
      if (!isFirst && before.get(member.nodeUid)?.status !== member.status) {
        this.#note({ kind: 'member', node: member.name, text: `${member.name} is ${member.status}`, why: member.reason });
      }
      before.delete(member.nodeUid);
    }
    for (const gone of before.values()) this.#note({ kind: 'member', node: gone.name, text: `${gone.name} is gone`, why: gone.reason });
    this.#changed();
  }

  takeShards({ entityTypeKeys, regions, shards }) {
    this.kinds = entityTypeKeys;
    this.regions = regions;
    const isFirst = this.shards.size === 0;
    for (const shard of shards) {
      const name = nameOfShard(shard), known = this.shards.get(name);
      if (!isFirst && known && known.owner !== shard.owner) this.#moved(known, shard);
      const targetSince = !shard.target ? null : known?.target === shard.target ? known.targetSince : new Date(this.now()).toISOString();
      this.shards.set(name, { ...shard, name, targetSince });
    }
    this.#changed();
  }

  takeReports({ nodes }) {
    const at = performance.now();
    this.reports = new Map(nodes.map(node => [node.nodeUid, { ...node, at }]));
    this.#changed();
  }

  /** One event of the cluster's stream. False: there is more to know than it says, everything must be read anew. */
  takeEvent({ type, data }) {
    if (data.at) this.#ahead = Math.min(this.#ahead ?? Infinity, Date.now() - Date.parse(data.at));
    switch (data.type ?? type) {
      case 'CurrentClusterState':
        this.takeMembers(data);
        return true;
      case 'LeaderChanged':
        this.#setLeader(data.leader);
        break;
      case 'AuditWritten':
        this.dispatchEvent(new CustomEvent('audit', { detail: data.entry }));
        return true;
      // Its home is where it is to run. Who runs it, and under which epoch, the next answer says.
      case 'ShardHomeChanged':
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

  /** In order of number. */
  shardsOf(region) {
    return [...this.shards.values()].filter(shard => shard.region === region);
  }

  nameOf(node) {
    return this.members.find(member => member.node === node)?.name ?? node;
  }

  #onMember({ type, member, at }) {
    if (type === 'UnreachableMember' || type === 'ReachableMember') {
      const isUnreachable = type === 'UnreachableMember';
      if (isUnreachable) this.unreachable.add(member.node);
      else this.unreachable.delete(member.node);
      this.#note({ kind: 'member', node: member.name, at, text: `${member.name} is ${isUnreachable ? 'not reached by others' : 'reached again'}` });
      return;
    }
    if (type === 'MemberRemoved') {
      this.members = this.members.filter(known => known.nodeUid !== member.nodeUid);
      this.unreachable.delete(member.node);
      this.#note({ kind: 'member', node: member.name, at, text: `${member.name} is gone`, why: member.reason });
      return;
    }
    const others = this.members.filter(known => known.nodeUid !== member.nodeUid);
    this.takeMembers({ leader: this.leader, unreachable: [...this.unreachable], members: [...others, member] });
  }

  #setLeader(leader) {
    if (this.leader && leader && leader !== this.leader) this.#note({ kind: 'member', text: `${this.nameOf(leader)} leads now` });
    this.leader = leader ?? null;
  }

  #moved(from, to) {
    this.dispatchEvent(new CustomEvent('moved', { detail: { shard: nameOfShard(to), from: from.owner, to: to.owner } }));
    // Many shards move at once when a node comes or goes: one line for all of a region that go the same way.
    const known = this.log.slice(0, NEIGHBOURS).find(entry => entry.kind === 'move' && entry.region === to.region && entry.from === from.owner
      && entry.to === to.owner && performance.now() - entry.seen < SAME_MOVE);
    if (known) {
      known.shards.push(to.shard);
      known.seen = performance.now();
      return;
    }
    this.#note({ kind: 'move', from: from.owner, to: to.owner, region: to.region, shards: [to.shard] });
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

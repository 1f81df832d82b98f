// What coordinators decided, joined into moves: begun, handed over, given up.

import { get } from './api.js';
import { nameOfShard } from './model.js';

const PAGE = 500;
const BEFORE = 200;
const MAX = 400;

/** Fires `change`. */
export class MoveLog extends EventTarget {
  /** Latest first: `{ nr, at, name, region, shard, from, to, reason, state, seconds }`; state is moving, there, elsewhere, replaced or gaveUp; seconds null: not known. */
  moves = [];
  /** What became of orders, latest first. */
  endings = [];
  #after = null;

  /** Reads on from where it was; at first the latest ones. */
  async read() {
    if (this.#after === null) this.#after = Math.max(0, (await get('/shards/decisions')).latest - BEFORE);
    for (;;) {
      const { decisions, latest } = await get(`/shards/decisions?after=${this.#after}&limit=${PAGE}`);
      if (latest < this.#after) {
        // Another store than before.
        this.#after = null;
        this.moves = this.endings = [];
        return;
      }
      for (const decision of decisions) this.take(decision);
      if (decisions.length > 0) {
        this.#after = decisions.at(-1).nr;
        this.dispatchEvent(new Event('change'));
      }
      if (decisions.length < PAGE) return;
    }
  }

  /** In order of number. */
  take(decision) {
    const name = nameOfShard(decision), { nr, kind, at, region, shard, from, to, reason } = decision;
    const seconds = decision.numbers?.handOverSeconds ?? null;
    const open = this.openOf(name);
    if (kind === 'move') {
      if (open) open.state = 'replaced';
      this.#add({ nr, at, name, region, shard, from, to, reason, state: 'moving', seconds: null });
    } else if (kind === 'home' && open) {
      Object.assign(open, { state: open.to === to ? 'there' : 'elsewhere', went: to, seconds });
    } else if (kind === 'home') {
      this.#add({ nr, at, name, region, shard, from, to, reason, state: 'there', seconds });
    } else {
      if (kind === 'gaveUp' && open?.to === to) open.state = 'gaveUp';
      this.endings = [{ ...decision, name }, ...this.endings].slice(0, MAX);
    }
  }

  /** The move of a shard that has not ended; undefined: none is known. */
  openOf(name) {
    const latest = this.moves.find(move => move.name === name);
    return latest?.state === 'moving' ? latest : undefined;
  }

  #add(move) {
    this.moves = [move, ...this.moves].slice(0, MAX);
  }
}

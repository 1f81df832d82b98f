// Keeps the model fed: events where the node streams them, polls beside them, and a word on how the connection is.

import { ApiError, get } from './api.js';
import { follow } from './events.js';

const WITH_EVENTS = 4_000;
const WITHOUT_EVENTS = 1_000;
const HIDDEN = 15_000;
const REPORTS = 2_000;
const MOVES = 4_000;
const MOVES_WATCHED = 1_000;
const RETRY = 1_500;
const RETRY_STREAM = 5_000;
const SOON = 150;

/** Fires `state`: { isLost, since, isStreaming, reason }. */
export class Feed extends EventTarget {
  state = { isLost: false, since: null, isStreaming: false, reason: '' };
  #model;
  #history;
  #moves;
  #isWatchingMoves = false;
  #wake = new Set();
  #held = Promise.resolve();
  #soon = null;

  constructor(model, history, moves) {
    super();
    this.#model = model;
    this.#history = history;
    this.#moves = moves;
  }

  start() {
    this.#loop(() => this.#facts());
    this.#loop(() => this.#reports());
    this.#loop(() => this.#decisions());
    this.#loop(() => this.#events());
    document.addEventListener('visibilitychange', () => document.hidden || this.refresh());
  }

  /** Looks at once, after an order say. */
  refresh() {
    for (const wake of this.#wake) wake();
  }

  /** No event tells that a move has begun: who watches asks more often. */
  watchesMoves(isWatching) {
    this.#isWatchingMoves = isWatching;
    if (isWatching) this.refresh();
  }

  /** Looks once for all events that come together. */
  #refreshSoon() {
    this.#soon ??= setTimeout(() => {
      this.#soon = null;
      this.refresh();
    }, SOON);
  }

  /** Asks nothing before the promise is kept: a token is being typed in. */
  hold(promise) {
    this.#held = promise;
  }

  async #facts() {
    try {
      const [status, members, shards] = await Promise.all(['/cluster/status', '/cluster/members', '/cluster/shards'].map(path => get(path)));
      this.#model.takeStatus(status);
      this.#model.takeMembers(members);
      this.#model.takeShards(shards);
      this.#connected();
      return this.state.isStreaming ? WITH_EVENTS : WITHOUT_EVENTS;
    } catch (error) {
      this.#lost(error);
      return RETRY;
    }
  }

  async #reports() {
    try {
      const answer = await get('/nodes');
      this.#model.takeReports(answer);
      this.#history.add(this.#model.members, answer.nodes);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.#history.gap();
    }
    return REPORTS;
  }

  async #decisions() {
    try {
      await this.#moves.read();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
    }
    return this.#isWatchingMoves ? MOVES_WATCHED : MOVES;
  }

  async #events() {
    if (document.hidden || this.state.isLost) return RETRY;
    try {
      await follow('/cluster/domain-events?type=*', event => {
        if (event.type === 'CurrentClusterState') this.#streams(true);
        if (!this.#model.takeEvent(event)) this.#refreshSoon();
      }, new AbortController().signal);
    } catch {
      // The facts say what is wrong; the stream is begun again.
    } finally {
      this.#streams(false);
    }
    return RETRY_STREAM;
  }

  /** Runs `work` again and again; it returns after what pause. */
  async #loop(work) {
    for (;;) {
      let pause = RETRY;
      await this.#held;
      try {
        pause = await work();
      } catch (fault) {
        console.error(fault);
      }
      if (document.hidden) pause = Math.max(pause, HIDDEN);
      await new Promise(done => {
        const wake = () => {
          clearTimeout(timer);
          this.#wake.delete(wake);
          done();
        };
        const timer = setTimeout(wake, pause);
        this.#wake.add(wake);
      });
    }
  }

  #streams(isStreaming) {
    if (this.state.isStreaming !== isStreaming) this.#set({ isStreaming });
  }

  #connected() {
    if (this.state.isLost) this.#set({ isLost: false, since: null, reason: '' });
  }

  #lost(error) {
    // A node that asks for a token or is not a member at the moment is there; the page says so elsewhere.
    if (error instanceof ApiError && (error.status === 401 || error.status === 403)) return;
    this.#set({ isLost: true, since: this.state.since ?? new Date(), reason: error.message });
  }

  #set(change) {
    this.state = { ...this.state, ...change };
    this.dispatchEvent(new Event('state'));
  }
}

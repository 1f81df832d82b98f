// Moves as they happen, and on top those that do not arrive.

import { addOptions, cell, clip, h, head, reconcile, setData, setText } from './dom.js';
import { count, dateTime, span } from './format.js';
import { isOnItsWay, linkOfShard } from './model.js';
import { StuckPanel } from './stuck.js';

const SHOWN = 100;
const TICK = 1_000;
const SETTLED = 10_000;

export class MovesView {
  title = 'Moves';
  #model;
  #log;
  #feed;
  #stuck;
  #timer;
  #region = h('select', { id: 'moves-region', on: { change: () => this.update() } }, h('option', { value: '' }, 'all'));
  #only = h('input', { id: 'moves-only', type: 'checkbox', on: { change: () => this.update() } });
  #rows = h('tbody');
  #sum = h('p', { class: 'hint', role: 'status' });
  #nothing = h('p', { class: 'hint' }, 'No move is kept.');
  #table = h('div', { class: 'scroll' }, h('table', { class: 'stacking moves' },
    head('When', 'Shard', 'From', 'To', 'State', 'Why'), this.#rows));

  constructor(model, log, feed, actions) {
    this.#model = model;
    this.#log = log;
    this.#feed = feed;
    this.#stuck = new StuckPanel(model, log, actions);
    this.element = h('div', { class: 'view' },
      h('div', { class: 'head page' }, h('h1', {}, 'Moves of shards'), h('p', { class: 'hint' }, 'The latest that coordinators decided, and each as it happens.')),
      this.#stuck.element,
      h('section', { class: 'panel', 'aria-label': 'Moves' },
        h('div', { class: 'head' }, h('div', { class: 'inline' }, h('label', { for: 'moves-region' }, 'Region'), this.#region), h('label', { class: 'hint' }, this.#only, ' hand-overs only'), this.#sum), this.#nothing, this.#table));
    log.addEventListener('change', () => this.element.isConnected && this.update());
  }

  show() {
    this.#feed.watchesMoves(true);
    clearInterval(this.#timer);
    this.#timer = setInterval(() => this.update(), TICK);
    this.update();
    return this.#stuck.show();
  }

  hide() {
    clearInterval(this.#timer);
    this.#feed.watchesMoves(false);
    this.#stuck.hide();
  }

  update() {
    addOptions(this.#region, this.#model.regions.map(({ name }) => name));
    const moves = this.#log.moves.filter(move => this.#region.value === '' || move.region === this.#region.value).filter(move => !this.#only.checked || move.from).slice(0, SHOWN);
    this.#nothing.hidden = moves.length > 0;
    this.#table.hidden = moves.length === 0;
    setText(this.#sum, count(moves.filter(move => this.#stateOf(move) === 'moving').length, 'shard is', 'shards are') + ' on the way');
    reconcile(this.#rows, moves, move => move.nr, move => this.#row(move));
    this.#stuck.update();
  }

  #row({ nr, at, name, region, shard, from, to, reason }) {
    const chip = h('span', { class: 'chip outcome' });
    const row = h('tr', { data: { move: nr, shard: null } },
      cell('When', h('time', { datetime: at }, dateTime(at))), cell('Shard', h('a', { href: linkOfShard({ region, shard }) }, name)),
      cell('From', from ? clip(from) : 'nobody'), cell('To', clip(to)), cell('State', chip), cell('Why', reason));
    row.update = move => {
      const state = this.#stateOf(move);
      setData(row, 'state', state);
      chip.className = `chip outcome ${{ moving: 'denied', there: 'allowed', gaveUp: 'failed' }[state] ?? 'unknown'}`;
      setText(chip, this.#words(move, state));
    };
    return row;
  }

  /** A coordinator that dies takes its last notes with it: where the shard runs by now ends the move as well. */
  #stateOf(move) {
    const shard = this.#model.shards.get(move.name);
    if (move.state !== 'moving' || !shard || isOnItsWay(shard) || this.#model.now() < Date.parse(move.at) + SETTLED) return move.state;
    return shard.owner === move.to ? 'there' : shard.owner ? 'elsewhere' : move.state;
  }

  #words(move, state) {
    switch (state) {
      case 'moving': return `on its way, ${span(Math.max(0, Math.round((this.#model.now() - Date.parse(move.at)) / 1000)))}`;
      case 'there': return move.seconds !== null ? `there after ${span(move.seconds)}` : move.from ? 'there' : 'given a home';
      case 'elsewhere': return `went to ${move.went ?? this.#model.shards.get(move.name)?.owner ?? 'another node'}`;
      case 'gaveUp': return 'given up';
      default: return 'replaced by another';
    }
  }
}

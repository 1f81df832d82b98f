// Which processes there were, and how each of them ended; newest first. Last night's crash stands here.

import { ask } from './dialog.js';
import { cell, fill, h } from './dom.js';
import { dateTime, none, span } from './format.js';

const LIMIT = 100;
const AGAIN = 5_000;

export class IncarnationsView {
  title = 'History';
  #drawn = '';
  #timer;
  #problem = h('p', { class: 'problem', role: 'alert', hidden: true });
  #rows = h('tbody');
  #table = h('div', { class: 'scroll', hidden: true }, h('table', { class: 'stacking incarnations' },
    h('thead', {}, h('tr', {}, ['Member', 'State', 'Started', 'Ended', 'After', 'Why', 'Version', 'Address', 'Incarnation'].map(column => h('th', { scope: 'col' }, column)))), this.#rows));
  #more = h('p', { class: 'hint', hidden: true }, 'Earlier ones: ', h('code', {}, `pbm cluster history --limit ${LIMIT * 10}`));

  constructor() {
    this.element = h('div', { class: 'view' },
      h('div', { class: 'head page' }, h('h1', {}, 'History of members'), h('p', { class: 'hint' }, 'Every start of a process, and how it ended.')),
      this.#problem, h('section', { class: 'panel' }, this.#table, this.#more));
  }

  async show() {
    clearTimeout(this.#timer);
    const answer = await ask(`/cluster/history?limit=${LIMIT}`, this.#problem);
    if (answer) this.#draw(answer.incarnations);
    if (this.element.isConnected) this.#timer = setTimeout(() => this.show(), AGAIN);
  }

  hide() {
    clearTimeout(this.#timer);
  }

  #draw(incarnations) {
    this.#table.hidden = false;
    this.#more.hidden = incarnations.length < LIMIT;
    const text = incarnations.map(each => `${each.nodeUid} ${each.state} ${each.reason}`).join();
    if (text === this.#drawn) return;
    this.#drawn = text;
    fill(this.#rows, incarnations.map(each => h('tr', { data: { incarnation: each.nodeUid } },
      cell('Member', each.name), cell('State', h('span', { class: `chip outcome ${tone(each.state)}` }, each.state)),
      cell('Started', moment(each.startedAt)), cell('Ended', each.endedAt ? moment(each.endedAt) : none),
      cell('After', each.endedAt ? span((new Date(each.endedAt) - new Date(each.startedAt)) / 1000) : none),
      cell('Why', each.reason || none), cell('Version', each.version), cell('Address', each.node), cell('Incarnation', h('code', {}, each.nodeUid)))));
  }
}

const moment = at => h('time', { datetime: at }, dateTime(at));

/** Colours of the audit log's outcomes: lost without having been asked to go, sent away, all well. */
const tone = state => ({ dead: 'failed', down: 'denied', live: 'allowed', left: 'allowed' })[state] ?? 'unknown';

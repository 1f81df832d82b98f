// Which processes there were, and how each of them ended; newest first. Last night's crash stands here.

import { ask } from './dialog.js';
import { addOptions, cell, clip, fill, h, head, setText } from './dom.js';
import { count, dateTime, none, span } from './format.js';

const LIMIT = 100;
const AGAIN = 5_000;

export class IncarnationsView {
  title = 'History';
  #drawn = '';
  #timer;
  #all = [];
  #members = '';
  #member = h('select', { id: 'history-member', on: { change: () => this.#draw() } }, h('option', { value: '' }, 'all'));
  #sum = h('p', { class: 'hint', role: 'status' });
  #problem = h('p', { class: 'problem', role: 'alert', hidden: true });
  #rows = h('tbody');
  #table = h('div', { class: 'scroll', hidden: true }, h('table', { class: 'stacking incarnations' },
    head('Member', 'State', 'Started', 'Ended', 'Ran for', 'Why', 'Version', 'Address', 'Incarnation'), this.#rows));
  #more = h('p', { class: 'hint', hidden: true }, 'Earlier ones: ', h('code', {}, `pbm cluster history --limit ${LIMIT * 10}`));

  constructor(model) {
    model.addEventListener('change', () => {
      // Whoever comes or goes is in the history by now.
      const members = model.members.map(member => `${member.nodeUid} ${member.status}`).join();
      if (members === this.#members) return;
      this.#members = members;
      if (this.element.isConnected) this.show();
    });
    this.element = h('div', { class: 'view' },
      h('div', { class: 'head page' }, h('h1', {}, 'History of members'), h('p', { class: 'hint' }, 'Every start of a process, and how it ended.')),
      this.#problem, h('section', { class: 'panel', 'aria-label': 'Incarnations' },
        h('div', { class: 'head' }, h('div', { class: 'inline' }, h('label', { for: 'history-member' }, 'Member'), this.#member), this.#sum), this.#table, this.#more));
  }

  async show() {
    clearTimeout(this.#timer);
    const answer = await ask(`/cluster/history?limit=${LIMIT}`, this.#problem);
    if (answer) {
      this.#all = answer.incarnations;
      this.#draw();
    }
    if (this.element.isConnected) this.#timer = setTimeout(() => this.show(), AGAIN);
  }

  hide() {
    clearTimeout(this.#timer);
  }

  #draw() {
    addOptions(this.#member, new Set(this.#all.map(each => each.name)));
    const incarnations = this.#all.filter(each => this.#member.value === '' || each.name === this.#member.value);
    const ends = state => incarnations.filter(each => each.state === state).length;
    this.#table.hidden = false;
    this.#more.hidden = this.#all.length < LIMIT;
    setText(this.#sum, `${count(incarnations.length, 'start')}: ${ends('live')} live, ${ends('left')} left, ${ends('down')} sent away, ${ends('dead')} dead`);
    const text = incarnations.map(each => `${each.nodeUid} ${each.state} ${each.reason}`).join();
    if (text === this.#drawn) return;
    this.#drawn = text;
    fill(this.#rows, incarnations.map(each => h('tr', { data: { incarnation: each.nodeUid } },
      cell('Member', clip(each.name)), cell('State', h('span', { class: `chip outcome ${tone(each.state)}` }, each.state)),
      cell('Started', moment(each.startedAt)), cell('Ended', each.endedAt ? moment(each.endedAt) : none),
      cell('Ran for', each.endedAt ? span((new Date(each.endedAt) - new Date(each.startedAt)) / 1000) : none),
      cell('Why', each.reason || none), cell('Version', each.version), cell('Address', clip(each.node.replace(/^.*@/, ''))), cell('Incarnation', h('code', { title: each.nodeUid }, each.nodeUid.slice(-8))))));
  }
}

const moment = at => h('time', { datetime: at }, dateTime(at));

/** Colours of the audit log's outcomes: lost without having been asked to go, sent away, all well. */
const tone = state => ({ dead: 'failed', down: 'denied', live: 'allowed', left: 'allowed' })[state] ?? 'unknown';

// Who changed what, why, and what came of it; latest first.

import { ask } from './dialog.js';
import { cell, clip, fill, h, head } from './dom.js';
import { dateTime, none } from './format.js';

const PAGE = 100;
const AGAIN = 5_000;

export class AuditView {
  title = 'Audit';
  #entries = new Map();
  #next = null;
  #drawn = '';
  #timer;
  #problem = h('p', { class: 'problem', role: 'alert', hidden: true });
  #rows = h('tbody');
  #nothing = h('p', { class: 'hint', hidden: true }, 'Nothing has been changed so far.');
  #table = h('div', { class: 'scroll', hidden: true }, h('table', { class: 'stacking audit' },
    head('Nr', 'When', 'Who', 'What', 'On', 'Why', 'Outcome', 'From'), this.#rows));
  #more = h('button', { type: 'button', hidden: true, on: { click: () => this.#older() } }, 'Earlier entries');

  constructor(model) {
    this.element = h('div', { class: 'view' },
      h('div', { class: 'head page' }, h('h1', {}, 'Audit log'), h('p', { class: 'hint' }, 'Every call that changes or wanted to change something, allowed or denied.')),
      this.#problem, h('section', { class: 'panel' }, this.#nothing, this.#table, this.#more));
    model.addEventListener('audit', ({ detail }) => {
      this.#entries.set(detail.nr, detail);
      this.#draw();
    });
  }

  async show() {
    await this.#latest();
  }

  hide() {
    clearTimeout(this.#timer);
  }

  async #latest() {
    clearTimeout(this.#timer);
    const isFirst = this.#entries.size === 0;
    const answer = await this.#ask(`/audit?limit=${PAGE}`);
    if (answer && isFirst) this.#next = answer.next;
    if (this.element.isConnected) this.#timer = setTimeout(() => this.#latest(), AGAIN);
  }

  async #older() {
    const answer = await this.#ask(`/audit?limit=${PAGE}&before=${this.#next}`);
    if (answer) this.#next = answer.next;
    this.#draw();
  }

  async #ask(path) {
    const answer = await ask(path, this.#problem);
    if (!answer) return null;
    for (const entry of answer.entries) this.#entries.set(entry.nr, entry);
    if (this.#next === null) this.#next = answer.next;
    this.#draw();
    return answer;
  }

  #draw() {
    const entries = [...this.#entries.values()].sort((a, b) => b.nr - a.nr);
    const text = entries.map(entry => `${entry.nr} ${entry.outcome}`).join();
    this.#more.hidden = this.#next === null;
    this.#nothing.hidden = entries.length > 0 || !this.#problem.hidden;
    this.#table.hidden = entries.length === 0;
    if (text === this.#drawn) return;
    this.#drawn = text;
    fill(this.#rows, entries.map(entry => h('tr', { data: { nr: entry.nr } },
      cell('Nr', entry.nr), cell('When', h('time', { datetime: entry.at }, dateTime(entry.at))),
      cell('Who', [entry.who, entry.by && h('span', { class: 'fine' }, ` as ${entry.by}`), entry.role && h('span', { class: 'fine' }, ` (${entry.role})`)]),
      cell('What', entry.action || `${entry.method} ${entry.path}`), cell('On', entry.target ? clip(entry.target) : none), cell('Why', entry.why || none),
      cell('Outcome', h('span', { class: `chip outcome ${word(entry.outcome)}` }, entry.outcome, entry.status ? ` ${entry.status}` : '')),
      cell('From', clip(`${entry.remote} → ${entry.node}`)))));
  }
}

const word = outcome => ['allowed', 'denied', 'failed', 'unknown'].includes(outcome) ? outcome : 'unknown';

// What the doctor finds: each with its consequence and its mend, worst first; and what to expect when a node dies.

import { ask } from './dialog.js';
import { fill, h } from './dom.js';
import { count, dateTime, span } from './format.js';

const SEVERITIES = ['critical', 'warning', 'notice', 'ok'];

export class DoctorView {
  title = 'Doctor';
  #problem = h('p', { class: 'problem', role: 'alert', hidden: true });
  #body = h('div', { class: 'stack' });
  #again = h('button', { type: 'button', on: { click: () => this.#load() } }, 'Look again');

  constructor() {
    this.element = h('div', { class: 'view' }, h('div', { class: 'head page' }, h('h1', {}, 'Doctor'), this.#again), this.#problem, this.#body);
  }

  show() {
    return this.#load();
  }

  async #load() {
    this.#again.disabled = true;
    try {
      const answer = await ask('/doctor', this.#problem, { timeout: 20_000 });
      if (answer) this.#draw(answer);
    } finally {
      this.#again.disabled = false;
    }
  }

  #draw({ at, worst, predictions, findings }) {
    const bad = findings.filter(finding => finding.severity !== 'ok');
    const sorted = [...findings].sort((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity));
    fill(this.#body,
      h('p', { class: `verdict ${known(worst)}`, role: 'status' },
        bad.length === 0 ? 'Nothing to object to.' : `${count(bad.length, 'finding')}, the worst ${worst === 'ok' ? 'of no weight' : `a ${worst}`}.`, h('span', { class: 'fine' }, ` Looked at ${dateTime(at)}.`)),
      predictions && h('section', { class: 'panel', 'aria-labelledby': 'predictions-title' },
        h('div', { class: 'head' }, h('h2', { id: 'predictions-title' }, 'What to expect')),
        h('dl', { class: 'pairs' }, [
          ['A node dies: its shards answer again after', predictions.expectedFailoverSeconds ?? predictions.failoverSeconds],
          ['at the earliest', predictions.earliestFailoverSeconds],
          ['at worst', predictions.failoverSeconds],
        ].filter(([, seconds]) => seconds !== undefined && seconds !== null).map(([label, seconds]) => h('div', {}, h('dt', {}, label), h('dd', {}, span(seconds))))),
        h('div', { class: 'terms' }, terms('The failover, as expected', predictions.expectedFailoverTerms), terms('The failover, at worst', predictions.failoverTerms))),
      sorted.map(finding => h('article', { class: `panel finding ${known(finding.severity)}`, data: { code: finding.code } },
        h('div', { class: 'head' }, h('h2', {}, finding.title), h('code', { class: 'fine' }, finding.code), h('span', { class: `chip ${known(finding.severity)}` }, finding.severity)),
        h('p', {}, finding.what),
        h('dl', { class: 'pairs stacked' },
          finding.consequence && h('div', {}, h('dt', {}, 'Consequence'), h('dd', {}, finding.consequence)),
          finding.mend && h('div', {}, h('dt', {}, 'Mend'), h('dd', {}, finding.mend))))));
  }
}

/** What a prediction is the sum of. */
const terms = (title, list) => list?.length > 0 && h('table', {},
  h('caption', {}, title),
  h('tbody', {}, list.map(term => h('tr', {}, h('th', { scope: 'row' }, term.name), h('td', { class: 'amount' }, span(term.seconds))))));

const known = severity => SEVERITIES.includes(severity) ? severity : 'notice';

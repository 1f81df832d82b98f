// One entity: where it lives, its state, and its events as a timeline.

import { ApiError, get } from './api.js';
import { explain } from './dialog.js';
import { addOptions, fill, h, setText } from './dom.js';
import { dateTime, none, number } from './format.js';
import { json } from './json.js';
import { linkOfShard } from './model.js';

const PAGE = 50;
const AGAIN = 3_000;

export class EntityView {
  title = 'Entity';
  #model;
  #kind = h('select', { id: 'entity-kind', required: true });
  #id = h('input', { id: 'entity-id', required: true, autocomplete: 'off', spellcheck: 'false', placeholder: 't-1' });
  #problem = h('p', { class: 'problem', role: 'alert', hidden: true });
  #where = h('div');
  #state = h('div');
  #stateText = '';
  #timeline = h('ol', { class: 'timeline' });
  #more = h('button', { type: 'button', hidden: true, on: { click: () => this.#nextPage() } }, 'Later events');
  #follow = h('input', { id: 'entity-follow', type: 'checkbox', on: { change: () => this.#tail() } });
  #entity = null;
  #after = 0;
  #timer;

  constructor(model) {
    this.#model = model;
    this.element = h('div', { class: 'view' },
      h('form', { class: 'search panel', on: { submit: event => this.#go(event) } },
        h('div', { class: 'field' }, h('label', { for: 'entity-kind' }, 'Kind'), this.#kind),
        h('div', { class: 'field wide' }, h('label', { for: 'entity-id' }, 'Id'), this.#id),
        h('button', { type: 'submit', class: 'primary' }, 'Look it up')),
      this.#problem,
      this.body = h('div', { class: 'stack', hidden: true }, this.#where, this.#state,
        h('section', { class: 'panel', 'aria-labelledby': 'events-title' },
          h('div', { class: 'head' }, h('h2', { id: 'events-title' }, 'Events'), h('p', { class: 'hint' }, h('label', {}, this.#follow, ' follow new ones'))),
          this.#timeline, this.#more)));
  }

  async show([kind, ...rest]) {
    this.update();
    this.#entity = null;
    clearTimeout(this.#timer);
    if (kind === undefined) {
      this.body.hidden = true;
      this.#id.focus();
      return;
    }
    const id = rest.join('/');
    addOptions(this.#kind, [kind]);
    this.#kind.value = kind;
    this.#id.value = id;
    await this.#load(kind, id);
  }

  hide() {
    clearTimeout(this.#timer);
  }

  update() {
    const isFirst = this.#kind.options.length === 0;
    addOptions(this.#kind, this.#model.kinds);
    if (isFirst && this.#model.kinds.includes('task')) this.#kind.value = 'task';
  }

  #go(event) {
    event.preventDefault();
    const wanted = `#/entity/${encodeURIComponent(this.#kind.value)}/${encodeURIComponent(this.#id.value)}`;
    if (location.hash === wanted) this.show([this.#kind.value, this.#id.value]);
    else location.hash = wanted;
  }

  async #load(kind, id) {
    const entity = this.#entity = { kind, id };
    this.#problem.hidden = true;
    // A browser takes these for steps up the path, however they are written.
    if (id === '.' || id === '..') {
      this.#refuse('A browser cannot ask for this id. pbm can: pbm entity show.');
      return;
    }
    this.#after = 0;
    this.#stateText = '';
    fill(this.#timeline);
    try {
      const where = await get(`/cluster/where/${encodeURIComponent(kind)}/${encodeURIComponent(id)}`);
      if (this.#entity !== entity) return;
      this.body.hidden = false;
      this.#drawWhere(where);
      await Promise.all([this.#loadState(entity), this.#nextPage()]);
      this.#tail();
    } catch (refused) {
      if (!(refused instanceof ApiError)) throw refused;
      if (this.#entity === entity) this.#refuse(explain(refused));
    }
  }

  #refuse(words) {
    this.body.hidden = true;
    this.#problem.hidden = false;
    setText(this.#problem, words);
  }

  #drawWhere(where) {
    const exists = Boolean(where.version);
    fill(this.#where, h('section', { class: 'panel', 'aria-labelledby': 'where-title' },
      h('div', { class: 'head' }, h('h1', { id: 'where-title' }, h('span', { class: 'quiet' }, `${where.kind}/`), where.id)),
      !exists && h('p', { class: 'absent' }, 'There is no event of it: it does not exist, or has not changed yet.'),
      h('dl', { class: 'pairs' }, [
        ['Shard', h('a', { href: linkOfShard(where) }, `${where.region}/${where.shard}`)],
        ['Owner', where.owner ?? 'nobody'],
        ['Epoch', where.epoch],
        ['Version', number(where.version ?? null)],
        ['In memory', where.resident === null ? 'not known: its owner did not answer' : where.resident ? 'yes' : 'no, it is passive'],
      ].map(([label, value]) => h('div', {}, h('dt', {}, label), h('dd', {}, value))))));
  }

  async #loadState(entity) {
    let words = null, answer = null;
    try {
      answer = await get(`/entities/${encodeURIComponent(entity.kind)}/${encodeURIComponent(entity.id)}`);
    } catch (refused) {
      if (!(refused instanceof ApiError)) throw refused;
      words = explain(refused);
    }
    const text = JSON.stringify(answer) ?? words;
    if (this.#entity !== entity || text === this.#stateText) return;
    this.#stateText = text;
    fill(this.#state, h('section', { class: 'panel', 'aria-labelledby': 'state-title' },
      h('div', { class: 'head' }, h('h2', { id: 'state-title' }, 'State'),
        answer && h('p', { class: 'hint' }, `version ${number(answer.version)}, ${answer.source === 'owner' ? 'from its owner’s memory' : 'folded from the journal'}`)),
      words ? h('p', { class: 'hint' }, words) : json(answer.state ?? null)));
  }

  async #nextPage() {
    const entity = this.#entity;
    const { events, next } = await get(`/entities/${encodeURIComponent(entity.kind)}/${encodeURIComponent(entity.id)}/events?after=${this.#after}&limit=${PAGE}`);
    if (this.#entity !== entity) return 0;
    this.#timeline.append(...events.map(event => this.#event(event)));
    this.#after = events.at(-1)?.version ?? this.#after;
    this.#more.hidden = !next;
    return events.length;
  }

  #event(event) {
    return h('li', { data: { version: event.version } },
      h('div', { class: 'what' }, h('span', { class: 'version' }, event.version), h('strong', {}, event.type), h('time', { datetime: event.at, title: event.at }, dateTime(event.at))),
      h('div', { class: 'payload' }, json(event.payload)),
      h('div', { class: 'fine' }, `epoch ${event.epoch ?? none}, command ${event.commandId ?? none}`));
  }

  /** Asks for what comes after the last event shown, as long as the box is ticked and there is no page to be asked for by hand. */
  #tail() {
    clearTimeout(this.#timer);
    if (!this.#follow.checked || !this.#entity || !this.element.isConnected) return;
    const entity = this.#entity;
    this.#timer = setTimeout(async () => {
      try {
        if (this.#more.hidden && await this.#nextPage() > 0) {
          await this.#loadState(entity);
          this.#drawWhere(await get(`/cluster/where/${encodeURIComponent(entity.kind)}/${encodeURIComponent(entity.id)}`));
        }
      } catch (refused) {
        if (!(refused instanceof ApiError)) throw refused;
      }
      this.#tail();
    }, AGAIN);
  }
}

// The map: a cell for every shard, gathered by the node that owns it. A shard that moves is seen to move; one cell is in the tab order, arrows do the rest.

import { h, setAttribute, setData, setText, reconcile } from './dom.js';
import { count, number } from './format.js';

const NOBODY = '';
const GLIDE = 600;
const FRESH = 4_000;
const GLIDE_AT_MOST = 2_048;

const stillness = matchMedia('(prefers-reduced-motion: reduce)');

export class ShardMap {
  #model;
  #cells = new Map();
  #groups = h('div', { class: 'groups' });
  #detail = h('p', { class: 'detail', id: 'shard-detail' });
  #focused = 0;
  #pointed = null;
  #homes = new Map();

  constructor(model) {
    this.#model = model;
    this.element = h('section', { class: 'panel map', 'aria-labelledby': 'map-title' },
      h('div', { class: 'head' }, h('h2', { id: 'map-title' }, 'Shards by node'),
        h('p', { class: 'hint', id: 'map-hint' }, 'The fuller a colour, the more entities in memory. Arrow keys walk, Enter opens.')),
      this.#detail, this.#groups);
    this.#groups.addEventListener('keydown', event => this.#onKey(event));
    this.#groups.addEventListener('pointerover', event => this.#point(event.target));
    this.#groups.addEventListener('pointerleave', () => this.#point(null));
    this.#groups.addEventListener('focusin', event => this.#onFocus(event.target));
    this.#groups.addEventListener('focusout', () => this.#describe());
    model.addEventListener('moved', ({ detail }) => this.#mark(detail.shard));
  }

  update() {
    const model = this.#model;
    if (!model.isKnown) return;
    const owners = this.#owners();
    const shards = model.shards.filter(Boolean);
    for (const shard of shards) {
      if (!this.#cells.has(shard.shard)) this.#cells.set(shard.shard, this.#cell(shard.shard));
    }
    this.#glide(shards, () => {
      reconcile(this.#groups, owners, owner => owner, owner => this.#group(owner));
      this.#place(shards);
    });
    const most = Math.max(1, ...shards.map(shard => shard.entities ?? 0));
    for (const shard of shards) this.#paint(this.#cells.get(shard.shard), shard, most);
    for (const group of this.#groups.children) group.tell();
    this.#describe();
  }

  focus(shard) {
    const cell = this.#cells.get(shard);
    if (cell) {
      this.#rove(cell);
      cell.focus();
    }
  }

  /** Nodes that own shards or could, in order of name; last, if need be, nobody. */
  #owners() {
    const model = this.#model;
    const names = new Set(model.members.filter(member => member.roles?.includes('entity') ?? true).map(member => member.name));
    for (const shard of model.shards) names.add(shard?.owner ?? NOBODY);
    return [...names].filter(name => name !== NOBODY).sort((a, b) => a.localeCompare(b, 'en', { numeric: true })).concat(names.has(NOBODY) ? [NOBODY] : []);
  }

  #group(owner) {
    const name = h('h3', {}, owner || 'no owner');
    const sum = h('span', { class: 'sum' });
    const cells = h('div', { class: 'cells', role: 'group', 'aria-describedby': 'map-hint' });
    const colour = owner ? `n${this.#model.colour(owner)}` : 'nobody';
    const group = h('div', { class: `group ${colour}`, data: { owner } }, h('div', { class: 'owner' }, h('span', { class: 'swatch', 'aria-hidden': 'true' }), name, sum), cells);
    group.cells = cells;
    group.tell = () => {
      const shards = this.#model.shards.filter(shard => (shard?.owner ?? NOBODY) === owner);
      const entities = shards.reduce((all, shard) => all + (shard.entities ?? 0), 0);
      const status = owner && this.#model.memberNamed(owner)?.status;
      setText(sum, `${count(shards.length, 'shard')}, ${count(entities, 'entity', 'entities')}${owner && status !== 'Up' ? ` · ${status ?? 'gone'}` : ''}`);
      setAttribute(cells, 'aria-label', `${owner || 'No owner'}: ${count(shards.length, 'shard')}`);
      setData(group, 'status', owner ? status ?? 'gone' : 'none');
    };
    return group;
  }

  #cell(number) {
    return h('a', { class: 'cell', href: `#/shard/${number}`, data: { shard: number }, tabindex: number === this.#focused ? 0 : -1 }, number);
  }

  #place(shards) {
    const groups = new Map([...this.#groups.children].map(group => [group.dataset.owner, group.cells]));
    const active = document.activeElement;
    for (const shard of shards) {
      const home = shard.owner ?? NOBODY;
      if (this.#homes.get(shard.shard) === home) continue;
      this.#homes.set(shard.shard, home);
      const cells = groups.get(home);
      const after = [...cells.children].find(cell => Number(cell.dataset.shard) > shard.shard);
      cells.insertBefore(this.#cells.get(shard.shard), after ?? null);
    }
    // An element that is put elsewhere loses the focus.
    if (active?.dataset?.shard && document.activeElement !== active) active.focus({ preventScroll: true });
  }

  #paint(cell, shard, most) {
    const pin = this.#model.pins.get(shard.shard);
    const isMoving = Boolean(shard.owner && shard.target && shard.target !== shard.owner);
    setData(cell, 'heat', shard.entities === null || shard.entities === undefined ? null : shard.entities === 0 ? 0 : Math.min(4, 1 + Math.floor(3.999 * shard.entities / most)));
    setData(cell, 'pinned', Boolean(pin) || null);
    setData(cell, 'moving', isMoving || null);
    setAttribute(cell, 'aria-label', this.#words(shard));
  }

  #words(shard) {
    const pin = this.#model.pins.get(shard.shard);
    return [
      `Shard ${shard.shard}`,
      shard.owner ?? 'no owner',
      `epoch ${shard.epoch}`,
      shard.entities === null || shard.entities === undefined ? 'entities not known' : `${number(shard.entities)} ${shard.entities === 1 ? 'entity' : 'entities'}`,
      shard.owner && shard.target && shard.target !== shard.owner ? `on its way to ${shard.target}` : null,
      pin ? `pinned to ${pin.node}` : null,
    ].filter(Boolean).join(', ');
  }

  /** Runs a change and lets every cell glide from where it was, the ones that changed their owner on top. */
  #glide(shards, change) {
    const owners = shards.map(shard => shard.owner ?? NOBODY);
    const isSame = this.#homes.size === shards.length && shards.every((shard, index) => this.#homes.get(shard.shard) === owners[index]);
    if (isSame || this.#homes.size === 0 || stillness.matches || document.hidden || shards.length > GLIDE_AT_MOST || !this.element.isConnected) {
      change();
      return;
    }
    const before = new Map([...this.#cells].map(([number, cell]) => [number, cell.getBoundingClientRect()]));
    const homes = new Map(this.#homes);
    change();
    for (const [number, cell] of this.#cells) {
      const from = before.get(number), to = cell.getBoundingClientRect();
      const [x, y] = [from.left - to.left, from.top - to.top];
      if (x === 0 && y === 0) continue;
      const hasMoved = homes.get(number) !== this.#homes.get(number);
      cell.animate(
        [{ transform: `translate(${x}px, ${y}px)`, zIndex: hasMoved ? 2 : 0 }, { transform: 'none', zIndex: hasMoved ? 2 : 0 }],
        { duration: GLIDE, easing: 'cubic-bezier(.3,.7,.2,1)' });
    }
  }

  /** A ring stays for a while: whoever looked away still sees which ones moved. */
  #mark(shard) {
    const cell = this.#cells.get(shard);
    if (!cell) return;
    clearTimeout(cell.fresh);
    setData(cell, 'fresh', true);
    cell.fresh = setTimeout(() => setData(cell, 'fresh', null), FRESH);
  }

  #point(target) {
    const cell = target?.closest?.('.cell');
    this.#pointed = cell ? Number(cell.dataset.shard) : null;
    this.#describe();
  }

  #onFocus(cell) {
    if (!cell.dataset.shard) return;
    this.#rove(cell);
    this.#describe();
  }

  #rove(cell) {
    this.#cells.get(this.#focused)?.setAttribute('tabindex', '-1');
    this.#focused = Number(cell.dataset.shard);
    cell.setAttribute('tabindex', '0');
  }

  /** One line of fixed place and height tells what the pointer or the focus is on: it covers nothing and works without a pointer. */
  #describe() {
    const active = document.activeElement?.closest?.('.cell');
    const at = this.#pointed ?? (active && this.#groups.contains(active) ? Number(active.dataset.shard) : null);
    const shard = at === null ? null : this.#model.shards[at];
    if (!shard) {
      setText(this.#detail, 'Point at a shard, or walk to it, to read about it here.');
      setData(this.#detail, 'empty', true);
      return;
    }
    const pin = this.#model.pins.get(at);
    setData(this.#detail, 'empty', null);
    setText(this.#detail, `${this.#words(shard).replaceAll(', ', ' · ')} · by ${shard.acquiredBy || 'nobody yet'}${pin?.reason ? ` · ${pin.reason}` : ''}`);
  }

  #onKey(event) {
    const cell = event.target.closest('.cell');
    if (!cell || event.ctrlKey || event.metaKey || event.altKey) return;
    const all = [...this.#groups.querySelectorAll('.cell')];
    const at = all.indexOf(cell);
    const next = {
      ArrowRight: () => all[at + 1],
      ArrowLeft: () => all[at - 1],
      ArrowDown: () => nextRow(all, cell, 1),
      ArrowUp: () => nextRow(all, cell, -1),
      Home: () => all[0],
      End: () => all.at(-1),
    }[event.key]?.();
    if (next === undefined && !event.key.startsWith('Arrow') && event.key !== 'Home' && event.key !== 'End') return;
    event.preventDefault();
    next?.focus();
  }
}

/** The cell that lies nearest in the next row of cells, whichever node's. */
function nextRow(all, from, direction) {
  const here = from.getBoundingClientRect();
  const beyond = all.map(cell => ({ cell, box: cell.getBoundingClientRect() })).filter(({ box }) => direction * (box.top - here.top) > 1);
  if (beyond.length === 0) return undefined;
  const row = beyond.reduce((nearest, { box }) => direction * (box.top - nearest) < 0 ? box.top : nearest, beyond[0].box.top);
  return beyond.filter(({ box }) => Math.abs(box.top - row) < 1).reduce((best, one) => Math.abs(one.box.left - here.left) < Math.abs(best.box.left - here.left) ? one : best).cell;
}

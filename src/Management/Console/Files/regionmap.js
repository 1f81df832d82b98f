// The shards of one region: a cell for each, gathered by the node that runs it. A shard that moves is seen to move; one cell is in the tab
// order, arrows do the rest.

import { clip, h, reconcile, setAttribute, setData, setText } from './dom.js';
import { count, number } from './format.js';
import { isOnItsWay, linkOfShard } from './model.js';
import { residentsText } from './residents.js';

const NOBODY = '';
const GLIDE = 600;
const FRESH = 4_000;
const GLIDE_AT_MOST = 2_048;

const stillness = matchMedia('(prefers-reduced-motion: reduce)');

export class RegionMap {
  #model;
  #region;
  #describe;
  #cells = new Map();
  #homes = new Map();
  #focused = null;
  #pointed = null;

  /** `describe(words)` shows what is said of the shard under the pointer or the focus; null: of none. */
  constructor(model, region, describe) {
    this.#model = model;
    this.#region = region;
    this.#describe = describe;
    this.element = h('div', { class: 'groups', id: `region-${region}`, data: { region } });
    this.element.addEventListener('keydown', event => this.#onKey(event));
    this.element.addEventListener('pointerover', event => this.#point(event.target.closest?.('.cell')));
    this.element.addEventListener('pointerleave', () => this.#point(null));
    this.element.addEventListener('focusin', event => this.#onFocus(event.target));
    this.element.addEventListener('focusout', () => this.#tell());
  }

  update() {
    const shards = this.#model.shardsOf(this.#region);
    for (const shard of shards) {
      this.#focused ??= shard.name;
      if (!this.#cells.has(shard.name)) this.#cells.set(shard.name, this.#cell(shard));
    }
    this.#glide(shards, () => {
      reconcile(this.element, this.#owners(shards), owner => owner, owner => this.#group(owner));
      this.#place(shards);
    });
    const most = Math.max(1, ...shards.map(shard => shard.entities ?? 0));
    for (const shard of shards) this.#paint(this.#cells.get(shard.name), shard, most);
    for (const group of this.element.children) group.tell();
    this.#tell();
  }

  /** A ring stays for a while: whoever looked away still sees which ones moved. */
  mark(shard) {
    const cell = this.#cells.get(shard);
    if (!cell) return;
    clearTimeout(cell.fresh);
    setData(cell, 'fresh', true);
    cell.fresh = setTimeout(() => setData(cell, 'fresh', null), FRESH);
  }

  /** Nodes that run shards or could, in order of name; last, if need be, nobody. */
  #owners(shards) {
    const names = new Set(this.#model.members.filter(member => member.roles?.includes('entity') ?? true).map(member => member.name));
    for (const shard of shards) names.add(shard.owner ?? NOBODY);
    return [...names].filter(name => name !== NOBODY).sort((a, b) => a.localeCompare(b, 'en', { numeric: true })).concat(names.has(NOBODY) ? [NOBODY] : []);
  }

  #group(owner) {
    const name = h('h3', {}, owner ? clip(owner) : 'not running');
    const sum = h('span', { class: 'sum' });
    const cells = h('div', { class: 'cells', role: 'group', 'aria-describedby': 'map-hint' });
    const colour = owner ? `n${this.#model.colour(owner)}` : 'nobody';
    const group = h('div', { class: `group ${colour}`, data: { owner } }, h('div', { class: 'owner' }, h('span', { class: 'swatch', 'aria-hidden': 'true' }), name, sum), cells);
    group.cells = cells;
    group.tell = () => {
      const shards = this.#model.shardsOf(this.#region).filter(shard => (shard.owner ?? NOBODY) === owner);
      const entities = residentsText(shards, known => count(known, 'entity', 'entities'));
      const status = owner && this.#model.memberNamed(owner)?.status;
      setText(sum, `${count(shards.length, 'shard')}${owner ? `, ${entities === 'not known' ? 'entities not known' : entities}` : ''}${owner && status !== 'Up' ? ` · ${status ?? 'gone'}` : ''}`);
      setAttribute(cells, 'aria-label', `${owner || 'Not running'}: ${count(shards.length, 'shard')}`);
      setData(group, 'status', owner ? status ?? 'gone' : 'none');
    };
    return group;
  }

  #cell({ region, shard, name }) {
    return h('a', { class: 'cell', href: linkOfShard({ region, shard }), data: { shard: name }, tabindex: name === this.#focused ? 0 : -1 }, shard);
  }

  #place(shards) {
    const groups = new Map([...this.element.children].map(group => [group.dataset.owner, group.cells]));
    const active = document.activeElement;
    for (const shard of shards) {
      const home = shard.owner ?? NOBODY;
      if (this.#homes.get(shard.name) === home) continue;
      this.#homes.set(shard.name, home);
      const cells = groups.get(home);
      const after = [...cells.children].find(cell => Number(cell.textContent) > shard.shard);
      cells.insertBefore(this.#cells.get(shard.name), after ?? null);
    }
    // An element that is put elsewhere loses the focus.
    if (active?.dataset?.shard && active.isConnected && document.activeElement !== active) active.focus({ preventScroll: true });
  }

  #paint(cell, shard, most) {
    const isMoving = Boolean(shard.owner) && isOnItsWay(shard);
    setData(cell, 'heat', shard.entities === null || shard.entities === undefined ? null : shard.entities === 0 ? 0 : Math.min(4, 1 + Math.floor(3.999 * shard.entities / most)));
    setData(cell, 'moving', isMoving || null);
    setAttribute(cell, 'aria-label', words(shard));
  }

  /** Runs a change and lets every cell glide from where it was, the ones that changed their owner on top. */
  #glide(shards, change) {
    const isSame = this.#homes.size === shards.length && shards.every(shard => this.#homes.get(shard.name) === (shard.owner ?? NOBODY));
    if (isSame || this.#homes.size === 0 || stillness.matches || document.hidden || shards.length > GLIDE_AT_MOST || !this.element.isConnected) {
      change();
      return;
    }
    const before = new Map([...this.#cells].map(([name, cell]) => [name, cell.getBoundingClientRect()]));
    const homes = new Map(this.#homes);
    change();
    for (const [name, cell] of this.#cells) {
      const from = before.get(name), to = cell.getBoundingClientRect();
      const [x, y] = [from.left - to.left, from.top - to.top];
      if (x === 0 && y === 0) continue;
      const hasMoved = homes.get(name) !== this.#homes.get(name);
      cell.animate(
        [{ transform: `translate(${x}px, ${y}px)`, zIndex: hasMoved ? 2 : 0 }, { transform: 'none', zIndex: hasMoved ? 2 : 0 }],
        { duration: GLIDE, easing: 'cubic-bezier(.3,.7,.2,1)' });
    }
  }

  #onFocus(cell) {
    if (!cell.dataset.shard) return;
    this.#cells.get(this.#focused)?.setAttribute('tabindex', '-1');
    this.#focused = cell.dataset.shard;
    cell.setAttribute('tabindex', '0');
    this.#tell();
  }

  #point(cell) {
    this.#pointed = cell ?? null;
    this.#tell();
  }

  /** Without a pointer on a shard it is the focus that is told of. */
  #tell() {
    const focused = document.activeElement?.closest?.('.cell');
    const cell = this.#pointed ?? (focused && this.element.contains(focused) ? focused : null);
    const shard = cell && this.#model.shards.get(cell.dataset.shard);
    this.#describe(shard ? words(shard).replaceAll(', ', ' · ') : null);
  }

  #onKey(event) {
    const cell = event.target.closest('.cell');
    if (!cell || event.ctrlKey || event.metaKey || event.altKey) return;
    const all = [...this.element.querySelectorAll('.cell')];
    const at = all.indexOf(cell);
    const next = {
      ArrowRight: () => all[at + 1],
      ArrowLeft: () => all[at - 1],
      ArrowDown: () => nextRow(all, cell, 1),
      ArrowUp: () => nextRow(all, cell, -1),
      Home: () => all[0],
      End: () => all.at(-1),
    }[event.key];
    if (!next) return;
    event.preventDefault();
    next()?.focus();
  }
}

const words = shard => [
  `Shard ${shard.name}`,
  shard.owner ?? 'not running',
  `epoch ${shard.epoch}`,
  shard.entities === null || shard.entities === undefined ? shard.owner && 'entities not known' : `${number(shard.entities)} ${shard.entities === 1 ? 'entity' : 'entities'}`,
  isOnItsWay(shard) ? `on its way to ${shard.target}` : null,
].filter(Boolean).join(', ');

/** The cell that lies nearest in the next row of cells, whichever node's. */
function nextRow(all, from, direction) {
  const here = from.getBoundingClientRect();
  const beyond = all.map(cell => ({ cell, box: cell.getBoundingClientRect() })).filter(({ box }) => direction * (box.top - here.top) > 1);
  if (beyond.length === 0) return undefined;
  const row = beyond.reduce((nearest, { box }) => direction * (box.top - nearest) < 0 ? box.top : nearest, beyond[0].box.top);
  return beyond.filter(({ box }) => Math.abs(box.top - row) < 1).reduce((best, one) => Math.abs(one.box.left - here.left) < Math.abs(best.box.left - here.left) ? one : best).cell;
}

// What the coordinator would move now, and carrying it out move by move.

import { ApiError, get, post } from './api.js';
import { confirm, explain, toast } from './dialog.js';
import { fill, h, setText } from './dom.js';
import { bytes, count, none, number, span } from './format.js';
import { table } from './shard.js';

const ARRIVAL = 60_000;
const AT_ONCE = 8;

export class PlanView {
  title = 'Plan';
  #model;
  #feed;
  #plan = null;
  #run = null;
  #problem = h('p', { class: 'problem', role: 'alert', hidden: true });
  #body = h('div', { class: 'stack' });
  #progress = h('section', { class: 'panel', hidden: true, 'aria-labelledby': 'progress-title' });

  constructor(model, feed) {
    this.#model = model;
    this.#feed = feed;
    this.element = h('div', { class: 'view' },
      h('div', { class: 'head page' }, h('h1', {}, 'Plan'), h('button', { type: 'button', on: { click: () => this.#load() } }, 'Plan anew')),
      this.#problem, this.#progress, this.#body);
  }

  show() {
    if (!this.#run) return this.#load();
  }

  async #load() {
    this.#problem.hidden = true;
    try {
      this.#plan = await get('/shards/plan');
      this.#draw();
    } catch (refused) {
      if (!(refused instanceof ApiError)) throw refused;
      this.#problem.hidden = false;
      setText(this.#problem, explain(refused));
    }
  }

  #draw() {
    const plan = this.#plan;
    const most = Math.max(1, ...plan.members.flatMap(member => [member.shardsBefore, member.shardsAfter]));
    fill(this.#body,
      h('section', { class: 'panel', 'aria-labelledby': 'balance-title' },
        h('div', { class: 'head' }, h('h2', { id: 'balance-title' }, 'Balance'),
          h('p', { class: 'hint' }, `${plan.balanced ? 'Nothing to move.' : `${count(plan.moveCount, 'move')}, ${number(plan.atOnce)} at once.`} ${plan.rebalance === 'manual' ? 'Shards are evened out by hand only. ' : ''}Planned by ${plan.coordinator}, ${plan.allocation}${plan.loadsKnown ? '' : '; loads are not known yet, so all shards count alike'}.`)),
        table(['Node', 'Order', 'Shards now', 'after', 'Messages/s now', 'after'], plan.members.map(member => [
          member.name, member.order ?? none, this.#bar(member, member.shardsBefore, most), this.#bar(member, member.shardsAfter, most), number(member.rateBefore), number(member.rateAfter)]), 'Nobody could have shards.')),
      h('section', { class: 'panel', 'aria-labelledby': 'moves-title' },
        h('div', { class: 'head' }, h('h2', { id: 'moves-title' }, 'Moves'),
          plan.moves.length > 0 && h('button', { type: 'button', class: 'primary', disabled: this.#run !== null, on: { click: () => this.#apply() } }, 'Apply …')),
        table(['Shard', 'From', 'To', 'Entities', 'Bytes', 'Pause', 'When', 'Reason'], plan.moves.map(move => [
          h('a', { href: `#/shard/${move.shard}` }, move.shard), move.from ?? 'nobody', move.to, number(move.entities ?? null), bytes(move.bytes ?? null),
          span(move.expectedPauseSeconds ?? null), move.atOnce ? 'now' : 'later', move.reason]), 'The shards are where they belong.')));
  }

  async #apply() {
    const plan = this.#plan;
    const most = h('input', { id: 'dialog-moves', type: 'number', min: 1, max: plan.moves.length, required: true });
    most.value = plan.moves.length;
    const started = await confirm({
      title: 'Apply the plan?', verb: 'Apply', fields: [{ name: 'moves', label: 'Moves at most', input: most }],
      consequence: `${count(plan.moves.length, 'shard')} would move, at most ${count(this.#width(), 'shard')} at once. You can stop in between: what is under way arrives, the rest stays.`,
      act: async ({ moves, ...body }) => {
        const chosen = plan.moves.slice(0, Number(moves));
        this.#check(chosen, (await get('/cluster/shards')).shards);
        return { chosen, body };
      },
    });
    if (started) await this.#carryOut(started.chosen, started.body);
  }

  #width() {
    return Math.max(1, Math.min(AT_ONCE, this.#plan.atOnce));
  }

  /** Nothing is moved by a plan that the cluster has outgrown. */
  #check(moves, shards) {
    for (const move of moves) {
      const now = shards[move.shard];
      const isAsPlanned = now.owner === (move.from ?? null) && (move.epoch === undefined || now.epoch === move.epoch);
      if (!isAsPlanned && now.owner !== move.to) {
        throw new ApiError(409, 'Outgrown', `Shard ${move.shard} is at ${now.owner ?? 'nobody'} under epoch ${now.epoch} and not where the plan has it: plan anew.`);
      }
      move.expectedEpoch = now.epoch;
    }
  }

  async #carryOut(moves, body) {
    const run = this.#run = { done: 0, failed: [], isStopped: false };
    const bar = h('progress', { max: moves.length, value: 0, 'aria-labelledby': 'progress-title' });
    const words = h('p', { role: 'status' });
    const stop = h('button', { type: 'button', on: { click: () => { run.isStopped = true; stop.disabled = true; } } }, 'Stop after what is under way');
    const title = h('h2', { id: 'progress-title' }, 'Applying the plan');
    fill(this.#progress, title, bar, words, h('div', { class: 'buttons' }, stop));
    this.#progress.hidden = false;
    this.#draw();
    const waiting = [...moves];
    const tell = () => {
      bar.value = run.done;
      setText(words, `${run.done} of ${moves.length} moved${run.failed.length > 0 ? `, ${run.failed.length} not: ${run.failed.at(-1)}` : ''}`);
    };
    tell();
    await Promise.all(Array.from({ length: this.#width() }, async () => {
      while (waiting.length > 0 && !run.isStopped) {
        const move = waiting.shift();
        try {
          await this.#moveOne(move, body);
          run.done++;
        } catch (refused) {
          if (!(refused instanceof ApiError)) throw refused;
          run.failed.push(`shard ${move.shard}: ${explain(refused)}`);
          run.isStopped = true;
        }
        tell();
      }
    }));
    stop.remove();
    setText(title, run.done === moves.length ? 'The plan was applied' : 'The plan was applied in part');
    this.#run = null;
    const left = moves.length - run.done;
    toast(left === 0 ? `All ${moves.length} moves are done.` : `${run.done} of ${moves.length} moves are done. Plan anew to go on.`, left === 0 ? 'good' : 'problem');
    await this.#load();
  }

  async #moveOne({ shard, to, expectedEpoch }, body) {
    const answer = await post(`/shards/${shard}/move`, { node: to, expectedEpoch, ...body });
    if (answer.state === 'there') return;
    this.#feed.refresh();
    if (!await this.#arrives(shard, to)) throw new ApiError(0, 'Late', `It is not at ${to} after ${ARRIVAL / 1000} s.`);
  }

  #arrives(shard, to) {
    const model = this.#model;
    return new Promise(resolve => {
      const end = isThere => {
        clearTimeout(timer);
        model.removeEventListener('change', look);
        resolve(isThere);
      };
      const look = () => model.shards[shard]?.owner === to && end(true);
      const timer = setTimeout(() => end(false), ARRIVAL);
      model.addEventListener('change', look);
      look();
    });
  }

  #bar({ name }, value, most) {
    const part = h('span');
    part.style.width = `${100 * value / most}%`;
    return h('span', { class: `bar-cell n${this.#model.colour(name)}` }, h('span', {}, number(value)), h('span', { class: 'track', 'aria-hidden': 'true' }, part));
  }
}

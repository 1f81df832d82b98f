// Puts the page together: views by the address' fragment, the bar, the word on the connection, token and role.

import { Actions } from './actions.js';
import { role, token } from './api.js';
import { AuditView } from './audit.js';
import { ClusterView } from './cluster.js';
import { askForToken, toast } from './dialog.js';
import { DoctorView } from './doctor.js';
import { fill, h, setAttribute, setData, setText } from './dom.js';
import { EntityView } from './entity.js';
import { Feed } from './feed.js';
import { time } from './format.js';
import { History } from './history.js';
import { IncarnationsView } from './incarnations.js';
import { ClusterModel } from './model.js';
import { MoveLog } from './moves.js';
import { MovesView } from './movesview.js';
import { OrdersView } from './orders.js';
import { RegionsView } from './regions.js';
import { ShardView } from './shard.js';
import { waiting } from './stuck.js';

const model = new ClusterModel();
const history = new History();
const moves = new MoveLog();
const feed = new Feed(model, history, moves);
const actions = new Actions(model, feed);
const views = {
  cluster: new ClusterView(model, history, actions),
  regions: new RegionsView(model),
  moves: new MovesView(model, moves, feed, actions),
  orders: new OrdersView(model, moves, actions),
  entity: new EntityView(model),
  shard: new ShardView(model, actions),
  history: new IncarnationsView(model),
  audit: new AuditView(model),
  doctor: new DoctorView(),
};
const main = document.getElementById('main');
const banners = document.getElementById('banners');
const connection = document.getElementById('connection');
let current = null;
let isAsking = false;

function route() {
  const [name, ...rest] = location.hash.replace(/^#\//, '').split('/').filter(part => part !== '');
  const view = Object.hasOwn(views, name) ? name : 'cluster';
  current?.hide?.();
  const isOther = current !== views[view];
  current = views[view];
  if (isOther) fill(main, current.element);
  document.title = `${current.title} · ${model.status?.cluster ?? 'AkkaScale'} console`;
  for (const link of document.querySelectorAll('.tabs a')) setAttribute(link, 'aria-current', link.dataset.view === view ? 'page' : null);
  Promise.resolve(current.show(rest.map(decode))).catch(fault => {
    console.error(fault);
    toast('This page has a fault; the browser’s console says which.', 'problem');
  });
}

function decode(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function update() {
  const { status } = model;
  setText(document.getElementById('cluster-name'), status?.cluster ?? 'AkkaScale');
  if (status) {
    const facts = [
      ['Asked', status.self],
      ['Coordinator', status.coordinator?.name ?? 'none'],
      ['Store', `${status.store}, generation ${status.generation}`],
    ];
    const place = document.getElementById('facts');
    const text = facts.flat().join('|');
    if (place.dataset.text !== text) {
      place.dataset.text = text;
      fill(place, facts.map(([label, value]) => h('div', {}, h('dt', {}, label), h('dd', {}, value))));
    }
  }
  if (!feed.state.isLost) drawBanner();
  current?.update?.();
}

function drawConnection() {
  const { isLost, isStreaming } = feed.state;
  setData(connection, 'state', isLost ? 'lost' : isStreaming ? 'live' : 'polling');
  fill(connection, role === 'viewer' && h('span', { class: 'chip', title: 'This token may look and not change anything.' }, 'may look, not change'), h('span', { class: 'dot', 'aria-hidden': 'true' }), isLost ? 'connection lost' : isStreaming ? 'live' : 'asking each second',
    token.value
      ? h('button', { type: 'button', class: 'small', on: { click: forget } }, 'Forget the token')
      : h('button', { type: 'button', class: 'small', on: { click: () => enterToken(null, false) } }, 'Enter a token'));
  setData(document.body, 'role', role);
  setData(document.body, 'lost', isLost || null);
  drawBanner();
}

let bannerText = null;

/** What is wrong as a whole: no connection, or shards that have a home and do not run there yet. */
function drawBanner() {
  const { isLost, since, reason } = feed.state;
  const homeless = [...model.shards.values()].filter(shard => !shard.owner && shard.target).length;
  const stuck = waiting(model, moves).length;
  const text = isLost ? `lost ${since.getTime()} ${reason}` : `${homeless} ${stuck}`;
  if (text === bannerText) return;
  bannerText = text;
  fill(banners,
    isLost && h('div', { class: 'banner bad', role: 'alert' },
      h('strong', {}, `No connection to ${model.status?.self ?? 'the node'} since ${time(since)}.`), ` ${reason} `,
      model.isKnown ? 'Below is what was known last. ' : '', 'The page keeps trying.', elsewhere()),
    !isLost && homeless > 0 && h('div', { class: 'banner warn' },
      `${homeless === 1 ? 'One shard has a home but does' : `${homeless} shards have a home but do`} not run there yet: whoever asks for their entities waits.`),
    !isLost && stuck > 0 && h('div', { class: 'banner warn', id: 'stuck-banner' },
      stuck === 1 ? 'One move or order does not arrive: ' : `${stuck} moves or orders do not arrive: `, h('a', { href: '#/moves' }, 'what keeps it'), '.'));
}

/** The other nodes' consoles: each of them tells the same. */
function elsewhere() {
  const others = model.members.filter(member => member.node !== model.selfNode && member.status === 'Up' && /^[\w.:[\]-]+$/.test(member.managementAddress ?? ''));
  return others.length === 0 ? null
    : h('span', {}, ' Others tell the same: ', others.map((member, index) => [index > 0 && ', ', h('a', { href: `http://${member.managementAddress}/console`, rel: 'noreferrer' }, member.name)]), '.');
}

function forget() {
  token.value = null;
  location.reload();
}

function enterToken(problem, isNeeded) {
  if (isAsking) return;
  isAsking = true;
  const asked = askForToken(problem, isNeeded).then(() => {
    isAsking = false;
    drawConnection();
    feed.refresh();
    // What the view has asked for in vain is asked for again.
    if (isNeeded) setTimeout(route);
  });
  if (isNeeded) feed.hold(asked);
}

document.addEventListener('role', drawConnection);
document.addEventListener('token-needed', ({ detail: { problem, isReading } }) => enterToken(problem, isReading));
// An open dialog says it itself.
document.addEventListener('role-too-low', ({ detail }) => document.querySelector('dialog[open]') || toast(`Your role is too low for this: ${detail.message}`, 'problem'));
document.getElementById('skip').addEventListener('click', () => main.focus());
window.addEventListener('hashchange', () => {
  route();
  // As after following a link to another page: reading goes on at its beginning.
  window.scrollTo(0, 0);
});
model.addEventListener('change', update);
feed.addEventListener('state', drawConnection);
drawConnection();
route();
feed.start();

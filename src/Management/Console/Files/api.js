// Questions to the node that this page came from. The token is kept for this tab only and leaves it in one header only.

const TOKEN = 'akkascale.token';
const TIMEOUT = 8_000;

/** What the node said no with; status 0: it did not answer. */
export class ApiError extends Error {
  constructor(status, title, detail, code) {
    super(detail || title);
    this.status = status;
    this.title = title;
    this.code = code;
  }
}

export const token = {
  get value() { return sessionStorage.getItem(TOKEN); },
  set value(text) {
    if (text) sessionStorage.setItem(TOKEN, text);
    else sessionStorage.removeItem(TOKEN);
  },
};

export const get = (path, options) => call('GET', path, undefined, options);

export const post = (path, body) => call('POST', path, body);

export const put = path => call('PUT', path);

/** What the token may: viewer or operator; null without one, or before an answer. Whoever has none is asked for it when something needs it. */
export let role = null;

/** An open answer, its status checked, for who reads it as a stream. */
export async function open(path, signal) {
  return checked('GET', await send('GET', path, undefined, signal));
}

async function call(method, path, body, { timeout = TIMEOUT } = {}) {
  const answer = await checked(method, await send(method, path, body, AbortSignal.timeout(timeout)));
  try {
    return await answer.json();
  } catch (broken) {
    throw unreachable(broken);
  }
}

async function send(method, path, body, signal) {
  const headers = { Accept: 'application/json' };
  if (token.value) headers.Authorization = `Bearer ${token.value}`;
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  try {
    return await fetch(path, {
      method, headers, signal, body: body === undefined ? undefined : JSON.stringify(body),
      cache: 'no-store', credentials: 'omit', redirect: 'error', referrerPolicy: 'no-referrer',
    });
  } catch (broken) {
    throw unreachable(broken);
  }
}

async function checked(method, answer) {
  takeRole(token.value ? answer.headers.get('AkkaScale-Role') : null, answer.ok);
  if (answer.ok) return answer;
  const problem = await answer.json().catch(() => ({}));
  const error = new ApiError(
    answer.status, String(problem.title ?? answer.statusText), String(problem.detail ?? ''), String(problem.code ?? problem.type ?? ''));
  if (answer.status === 401) document.dispatchEvent(new CustomEvent('token-needed', { detail: { problem: error, isReading: method === 'GET' } }));
  if (answer.status === 403) document.dispatchEvent(new CustomEvent('role-too-low', { detail: error }));
  throw error;
}

function takeRole(told, isOk) {
  if (!isOk || told === role) return;
  role = told;
  document.dispatchEvent(new Event('role'));
}

const unreachable = broken =>
  new ApiError(0, 'The node does not answer', broken.name === 'TimeoutError' ? 'The node did not answer in time.' : 'The node does not answer.', '');

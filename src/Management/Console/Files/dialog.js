// Questions to the operator, and words to them that pass.

import { ApiError, get, token } from './api.js';
import { fill, h, setText } from './dom.js';

const REASON_BOUND = 500;
const BY = 'akkascale.by';

/**
 * Asks for confirmation and a reason before something changes. `act({ reason, by, ...fields })` does it; while it runs the dialog stays, and what it is
 * refused with is shown in it. Resolves to what `act` came to, or null if the operator thought better of it.
 * @param typed What has to be typed before it can be done; for what cannot be undone.
 * @param cost Asks the node what it would cost, in words; `isRefusedByCost`: where that is refused, the act is too.
 */
export function confirm({ title, consequence, fields = [], verb, act, typed, cost, isRefusedByCost }) {
  return new Promise(resolve => {
    const reason = h('textarea', { id: 'dialog-reason', rows: 2, maxlength: REASON_BOUND, required: true, placeholder: 'Why? It is kept with the order and in the audit log.' });
    const by = h('input', { id: 'dialog-by', maxlength: 100, autocomplete: 'off', placeholder: 'optional' });
    by.value = sessionStorage.getItem(BY) ?? '';
    const problem = h('p', { class: 'problem', role: 'alert', hidden: true });
    const repeat = typed && h('input', { id: 'dialog-typed', autocomplete: 'off', spellcheck: 'false', required: true, on: { input: allow } });
    const price = cost && h('p', { id: 'dialog-cost', role: 'status' }, 'Asking the node what it would cost …');
    const go = h('button', { type: 'submit', class: typed ? 'primary danger' : 'primary' }, verb);
    let isRefused = Boolean(isRefusedByCost);
    const cancel = h('button', { type: 'button', on: { click: () => dialog.close() } }, 'Cancel');
    let result = null;
    const form = h('form', { on: { submit } },
      h('h2', { id: 'dialog-title' }, title),
      h('p', { id: 'dialog-consequence' }, consequence), price,
      fields.map(field => h('div', { class: 'field' }, h('label', { for: field.input.id }, field.label), field.input)),
      h('div', { class: 'field' }, h('label', { for: reason.id }, 'Reason'), reason),
      h('div', { class: 'field' }, h('label', { for: by.id }, 'Your name'), by),
      typed && h('div', { class: 'field' }, h('label', { for: repeat.id }, 'To confirm, type ', h('strong', {}, typed)), repeat),
      problem,
      h('div', { class: 'buttons' }, cancel, go));
    const dialog = h('dialog', { 'aria-labelledby': 'dialog-title', 'aria-describedby': 'dialog-consequence', on: { close } }, form);
    document.body.append(dialog);
    dialog.showModal();
    (fields[0]?.input ?? reason).focus();
    allow();
    if (cost) tellCost();

    function allow() {
      go.disabled = isRefused || Boolean(typed) && repeat.value.trim() !== typed;
    }

    async function tellCost() {
      try {
        setText(price, await cost());
        isRefused = false;
        allow();
      } catch (refused) {
        if (!(refused instanceof ApiError)) throw refused;
        setText(price, isRefused ? `It cannot be done: ${refused.message}` : 'What it would cost is not known.');
      }
    }

    async function submit(event) {
      event.preventDefault();
      if (go.disabled) return;
      sessionStorage.setItem(BY, by.value.trim());
      const values = Object.fromEntries(fields.map(field => [field.name, field.input.value]));
      go.disabled = true;
      problem.hidden = true;
      try {
        result = await act({ ...values, reason: reason.value.trim(), by: by.value.trim() || undefined });
        dialog.close();
      } catch (refused) {
        if (!(refused instanceof ApiError)) throw refused;
        problem.hidden = false;
        fill(problem, explain(refused));
      } finally {
        allow();
      }
    }

    function close() {
      dialog.remove();
      resolve(result);
    }
  });
}

/** The answer to a reading, or null when it was refused: `problem` then says why, and is hidden otherwise. */
export async function ask(path, problem, options) {
  try {
    const answer = await get(path, options);
    problem.hidden = true;
    return answer;
  } catch (refused) {
    if (!(refused instanceof ApiError)) throw refused;
    problem.hidden = false;
    setText(problem, explain(refused));
    return null;
  }
}

/** What a refusal means to whoever sits here. */
export function explain(error) {
  if (error.status === 403) return `Your role is too low for this: ${error.message}`;
  if (error.status === 401) return `The node asks for a token: ${error.message}`;
  if (error.status === 0) return `${error.message} Whether the order arrived is not known: look before you give it again.`;
  return error.message;
}

/**
 * Asks for the token; resolves when one was given, or to nothing if the operator goes on without.
 * @param problem What the node said, if it has said something.
 * @param isNeeded Nothing can be seen without one.
 */
export function askForToken(problem, isNeeded) {
  return new Promise(resolve => {
    const input = h('input', { id: 'token', type: 'password', autocomplete: 'off', spellcheck: 'false', required: true });
    const dialog = h('dialog', { class: 'token', 'aria-labelledby': 'token-title', on: { cancel: event => isNeeded && event.preventDefault(), close } },
      h('form', { on: { submit } },
        h('h2', { id: 'token-title' }, isNeeded ? 'This node asks for a token' : 'Your token'),
        h('p', {}, 'It is kept in this tab until you close it, and sent to this address only.'),
        problem && (token.value || !isNeeded) && h('p', { class: 'problem', role: 'alert' }, problem.message),
        h('div', { class: 'field' }, h('label', { for: 'token' }, 'Token'), input),
        h('div', { class: 'buttons' },
          !isNeeded && h('button', { type: 'button', on: { click: () => dialog.close() } }, 'Cancel'),
          h('button', { type: 'submit', class: 'primary' }, 'Go on'))));
    document.body.append(dialog);
    dialog.showModal();
    input.focus();

    function submit(event) {
      event.preventDefault();
      token.value = input.value.trim();
      dialog.close();
    }

    function close() {
      dialog.remove();
      resolve();
    }
  });
}

export function toast(text, kind = 'info') {
  const note = h('div', { class: `toast ${kind}` }, text, h('button', { type: 'button', 'aria-label': 'Dismiss', on: { click: () => note.remove() } }, '×'));
  const place = document.getElementById('toasts');
  place.append(note);
  while (place.children.length > 4) place.firstChild.remove();
  setTimeout(() => note.remove(), kind === 'problem' ? 15_000 : 6_000);
}

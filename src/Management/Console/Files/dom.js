// Elements are built here and nowhere else. A child that is no element becomes a text node, so nothing that comes from the server is ever read as markup.

const SVG = 'http://www.w3.org/2000/svg';

/** An HTML element. `on` takes listeners, `data` takes data attributes; everything else is an attribute, left out when null or false. */
export const h = (tag, props, ...children) => build(document.createElement(tag), props, children);

/** The same for SVG. */
export const s = (tag, props, ...children) => build(document.createElementNS(SVG, tag), props, children);

function build(element, props, children) {
  for (const [name, value] of Object.entries(props ?? {})) {
    if (name === 'on') {
      for (const [type, listener] of Object.entries(value)) element.addEventListener(type, listener);
    } else if (name === 'data') {
      for (const [key, text] of Object.entries(value)) setData(element, key, text);
    } else {
      setAttribute(element, name, value);
    }
  }
  append(element, children);
  return element;
}

/** The head of a table. */
export const head = (...columns) => h('thead', {}, h('tr', {}, columns.map(column => h('th', { scope: 'col' }, column))));

/** Gives a select the options that it lacks; what is chosen stays. */
export function addOptions(select, names) {
  const known = [...select.options].map(option => option.value);
  for (const name of names) {
    if (!known.includes(name)) select.append(h('option', { value: name }, name));
  }
}

/** A cell of a table whose rows become cards on narrow screens: each cell names its column there. */
export const cell = (label, ...children) => h('td', { data: { label } }, children.flat().length > 1 ? h('div', {}, children) : children);

/** A name that may be long: cut where there is no room for it, whole in its title. */
export const clip = text => h('span', { class: 'clip', title: text }, text);

/** Fills an element anew. */
export function fill(element, ...children) {
  element.replaceChildren();
  append(element, children);
  return element;
}

export function setText(element, text) {
  const wanted = visible(text ?? '');
  if (element.textContent !== wanted) element.textContent = wanted;
}

export function setAttribute(element, name, value) {
  if (value === null || value === undefined || value === false) {
    element.removeAttribute(name);
  } else {
    const wanted = value === true ? '' : name === 'title' || name === 'aria-label' ? visible(value) : String(value);
    if (element.getAttribute(name) !== wanted) element.setAttribute(name, wanted);
  }
}

export function setData(element, key, value) {
  if (value === null || value === undefined || value === false) delete element.dataset[key];
  else if (element.dataset[key] !== String(value)) element.dataset[key] = String(value);
}

/**
 * Makes the children of `parent` those of `items`, in order, keeping the elements of items that stay: focus and hover survive an update.
 * `create(item)` returns an element with a method `update(item)` hung on it.
 */
export function reconcile(parent, items, keyOf, create) {
  const known = (parent.reconciled ??= new Map());
  const wanted = new Set();
  let place = parent.firstChild;
  for (const item of items) {
    const key = keyOf(item);
    wanted.add(key);
    let element = known.get(key);
    if (!element) known.set(key, element = create(item));
    element.update?.(item);
    if (element === place) place = place.nextSibling;
    else parent.insertBefore(element, place);
  }
  for (const [key, element] of known) {
    if (!wanted.has(key)) {
      element.remove();
      known.delete(key);
    }
  }
}

function append(element, children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    element.append(child instanceof Node ? child : document.createTextNode(visible(child)));
  }
}

/** Characters that turn the reading direction are written as escapes: a name could else look like another. */
function visible(text) {
  return String(text).replace(/[\u061c\u200b-\u200f\u202a-\u202e\u2066-\u2069]/g, sign => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

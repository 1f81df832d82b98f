// A JSON value as an indented text with its parts told apart. Built of text nodes: what a value says stays what it says.

import { h } from './dom.js';

export const json = value => h('pre', { class: 'json', tabindex: 0 }, parts(value, ''));

// What fits is written on one line: an event is mostly a few words.
const LINE = 96;

function parts(value, indent) {
  if (value !== null && typeof value === 'object' && indent.length + JSON.stringify(value).length <= LINE) return inLine(value);
  if (Array.isArray(value)) return enclosed('[', ']', value.map(item => parts(item, `${indent}  `)), indent);
  if (value !== null && typeof value === 'object') {
    return enclosed('{', '}', Object.entries(value).map(([name, item]) => [h('span', { class: 'name' }, visible(name)), ': ', parts(item, `${indent}  `)]), indent);
  }
  return typeof value === 'string' ? h('span', { class: 'string' }, visible(value)) : h('span', { class: 'value' }, String(value));
}

function inLine(value) {
  if (value === null || typeof value !== 'object') return parts(value, '');
  const items = Array.isArray(value)
    ? value.map(inLine)
    : Object.entries(value).map(([name, item]) => [h('span', { class: 'name' }, visible(name)), ': ', inLine(item)]);
  const [open, close] = Array.isArray(value) ? ['[', ']'] : items.length > 0 ? ['{ ', ' }'] : ['{', '}'];
  return [open, items.map((item, index) => [index > 0 && ', ', item]), close];
}

function enclosed(open, close, items, indent) {
  if (items.length === 0) return open + close;
  return [`${open}\n`, items.map((item, index) => [`${indent}  `, item, index < items.length - 1 ? ',\n' : '\n']), indent, close];
}

// Characters that turn the reading direction or are not seen are written as escapes, or a text could look like another.
const visible = text => JSON.stringify(text).replace(/[\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g, sign => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`);

// Numbers and times for people: few digits, always with a unit.

const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 3 });
const plain = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });
const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const day = new Intl.DateTimeFormat('en-GB', { year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit' });

export const none = '–';

export const number = value => value === null || value === undefined ? none : Math.abs(value) >= 10_000 ? compact.format(value) : plain.format(value);

export const rate = value => value === null || value === undefined ? none : `${number(value < 10 ? value : Math.round(value))}/s`;

export const share = value => value === null || value === undefined ? none : `${plain.format(value * 100)} %`;

/** A span, from seconds. */
export function span(seconds) {
  if (seconds === null || seconds === undefined) return none;
  if (seconds === 0) return '0 s';
  if (seconds < 0) return `−${span(-seconds)}`;
  if (seconds < 0.001) return `${digits(seconds * 1e6)} µs`;
  if (seconds < 1) return `${digits(seconds * 1e3)} ms`;
  if (seconds < 120) return `${digits(seconds)} s`;
  if (seconds < 7_200) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 172_800) return `${digits(seconds / 3_600)} h`;
  return `${digits(seconds / 86_400)} d`;
}

export function bytes(value) {
  if (value === null || value === undefined) return none;
  for (const unit of ['B', 'KiB', 'MiB', 'GiB']) {
    if (value < 1024) return `${digits(value)} ${unit}`;
    value /= 1024;
  }
  return `${digits(value)} TiB`;
}

export const time = date => clock.format(new Date(date));

export const dateTime = date => day.format(new Date(date));

/** "1 shard", "3 shards". */
export const count = (value, one, many = `${one}s`) => `${number(value)} ${value === 1 ? one : many}`;

/** Numbers in order, neighbours joined: 1–4, 7, 9–10. */
export function ranges(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const parts = [];
  for (let at = 0; at < sorted.length; at++) {
    let end = at;
    while (end + 1 < sorted.length && sorted[end + 1] === sorted[end] + 1) end++;
    parts.push(end === at ? `${sorted[at]}` : `${sorted[at]}–${sorted[end]}`);
    at = end;
  }
  return parts.join(', ');
}

function digits(value) {
  return value >= 100 ? String(Math.round(value)) : value >= 10 ? value.toFixed(1).replace(/\.0$/, '') : value.toFixed(2).replace(/\.?0+$/, '');
}

// Server-sent events, read from a streamed answer: EventSource could not send the token.

import { open } from './api.js';

// The server sends a comment every ten seconds; a stream that is silent for longer is dead, whatever the socket says.
const SILENCE = 25_000;

/** Follows the stream until it ends; calls back for every event. Throws what ended it, but for `stop`. */
export async function follow(path, onEvent, stop) {
  const silence = new AbortController();
  const signal = AbortSignal.any([stop, silence.signal]);
  const answer = await open(path, signal);
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  const parser = new EventParser(onEvent);
  let watch;
  try {
    for (;;) {
      clearTimeout(watch);
      watch = setTimeout(() => silence.abort(), SILENCE);
      const { done, value } = await reader.read();
      if (done) return;
      parser.push(value);
    }
  } finally {
    clearTimeout(watch);
    reader.cancel().catch(() => {});
  }
}

/** Lines of text/event-stream to events: `{ type, data }`, data read as JSON. */
export class EventParser {
  #rest = '';
  #type = '';
  #data = [];
  #onEvent;

  constructor(onEvent) {
    this.#onEvent = onEvent;
  }

  push(text) {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop();
    for (const line of lines) this.#line(line.endsWith('\r') ? line.slice(0, -1) : line);
  }

  #line(line) {
    if (line === '') {
      if (this.#data.length > 0) this.#onEvent({ type: this.#type, data: JSON.parse(this.#data.join('\n')) });
      this.#type = '';
      this.#data = [];
      return;
    }
    const colon = line.indexOf(':');
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'event') this.#type = value;
    else if (field === 'data') this.#data.push(value);
  }
}

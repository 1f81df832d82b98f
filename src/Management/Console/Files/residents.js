// Entities in memory of several shards. What an owner did not tell is not none.

import { count, number } from './format.js';

/** `{ known, unknown }`: entities, and how many running shards' owners did not tell. A shard that does not run has none. */
export function residents(shards) {
  const running = shards.filter(shard => shard.owner);
  const told = running.filter(shard => isTold(shard));
  return { known: told.reduce((sum, shard) => sum + shard.entities, 0), unknown: running.length - told.length, isNone: told.length === 0 };
}

/** "12", "at least 12", "not known". */
export function residentsText(shards, word = number) {
  const { known, unknown, isNone } = residents(shards);
  if (unknown === 0) return word(known);
  return isNone ? 'not known' : `at least ${word(known)}`;
}

/** Of one shard. */
export const residentText = shard => isTold(shard) ? number(shard.entities) : shard.owner ? 'not known' : '–';

/** Why a number is not whole; null: it is. */
export function residentsHint(shards) {
  const { unknown } = residents(shards);
  return unknown === 0 ? null : `${count(unknown, 'shard')}: the owner did not answer in time`;
}

const isTold = shard => shard.entities !== null && shard.entities !== undefined;

import { type SessionStore } from 'nestjs-live-session';
import { type Clock, type SessionStoreFixture } from 'nestjs-live-session/testing';
import { CopyingStore } from '../support/copying.store.js';
import { RedisFixture } from '../support/redis-fixture.js';
import { type Passage, type WatchedClient } from '../support/watched-client.js';

/** Where a game is played: sessions that many nodes share, each by a way that things can happen on. */
export interface Place extends Omit<SessionStoreFixture, 'node'> {
  node(passage: Passage): SessionStore | Promise<SessionStore>;
  /** Whether what a passage does is felt. */
  readonly hasPassages: boolean;
}

export type PlaceFactory = (clock: Clock) => Place;

export function redisPlace(client: () => WatchedClient): PlaceFactory {
  return (clock) => Object.assign(new RedisFixture(client(), clock), { hasPassages: true });
}

/** The nodes of a memory store: nothing is on its way, so nothing gets lost. */
export function placeOfCopies(): Place {
  const first = new CopyingStore();
  const unused = [first];
  return { hasPassages: false, node: () => unused.pop() ?? new CopyingStore(first) };
}

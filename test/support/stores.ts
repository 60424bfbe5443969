import { MemorySessionStore } from 'nestjs-live-session';
import { type Platform, PLATFORMS } from './boot.js';
import { CopyingStore } from './copying.store.js';
import { WatchedStore } from './watched.store.js';

/** How a store answers: one in this process at once, one elsewhere by promise. */
export type Answers = 'at once' | 'by promise';

/** A store that answers so, and that the test can watch. */
export function storeThatAnswers(answers: Answers): WatchedStore {
  return new WatchedStore(answers === 'at once' ? new MemorySessionStore() : new CopyingStore());
}

/** Every framework with every kind of store. */
export const PLATFORMS_AND_STORES = PLATFORMS.flatMap((platform): [Platform, Answers][] => [
  [platform, 'at once'],
  [platform, 'by promise'],
]);

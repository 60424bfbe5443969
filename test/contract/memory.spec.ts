import { MemorySessionStore } from 'nestjs-live-session';
import { describeSessionStore } from 'nestjs-live-session/testing';
import { CopyingStore } from '../support/copying.store.js';

describeSessionStore('MemorySessionStore', () => new MemorySessionStore());

describeSessionStore(
  'A store of copies',
  () => {
    const first = new CopyingStore();
    const unused = [first];
    return { node: () => unused.pop() ?? new CopyingStore(first) };
  },
  { nodes: 'many' },
);

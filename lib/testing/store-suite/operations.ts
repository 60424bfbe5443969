import { type SessionRecord } from '../../store/session-record.js';
import { type TestedNode } from './tested-node.js';

type Operation = (node: TestedNode, record: SessionRecord) => Promise<unknown>;

/** Everything that can be done with a session of ada's. */
export const OPERATIONS: Readonly<Record<string, Operation>> = {
  'a look': (node, { key }) => node.live(key),
  'a touch': (node, { key }) => node.touch(key),
  'an empty save': (node, record) => node.commit(record),
  'a saved touch': (node, record) =>
    node.commit(record, { lastModified: record.lastModified + 1_000_000 }),
  'another timeout': (node, record) => node.commit(record, { sessionTimeout: 3000 }),
  'a component': (node, record) => node.write(record, 'cart@1', '1'),
  'a removal': (node, record) => node.write(record, 'cart@1', undefined),
  'a rotation': (node, record) => node.rotate(record),
  'a login': (node, record) => node.login(record, 'ada'),
  'another end': (node, record) => node.end(record, 'again'),
  'a search': async (node, { id }) => node.store.directory.find(id),
  'a listing': (node) => node.list(),
  'the end of all': async (node) => node.store.directory.endAll('ada', 'again', undefined),
};

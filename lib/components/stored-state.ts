import { isThenable } from '../awaitable.js';
import { type StandardSchemaResult } from '../componentized/standard-schema.js';
import { SessionStateError } from '../errors/session.errors.js';
import { type SessionRecord } from '../store/session-record.js';
import { type ComponentBlueprint } from './component-blueprint.js';
import { decodeState } from './state.codec.js';

/** A component's state as a record has it. */
export interface StoredState {
  readonly text: string;
  /** The version of the build that wrote it. */
  readonly version: number;
}

/**
 * The state that a record has for a component: of its own version, else of the nearest older one.
 *
 * @throws SessionStateError where there is none but that of a newer build.
 */
export function findState(
  blueprint: ComponentBlueprint,
  { components }: SessionRecord,
): StoredState | undefined {
  if (components === undefined) return undefined;
  for (let { version } = blueprint.options; version > 0; version--) {
    const text = components.get(blueprint.keyOf(version))?.text;
    if (text !== undefined) return { text, version };
  }
  const { name, version } = blueprint.options;
  for (const key of components.keys()) {
    if (!blueprint.owns(key) || !(Number(key.slice(name.length + 1)) > version)) continue;
    throw new SessionStateError(
      name,
      `is stored as ${key} by a newer build, which this one (version ${version}) cannot read; each keeps its own.`,
    );
  }
  return undefined;
}

/** What there is in a stored state: upgraded, and as the schema lets it pass. @throws SessionStateError */
export function readState(blueprint: ComponentBlueprint, { text, version }: StoredState): object {
  const { name, version: own, upgrade } = blueprint.options;
  const decoded = decodeState(text, name);
  const state = version === own || upgrade === undefined ? decoded : upgrade(decoded, version);
  const result = validate(blueprint, state);
  if (result.issues !== undefined) {
    const issues = result.issues.map(({ message }) => message).join('; ');
    throw new SessionStateError(name, `does not pass its schema: ${issues}`);
  }
  if (typeof result.value === 'object' && result.value !== null) return result.value;
  throw new SessionStateError(
    name,
    'is no object after its upgrade: return one with the state fields.',
  );
}

/** Asks a component's schema about a state. @throws SessionStateError where the answer would take its time. */
export function validate(
  { options: { name, schema } }: ComponentBlueprint,
  state: unknown,
): StandardSchemaResult<unknown> {
  if (schema === undefined) return { value: state };
  const result = schema['~standard'].validate(state);
  if (!isThenable(result)) return result;
  // Nobody waits for it, so what it rejects with must not be an uncaught error.
  result.then(undefined, () => {});
  throw new SessionStateError(
    name,
    'has a schema that validates asynchronously: use one that does not.',
  );
}

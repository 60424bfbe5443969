import { type SessionCommit, type SessionRecord } from 'nestjs-live-session';
import { type ModelSession } from './store.model.js';
import { type Fault, type Player, type StoreWorld } from './store-world.js';

/** Who does something, with which session, by how much, and what gets lost of it. */
export interface Move {
  readonly by: number;
  readonly on: number;
  readonly much: number;
  readonly fault: Fault;
}

/** Does something in the world and in the model, and compares what comes of it. */
export type Action = (
  world: StoreWorld,
  player: Player,
  session: ModelSession,
  move: Move,
) => Promise<void>;

/** What may get lost of an operation, and whether its node knows the key that the session has by now. */
interface Risk {
  readonly fault: Fault;
  readonly isBehind?: boolean;
}

/**
 * Does something that may get lost; tells whether it was done, for certain. What a node does about a
 * key that it does not know to be retired takes another command, so the first is only a question.
 */
export async function attempt<T>(
  { place }: StoreWorld,
  player: Player,
  { fault, isBehind = false }: Risk,
  run: () => T | Promise<T>,
): Promise<{ isDone: boolean; answer: T | undefined }> {
  player.fault = place.hasPassages ? fault : undefined;
  try {
    const answer = await run();
    // Nothing was asked that could get lost.
    if (player.fault !== undefined || fault === undefined || !place.hasPassages) {
      return { isDone: true, answer };
    }
  } catch (error) {
    if (fault === undefined) throw error;
    expect(error).toMatchObject({ code: 'SESSION_STORE_UNAVAILABLE' });
  } finally {
    player.fault = undefined;
  }
  return { isDone: fault === 'answer' && !isBehind, answer: undefined };
}

/** The risk of an operation with what a node holds of a session. */
export const riskOf = (
  { fault }: { readonly fault: Fault },
  view: SessionRecord,
  session: ModelSession,
): Risk => ({ fault, isBehind: view.key !== session.key });

/** What a commit has to answer that is not saved, as far as the session is concerned. */
export function expected(session: ModelSession): SessionCommit['kind'] {
  return session.over === undefined ? 'saved' : 'ended';
}

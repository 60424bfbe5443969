import { type SessionStoreSettings } from '../store/session.store.js';
import { type RedisDirectory } from './redis.directory.js';
import { type Member, memberOf, type RedisShard } from './redis-shard.js';

/** What the limits are kept with. */
export interface LimitParts {
  readonly directory: RedisDirectory;
  readonly settings: () => SessionStoreSettings;
  /** Ends a session for the sake of another, and tells of it. */
  readonly end: (member: Member) => Promise<unknown>;
}

/**
 * Makes room where there are as many sessions as there may be. The script that found no room looks again
 * when that is done, so between the two nobody can take it unseen.
 */
export class RedisLimits {
  constructor(private readonly parts: LimitParts) {}

  /** How many sessions a shard may hold; 0 for any number. */
  mostIn(shards: number): number {
    return Math.ceil((this.parts.settings().maxSessions ?? 0) / shards);
  }

  /** How many sessions a principal may have; 0 for any number. */
  get mostOfPrincipal(): number {
    return this.parts.settings().maxPerPrincipal?.limit ?? 0;
  }

  /**
   * Ends the session whose end is the nearest.
   *
   * @param first the one that is filed with the nearest end
   * @param filed the handle of the one that was filed anew a moment ago
   * @returns the handle of the one that was filed anew now
   */
  async makeRoom(shard: RedisShard, first: Member, filed: string | undefined): Promise<string> {
    // It may have been touched since it was filed. Filed anew and still the first, it has to go.
    if (first.id === filed) await this.parts.end(first);
    else await shard.end(first, '');
    return first.id;
  }

  /**
   * Makes room for a login among the sessions of its principal.
   *
   * @param rivals the logins of the others, the earliest first
   * @returns whether that was possible, and allowed by the policy
   */
  async makeRoomAmong(shard: RedisShard, rivals: readonly string[]): Promise<boolean> {
    const answers = await Promise.all(rivals.map((rival) => shard.end(memberOf(rival), '')));
    const gone = rivals.filter((_, index) => answers[index]?.kind === 'none');
    if (gone.length > 0) await this.parts.directory.forget(shard, gone);
    if (gone.length > 0 || answers.some(({ kind }) => kind === 'ended')) return true;
    if (this.parts.settings().maxPerPrincipal?.policy !== 'end-oldest') return false;
    for (const rival of rivals.slice(0, rivals.length - this.mostOfPrincipal + 1)) {
      await this.parts.end(memberOf(rival));
    }
    return true;
  }
}

import { since } from './since.mjs';
import { boot } from '../support/boot.mjs';
import { NodeReactor, SessionModule, SessionService } from '../support/library.mjs';

/** Node's time and timers, but for a while time can stand still. */
class StillReactor extends NodeReactor {
  still;

  seconds() {
    return this.still ?? super.seconds();
  }
}

/** Makes sessions that are all due at the same instant, which comes when time goes on. */
export async function create(count) {
  const reactor = new StillReactor();
  const app = await boot({ imports: [SessionModule.forRoot(2, { reactor })] });
  const service = app.get(SessionService);

  reactor.still = reactor.seconds();
  for (let i = 0; i < count; i++) await service.makeSession();

  return (now) =>
    new Promise((resolve) => {
      let left = count;
      let first;
      service.expire$.subscribe(() => {
        first ??= now();
        if (--left === 0) resolve(since(first, now()));
      });
      reactor.still = undefined;
    });
}

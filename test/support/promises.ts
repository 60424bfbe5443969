import { createHook } from 'node:async_hooks';

/** How many promises are made until a function returns. */
export function promisesIn(work: () => unknown): number {
  let count = 0;
  const hook = createHook({
    init(_, type) {
      if (type === 'PROMISE') count++;
    },
  });
  hook.enable();
  try {
    work();
  } finally {
    hook.disable();
  }
  return count;
}

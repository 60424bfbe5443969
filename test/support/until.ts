import { setImmediate } from 'node:timers/promises';

/** Asks again and again until the answer is yes; an error where that takes longer than so many seconds. */
export async function until(
  isSo: () => boolean | Promise<boolean>,
  { within = 5 }: { within?: number } = {},
): Promise<void> {
  const begun = performance.now();
  while (!(await isSo())) {
    if (performance.now() - begun > within * 1000) throw new Error(`It took over ${within} s.`);
    await setImmediate();
  }
}

/** How many seconds something takes. */
export async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return (performance.now() - begun) / 1000;
}

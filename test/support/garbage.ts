import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Bytes of heap that are in use once all garbage has been collected. */
export async function usedHeap(): Promise<number> {
  await collectGarbage();
  return process.memoryUsage().heapUsed;
}

/** How many of these objects something still holds, once all garbage has been collected. */
export async function survivors(objects: readonly WeakRef<object>[]): Promise<number> {
  await collectGarbage();
  return objects.filter((object) => object.deref() !== undefined).length;
}

async function collectGarbage(): Promise<void> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  // A weak reference holds its object until the end of the turn in which it was looked at.
  await new Promise((resolve) => void setImmediate(resolve));
  collect();
}

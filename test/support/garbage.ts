import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** How many of these objects something still holds, once all garbage has been collected. */
export async function survivors(objects: readonly WeakRef<object>[]): Promise<number> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  // A weak reference holds its object until the end of the turn in which it was looked at.
  await new Promise((resolve) => void setImmediate(resolve));
  collect();
  return objects.filter((object) => object.deref() !== undefined).length;
}

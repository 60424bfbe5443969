/** The stores that sessions can be kept in beside the embedded one. None is in the library yet. */
export function measureStores() {
  return [{ name: 'redis', skipped: 'the library has no Redis store yet' }];
}

export function printStores(results) {
  for (const { name, skipped } of results) console.log(`stores, ${name}: skipped, ${skipped}\n`);
}

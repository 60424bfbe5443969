/** What passed between two readings, by the clock and in CPU time. */
export function since(start, end) {
  return { clock: end.clock - start.clock, cpu: end.cpu - start.cpu };
}

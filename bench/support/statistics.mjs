/** What a list of measurements comes to: the median, and how far they lie apart. */
export function summary(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const median =
    sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  return { median, min: sorted[0], max: sorted.at(-1) };
}

/**
 * Whether ratios say that the two sides differ: not where they lie further apart than the median is
 * from 1.
 */
export function isConclusive({ median, min, max }) {
  return max - min < Math.abs(median - 1);
}

/** A ratio as `0.95 (0.93–0.97)`, with a `?` where nothing can be concluded from it. */
export function showRatio(ratios) {
  const { median, min, max } = ratios;
  const doubt = isConclusive(ratios) ? ' ' : '?';
  return `${median.toFixed(2)} (${min.toFixed(2)}–${max.toFixed(2)})${doubt}`;
}

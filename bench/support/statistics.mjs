/**
 * What a list of measurements comes to: the median, and how far they lie apart.
 *
 * @typedef {{ median: number, min: number, max: number }} Summary
 * @param {number[]} values
 * @returns {Summary}
 */
export function summary(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const median =
    sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  return { median, min: sorted[0], max: sorted[sorted.length - 1] };
}

/**
 * The ratios of measurements that were neighbours in time, so that what disturbed one disturbed the
 * other, too.
 *
 * @param {number[]} left
 * @param {number[]} right
 */
export function ratios(left, right) {
  return summary(left.map((value, index) => value / right[index]));
}

/**
 * What ratios say: 'less' or 'more' than 1, or 'nothing' where they lie further apart than the median
 * is from 1, or where it is no further from 1 than the machine made two equal sides differ.
 *
 * @param {Summary} ratios
 * @param {Summary} [itself] the ratios of two equal sides
 * @returns {'less' | 'more' | 'nothing'}
 */
export function verdict({ median, min, max }, itself) {
  const difference = Math.abs(median - 1);
  if (max - min >= difference) return 'nothing';
  if (itself !== undefined && difference <= Math.abs(itself.median - 1)) return 'nothing';
  return median < 1 ? 'less' : 'more';
}

/**
 * What requests/s and CPU time say together, as words for a table.
 *
 * @typedef {{ perSecond: Summary, perCpu: Summary }} Compared
 * @param {Compared} compared
 * @param {Compared} [itself] what comparing two equal sides has come to
 */
export function conclusion(compared, itself) {
  const words = { less: 'slower', more: 'faster', nothing: undefined };
  const rate = words[verdict(compared.perSecond, itself?.perSecond)];
  const cpu = words[verdict(compared.perCpu, itself?.perCpu)];
  if (rate === cpu) return rate ?? 'none';
  if (rate === undefined) return `${cpu} by CPU time`;
  if (cpu === undefined) return `${rate} by requests/s`;
  return 'none: they disagree';
}

/**
 * A summary as `0.95 (0.93–0.97)`.
 *
 * @param {Summary} summary
 * @param {(value: number) => string} show
 */
export function showSummary({ median, min, max }, show = (value) => value.toFixed(2)) {
  return `${show(median)} (${show(min)}–${show(max)})`;
}

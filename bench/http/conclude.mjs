import { conclusion, showSummary, summary } from '../support/statistics.mjs';

/** The ratios of a comparison, and what they say beside all the others on its framework. */
export function figuresOf(row, rows) {
  const { perSecond, perCpu, extra } = row;
  return [
    showSummary(perSecond),
    showSummary(perCpu),
    // Without the minus of a zero.
    (Number(extra.median.toFixed(1)) || 0).toFixed(1),
    concludeFrom(row, rows),
  ];
}

/** Nothing is concluded from less than the difference between the bare framework and itself. */
export function concludeFrom(row, rows) {
  return conclusion(row, itselfOn(rows.filter(({ framework }) => framework === row.framework)));
}

/** What two equal sides came to, on the framework that these rows are of. */
export function itselfOn(rows) {
  return rows.find(({ work }) => work === 'itself');
}

/** What the bare framework did in all of its turns: how much it varied is the noise of the machine. */
export function describeBare(rows) {
  const turns = rows.filter(({ right }) => right === 'bare').flatMap((row) => row.turns);
  if (turns.length === 0) return 'bare was not measured';
  const perSecond = summary(turns.map(({ right }) => right.perSecond));
  const microseconds = summary(turns.map(({ right }) => right.microseconds));
  const busy = Math.min(...rows.map((row) => row.busy));
  return (
    `bare ${showSummary(perSecond, (value) => Math.round(value).toLocaleString('en'))} requests/s, ` +
    `${microseconds.median.toFixed(0)} µs of CPU each; servers worked ` +
    `${(busy * 100).toFixed(0)} % of the time or more` +
    (busy < 0.9 ? ', so that others had a say in requests/s: trust CPU time' : '')
  );
}

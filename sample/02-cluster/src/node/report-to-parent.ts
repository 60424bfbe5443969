import { type Report } from '../report.js';

export function report(report: Report): void {
  process.send?.(report);
}

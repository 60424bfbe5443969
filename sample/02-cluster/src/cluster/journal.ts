import { Injectable } from '@nestjs/common';
import { ReplaySubject } from 'rxjs';
import { type Report } from '../report.js';

/** What has happened on a machine: what nodes report, and what can be seen from outside. */
export type Happening =
  | Report
  | { readonly kind: 'is'; readonly state: string }
  | {
      readonly kind: 'answered';
      readonly tab: string;
      readonly what: string;
      readonly status: number;
      readonly retryAfter?: string;
    }
  | { readonly kind: 'holds' | 'let go'; readonly tab: string };

/** Keeps the latest for those who begin to watch. */
@Injectable()
export class Journal {
  readonly entries$ = new ReplaySubject<Happening & { at: number; machine: string }>(200);

  note(machine: string, happening: Happening): void {
    this.entries$.next({ at: Date.now() / 1000, machine, ...happening });
  }
}

import { SessionComponent, State } from '../../support/library.mjs';

/** The state that every library keeps for us: one number. */
export class Visits {
  count = 0;
}

State()(Visits.prototype, 'count');
SessionComponent()(Visits);

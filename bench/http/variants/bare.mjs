import { controller } from '../../support/decorate.mjs';
import { appOf } from './app.mjs';

class Bare {
  plain() {
    return { visits: 1 };
  }
}

/** The framework alone: what everything else is measured against. */
export function create(framework) {
  return appOf(framework, { controllers: [controller(Bare, { plain: [] })] });
}

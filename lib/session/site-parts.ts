import { type ComponentCatalog } from '../components/component-catalog.js';
import { type RequestContext } from '../context/request-context.js';
import { type Reactor } from '../reactor/reactor.js';
import { type SessionStore } from '../store/session.store.js';
import { type RandomSource } from './random-source.js';

/** What a site is made of. */
export interface SiteParts {
  readonly store: SessionStore;
  readonly reactor: Reactor;
  readonly random: RandomSource;
  readonly catalog: ComponentCatalog;
  readonly context: RequestContext;
  readonly sessionTimeout: number;
  readonly absoluteTimeout: number;
}

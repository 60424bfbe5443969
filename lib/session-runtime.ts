import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import {
  type AbstractHttpAdapter,
  ApplicationConfig,
  HttpAdapterHost,
  ModulesContainer,
} from '@nestjs/core';
import { SessionFeatureModule } from './components/session-feature.module.js';
import {
  type ContextDemand,
  contextDemand,
  isContextHandedOver,
} from './context/context-demand.js';
import { RequestContext } from './context/request-context.js';
import { SessionOptionError } from './errors/session.errors.js';
import { type ExpirationHandler, findExpirationHandlers } from './expiry/expiration-handlers.js';
import { AheadGuard } from './http/ahead.guard.js';
import { HttpSessions } from './http/http-sessions.js';
import { mount } from './http/mount.js';
import { SessionErrorFilter } from './http/session-error.filter.js';
import { type SessionExpiration } from './session/session-expiration.js';
import { Site } from './session/site.js';
import { SessionStore } from './store/session.store.js';

/** Everything that happens as an application starts and stops, in one place. */
@Injectable()
export class SessionRuntime implements OnModuleInit, OnApplicationShutdown {
  #mountError: unknown;

  constructor(
    private readonly host: HttpAdapterHost,
    private readonly http: HttpSessions,
    private readonly modules: ModulesContainer,
    private readonly context: RequestContext,
    private readonly site: Site,
    private readonly store: SessionStore,
    private readonly config: ApplicationConfig,
    filter: SessionErrorFilter,
  ) {
    assertImportedOnce(modules);
    // Of global filters the last is asked first. Those of the application are registered after this, be
    // they APP_FILTER or useGlobalFilters(), while our APP_FILTER would come after the root module's.
    config.useGlobalFilters(filter);
    // As early as can be, so that our middleware comes before those of main.ts. In tests the framework
    // is chosen after the container has been built.
    if (host.httpAdapter) mount(host.httpAdapter, http);
    else host.init$.subscribe(() => this.#mountLate());
  }

  async onModuleInit(): Promise<void> {
    if (this.#mountError !== undefined) throw this.#mountError;
    const demand = this.#demand();
    if (demand !== 'nobody') this.context.isWanted = true;
    this.http.opensAhead = demand === 'anybody' && !this.store.embedded;
    for (const handler of findExpirationHandlers(this.modules)) await this.#employ(handler);
  }

  /**
   * Has the session there in time for controllers that were given it. To be called before their routes
   * are made; of middleware nothing is known by then.
   */
  guardControllers(): void {
    const demand = this.#demand();
    if (this.store.embedded || typeof demand === 'string') return;
    this.config.useGlobalGuards(new AheadGuard(this.http, demand));
  }

  async onApplicationShutdown(): Promise<void> {
    await this.store.stop();
    this.site.stop();
  }

  /** Has a handler called: with its share of the ends where nodes share the work, else with all of them. */
  async #employ({ name, handle }: ExpirationHandler): Promise<void> {
    const call = (expiration: SessionExpiration): unknown =>
      this.site.runFor(expiration.session, () => handle(expiration));
    const { work } = this.store;
    if (work === undefined) this.site.expire$.subscribe(call);
    else await work.handle(name, (end) => call(this.site.expirationOf(end)));
  }

  #demand(): ContextDemand {
    const ours = new Set<unknown>([SessionFeatureModule]);
    for (const { metatype, providers } of this.modules.values()) {
      if (providers.has(SessionRuntime)) ours.add(metatype);
    }
    if (isContextHandedOver(this.config)) return 'anybody';
    return contextDemand(this.modules, (module) => ours.has(module));
  }

  /** What a subscriber throws would be an uncaught exception; so it waits for `app.init()`. */
  #mountLate(): void {
    const adapter: AbstractHttpAdapter | null = this.host.httpAdapter;
    // Without HTTP there is nothing to mount on: jobs and scripts.
    if (adapter === null) return;
    try {
      mount(adapter, this.http);
    } catch (error) {
      this.#mountError = error;
    }
  }
}

function assertImportedOnce(modules: ModulesContainer): void {
  const roots = [...modules.values()].filter(({ providers }) => providers.has(SessionRuntime));
  if (roots.length <= 1) return;
  throw new SessionOptionError(
    'SessionModule',
    'is imported twice: call forRoot() or forRootAsync() once, in the root module.',
  );
}

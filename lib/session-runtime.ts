import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost, ModulesContainer } from '@nestjs/core';
import { SessionFeatureModule } from './components/session-feature.module.js';
import { isContextDemanded } from './context/context-demand.js';
import { RequestContext } from './context/request-context.js';
import { findExpirationHandlers } from './expiry/expiration-handlers.js';
import { HttpSessions } from './http/http-sessions.js';
import { mount } from './http/mount.js';
import { Site } from './session/site.js';
import { SessionStore } from './store/session.store.js';

/** Everything that happens as an application starts and stops, in one place. */
@Injectable()
export class SessionRuntime implements OnModuleInit, OnApplicationShutdown {
  constructor(
    host: HttpAdapterHost,
    http: HttpSessions,
    private readonly modules: ModulesContainer,
    private readonly context: RequestContext,
    private readonly site: Site,
    private readonly store: SessionStore,
  ) {
    // As early as can be, so that our middleware comes before those of main.ts. In tests the framework
    // is chosen after the container has been built.
    if (host.httpAdapter) mount(host.httpAdapter, http);
    else host.init$.subscribe(() => mount(host.httpAdapter, http));
  }

  onModuleInit(): void {
    const own = this.modules.values();
    const ours = new Set<unknown>([SessionFeatureModule]);
    for (const { metatype, providers } of own)
      if (providers.has(SessionRuntime)) ours.add(metatype);
    if (isContextDemanded(this.modules, (module) => ours.has(module))) this.context.isWanted = true;
    for (const handler of findExpirationHandlers(this.modules)) {
      this.site.expire$.subscribe((expiration) =>
        this.site.runFor(expiration.session, () => handler(expiration)),
      );
    }
  }

  async onApplicationShutdown(): Promise<void> {
    await this.store.stop();
    this.site.stop();
  }
}

import { type DynamicModule, Logger, Module, type NestModule } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { type ComponentClass } from './componentized/component-token.js';
import { type ComponentBlueprint } from './components/component-blueprint.js';
import { ComponentCatalog } from './components/component-catalog.js';
import { loadComponents } from './components/component-loader.js';
import { SessionFeatureModule } from './components/session-feature.module.js';
import { RequestContext } from './context/request-context.js';
import { standIn } from './context/stand-in.js';
import { isSecureConnection } from './http/connection.js';
import { CookiePolicy } from './http/cookie-policy.js';
import { type HttpRequest } from './http/http-exchange.js';
import { HttpSessions } from './http/http-sessions.js';
import { SessionErrorFilter } from './http/session-error.filter.js';
import { SessionTransport } from './http/session-transport.js';
import { trustedPeers } from './http/trusted-peers.js';
import { NodeReactor } from './reactor/node.reactor.js';
import { Reactor } from './reactor/reactor.js';
import { type ResolvedSessionOptions, resolveSessionOptions } from './session-options.resolver.js';
import { SessionRuntime } from './session-runtime.js';
import { checkRandomSource, RandomSource, SystemRandomSource } from './session/random-source.js';
import { Session } from './session/session.js';
import { SessionService } from './session/session.service.js';
import { Site } from './session/site.js';
import {
  type ASYNC_OPTIONS_TYPE,
  ConfigurableModuleClass,
  IS_GLOBAL,
  MODULE_OPTIONS_TOKEN,
  type OPTIONS_TYPE,
} from './session.module-definition.js';
import { MemorySessionStore } from './store/memory.store.js';
import { SessionStore } from './store/session.store.js';

const OPTIONS = Symbol('session options');
const COMPONENTS = Symbol('loaded session components');

/** What `forRoot()` takes beside the options of the sessions themselves. */
export type SessionRootOptions = typeof OPTIONS_TYPE;

/** What `forRootAsync()` takes. */
export type SessionRootAsyncOptions = typeof ASYNC_OPTIONS_TYPE;

/**
 * Sessions for a Nest application: provides `SessionService`, `Reactor` and the current `Session`, and
 * mounts itself on Express or Fastify. Global unless `isGlobal: false`.
 *
 * Options that make no sense are a `SessionOptionError` at boot that names the option.
 *
 * @example
 * ```ts
 * @Module({ imports: [SessionModule.forRoot(900), SessionModule.forFeature([Cart])] })
 * ```
 * @publicApi
 */
@Module({
  providers: [
    {
      provide: OPTIONS,
      inject: [MODULE_OPTIONS_TOKEN, IS_GLOBAL],
      useFactory: resolveSessionOptions,
    },
    {
      provide: Reactor,
      inject: [OPTIONS],
      useFactory: ({ reactor }: ResolvedSessionOptions) => reactor ?? new NodeReactor(),
    },
    { provide: RandomSource, useClass: SystemRandomSource },
    { provide: RequestContext, useFactory: () => new RequestContext() },
    { provide: SessionStore, inject: [OPTIONS, Reactor, RandomSource], useFactory: startStore },
    { provide: ComponentCatalog, inject: [OPTIONS], useFactory: makeCatalog },
    {
      provide: COMPONENTS,
      inject: [ModulesContainer, ComponentCatalog],
      useFactory: loadComponents,
    },
    {
      provide: Site,
      inject: [OPTIONS, SessionStore, Reactor, RandomSource, ComponentCatalog, RequestContext],
      useFactory: makeSite,
    },
    {
      provide: HttpSessions,
      inject: [OPTIONS, Site, RequestContext],
      useFactory: makeHttp,
    },
    {
      provide: Session,
      inject: [RequestContext],
      useFactory: (context: RequestContext) => standIn(Session, () => context.ask()),
    },
    SessionErrorFilter,
    SessionService,
    SessionRuntime,
  ],
  exports: [SessionService, Reactor, Session],
})
export class SessionModule extends ConfigurableModuleClass implements NestModule {
  constructor(private readonly runtime: SessionRuntime) {
    super();
  }

  /**
   * The sessions of the application; called once, in the root module.
   *
   * @param sessionTimeout how long a session may be idle, in seconds
   */
  static override forRoot(
    sessionTimeout?: number,
    options?: Omit<SessionRootOptions, 'sessionTimeout'>,
  ): DynamicModule;
  static override forRoot(options: SessionRootOptions): DynamicModule;
  static override forRoot(
    first?: number | SessionRootOptions,
    options?: SessionRootOptions,
  ): DynamicModule {
    const isOptions = typeof first === 'object' && first !== null;
    return super.forRoot({ ...options, ...(isOptions ? first : { sessionTimeout: first }) });
  }

  /** The same, with options that are made by a factory or a class (`createSessionOptions()`). */
  static override forRootAsync(options: SessionRootAsyncOptions): DynamicModule {
    return super.forRootAsync(options);
  }

  /**
   * The session components of a feature. They take what the importing module can see; it, and who
   * imports it, may inject their classes and interfaces, which then stand for the current session's.
   */
  static forFeature(components: readonly ComponentClass[]): DynamicModule {
    return SessionFeatureModule.declare(components);
  }

  /** Called by Nest, when all providers and controllers are made and before any route is. */
  configure(): void {
    this.runtime.guardControllers();
  }
}

async function startStore(
  { store = new MemorySessionStore(), maxSessions, maxPerPrincipal }: ResolvedSessionOptions,
  reactor: Reactor,
  random: RandomSource,
): Promise<SessionStore> {
  await store.start({ reactor, random, maxSessions, maxPerPrincipal });
  return store;
}

function makeCatalog({ maxBytes, maxComponentBytes }: ResolvedSessionOptions): ComponentCatalog {
  const logger = new Logger('SessionModule');
  const report = ({ key }: ComponentBlueprint, error: unknown): void =>
    logger.error(
      `A stored ${key} cannot be read; it is set aside, and the component starts anew: ${String(error)}`,
    );
  return new ComponentCatalog({ maxBytes, maxComponentBytes }, report);
}

function makeSite(
  { sessionTimeout, absoluteTimeout }: ResolvedSessionOptions,
  store: SessionStore,
  reactor: Reactor,
  random: RandomSource,
  catalog: ComponentCatalog,
  context: RequestContext,
): Site {
  checkRandomSource(random);
  return new Site({ store, reactor, random, catalog, context, sessionTimeout, absoluteTimeout });
}

function makeHttp(
  { cookie, header }: ResolvedSessionOptions,
  site: Site,
  context: RequestContext,
): HttpSessions {
  const policy = cookie === false ? undefined : new CookiePolicy(cookie);
  const isTrusted = trustedPeers(cookie === false ? undefined : cookie.trustProxy);
  const isSecure = (request: HttpRequest): boolean => isSecureConnection(request, isTrusted);
  return new HttpSessions(site, context, new SessionTransport(policy, header), isSecure);
}

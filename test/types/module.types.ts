import { type DynamicModule } from '@nestjs/common';
import {
  MemorySessionStore,
  NodeReactor,
  SessionModule,
  type SessionModuleOptions,
} from 'nestjs-live-session';

declare const cart: unique symbol;

class Settings {
  createSessionOptions(): SessionModuleOptions {
    return { sessionTimeout: 900 };
  }
}

class OtherSettings {
  createOptions(): SessionModuleOptions {
    return {};
  }
}

class Cart {}

abstract class ICart {
  abstract readonly total: number;
}

export const roots: readonly DynamicModule[] = [
  SessionModule.forRoot(),
  SessionModule.forRoot(900),
  SessionModule.forRoot(900, { cookie: false, header: 'x-session', isGlobal: false }),
  SessionModule.forRoot({ sessionTimeout: 900, absoluteTimeout: 3600, isGlobal: true }),
  SessionModule.forRoot({ store: new MemorySessionStore(), reactor: new NodeReactor() }),
  SessionModule.forRoot(900, { maxPerPrincipal: { limit: 3, policy: 'end-oldest' } }),
  SessionModule.forRoot(900, { cookie: { sameSite: 'none', secure: true, trustProxy: ['::1'] } }),

  // @ts-expect-error a number of seconds is no string
  SessionModule.forRoot('900'),
  // @ts-expect-error the timeout is given once
  SessionModule.forRoot(900, { sessionTimeout: 60 }),
  // @ts-expect-error options are given once
  SessionModule.forRoot({ sessionTimeout: 60 }, { header: 'x-session' }),
  // @ts-expect-error no such option
  SessionModule.forRoot({ timeout: 900 }),
  // @ts-expect-error no such policy
  SessionModule.forRoot(900, { maxPerPrincipal: { limit: 3, policy: 'end-newest' } }),
  // @ts-expect-error a limit has a policy
  SessionModule.forRoot(900, { maxPerPrincipal: { limit: 3 } }),
  // @ts-expect-error attributes are written small
  SessionModule.forRoot(900, { cookie: { sameSite: 'Lax' } }),
  // @ts-expect-error a cookie is options or none
  SessionModule.forRoot(900, { cookie: true }),
  // @ts-expect-error a store is no name
  SessionModule.forRoot(900, { store: 'redis' }),
];

export const asyncRoots: readonly DynamicModule[] = [
  SessionModule.forRootAsync({ useFactory: () => ({ sessionTimeout: 900 }) }),
  SessionModule.forRootAsync({ useFactory: async () => ({}), isGlobal: false }),
  SessionModule.forRootAsync({
    imports: [],
    inject: [cart],
    useFactory: (sessionTimeout: number) => ({ sessionTimeout }),
  }),
  SessionModule.forRootAsync({ useClass: Settings }),
  SessionModule.forRootAsync({ useExisting: Settings }),

  // @ts-expect-error a factory makes options
  SessionModule.forRootAsync({ useFactory: () => 900 }),
  // @ts-expect-error the class has no createSessionOptions()
  SessionModule.forRootAsync({ useClass: OtherSettings }),
];

export const features: readonly DynamicModule[] = [
  SessionModule.forFeature([]),
  SessionModule.forFeature([Cart, ICart]),

  // @ts-expect-error a list of components
  SessionModule.forFeature(Cart),
  // @ts-expect-error components are classes
  SessionModule.forFeature(['cart']),
];

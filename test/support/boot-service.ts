import { type ModuleMetadata, type Type } from '@nestjs/common';
import { Test, type TestingModule, type TestingModuleBuilder } from '@nestjs/testing';
import {
  Reactor,
  SessionModule,
  type SessionRootOptions,
  SessionService,
} from 'nestjs-live-session';
import { Clock } from 'nestjs-live-session/testing';

export interface ServiceOptions {
  readonly options?: SessionRootOptions;
  readonly components?: readonly Type[];
  readonly providers?: ModuleMetadata['providers'];
  readonly override?: (builder: TestingModuleBuilder) => TestingModuleBuilder;
}

/** A container without HTTP, its sessions and the clock that they run by. */
export interface BootedService {
  readonly module: TestingModule;
  readonly clock: Clock;
  readonly sessions: SessionService;
}

const running: TestingModule[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((module) => module.close()));
});

/** Boots a container with sessions of 900 seconds and no HTTP; it is closed after the test. */
export async function bootService(given: ServiceOptions = {}): Promise<BootedService> {
  const clock = new Clock();
  const builder = Test.createTestingModule({
    imports: [
      SessionModule.forRoot({ sessionTimeout: 900, ...given.options }),
      SessionModule.forFeature(given.components ?? []),
    ],
    providers: [...(given.providers ?? [])],
  })
    .overrideProvider(Reactor)
    .useValue(clock);
  const module = await (given.override?.(builder) ?? builder).compile();
  running.push(module);
  await module.init();
  return { module, clock, sessions: module.get(SessionService) };
}

import { ConfigurableModuleBuilder } from '@nestjs/common';
import { type SessionModuleOptions } from './session-options.js';

/** The token of `isGlobal` as it was given, to be checked with the other options at boot. */
export const IS_GLOBAL = Symbol('isGlobal');

/** `forRoot()` and `forRootAsync()`, with `isGlobal` (true unless given) beside the options. */
export const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN, OPTIONS_TYPE, ASYNC_OPTIONS_TYPE } =
  new ConfigurableModuleBuilder<SessionModuleOptions>({ moduleName: 'Session' })
    .setClassMethodName('forRoot')
    .setFactoryMethodName('createSessionOptions')
    .setExtras<{ isGlobal?: boolean }>({ isGlobal: true }, (definition, { isGlobal = true }) => ({
      ...definition,
      global: isGlobal,
      providers: [...(definition.providers ?? []), { provide: IS_GLOBAL, useValue: isGlobal }],
    }))
    .build();

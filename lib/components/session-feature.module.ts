import { type DynamicModule, Module, type Provider } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import {
  type ComponentClass,
  type ComponentToken,
  tokenName,
} from '../componentized/component-token.js';
import { componentOptions } from '../componentized/session-component.decorator.js';
import { RequestContext } from '../context/request-context.js';
import { standIn } from '../context/stand-in.js';
import { SessionComponentError } from '../errors/session.errors.js';
import { Session } from '../session/session.js';

/** The token of the list of components that a feature module declares. */
export const FEATURE_COMPONENTS = Symbol('session components');

/**
 * The module that `SessionModule.forFeature()` makes: the components of one feature, and for each
 * class and interface of theirs a singleton that stands for the current session's; one for the session
 * itself, too, since `SessionModule` need not be global.
 */
@Module({})
export class SessionFeatureModule {
  static declare(components: readonly ComponentClass[]): DynamicModule {
    const tokens = [...new Set([Session, ...checked(components).flatMap(tokensOf)])];
    return {
      module: SessionFeatureModule,
      providers: [
        { provide: FEATURE_COMPONENTS, useValue: [...components] },
        ...tokens.map(standInProvider),
      ],
      exports: tokens.map((token) => token as symbol),
    };
  }
}

function checked(components: readonly ComponentClass[]): readonly ComponentClass[] {
  if (!Array.isArray(components)) {
    throw new SessionComponentError(
      'forFeature()',
      'takes a list of components: forFeature([Cart]).',
    );
  }
  for (const type of components) {
    if (type === undefined) {
      throw new SessionComponentError(
        'forFeature()',
        'was given undefined: a component is imported in a circle; move it to a file of its own.',
      );
    }
    if (typeof type !== 'function' || componentOptions(type) === undefined) {
      throw new SessionComponentError(
        tokenName(type),
        'is no session component: decorate its class with @SessionComponent().',
      );
    }
  }
  return components;
}

function tokensOf(type: ComponentClass): readonly ComponentToken[] {
  return [type, ...(componentOptions(type)?.provides ?? [])];
}

function standInProvider(token: ComponentToken): Provider {
  return {
    provide: token as symbol,
    inject: [ModulesContainer],
    useFactory: (modules: ModulesContainer) => {
      const context = contextOf(modules);
      return standIn(token, () => {
        const component = context().ask()?.getComponent<unknown>(token);
        return typeof component === 'object' && component !== null ? component : undefined;
      });
    },
  };
}

/** The request context of the application, once there is one. */
function contextOf(modules: ModulesContainer): () => RequestContext {
  for (const { providers } of modules.values()) {
    const wrapper = providers.get(RequestContext);
    if (wrapper !== undefined) return () => wrapper.instance as RequestContext;
  }
  throw new SessionComponentError(
    'forFeature()',
    'needs the sessions of the application: add SessionModule.forRoot() to the imports of the root module.',
  );
}

import { createParamDecorator, type ExecutionContext, Inject } from '@nestjs/common';
import { type Awaitable, whenReady } from '../awaitable.js';
import {
  type ComponentToken,
  isComponentToken,
  tokenName,
} from '../componentized/component-token.js';
import { SessionComponentError, SessionOptionError } from '../errors/session.errors.js';
import { Session } from '../session/session.js';
import { exchangeOf } from './exchange-of.js';

/** How a handler's parameter is injected. */
export interface InjectSessionOptions {
  /**
   * Whether a request without a session is offered a new one; otherwise the parameter is `undefined`
   * there. For parameters of handlers only.
   *
   * @default true
   */
  readonly create?: boolean;
}

/** A decorator of constructor parameters, handler parameters and properties. */
type InjectionDecorator = (
  target: object,
  key: string | symbol | undefined,
  index?: number,
) => void;

/** What is injected into a parameter of a handler. */
interface Wanted {
  readonly token: ComponentToken;
  readonly create: boolean;
}

const SessionParameter = createParamDecorator(
  ({ token, create }: Wanted, context: ExecutionContext): Awaitable<unknown> => {
    const exchange = exchangeOf(context);
    if (!create) return exchange.open();
    const session = exchange.openOrOffer();
    return token === Session ? session : whenReady(session, (own) => componentOf(own, token));
  },
);

/** A class that nothing provides was forgotten; what goes by a name may be there for some sessions only. */
function componentOf(session: Session, token: ComponentToken): unknown {
  const component = session.getComponent<unknown>(token);
  if (component !== undefined || typeof token !== 'function') return component;
  throw new SessionComponentError(
    tokenName(token),
    'is provided by no component of the session: add the one that does to SessionModule.forFeature([…]), in the imports of a module.',
  );
}

/**
 * Injects the session, or one of its components, into a handler, a constructor or a property.
 *
 * A parameter of a handler is the session itself. What is injected into a constructor or a property is
 * a singleton that stands for the session of the request that runs; it makes no class request-scoped.
 *
 * @example
 * ```ts
 * constructor(@InjectSession(ICart) private readonly cart: ICart) {}
 * @Get() show(@InjectSession() session: Session) {}
 * @Get('me') me(@InjectSession({ create: false }) session?: Session) {}
 * ```
 * @publicApi
 */
export function InjectSession(
  ...given: [what?: ComponentToken | InjectSessionOptions]
): InjectionDecorator {
  const wanted = wantedOf(given);
  return (target, key, index) => {
    if (key !== undefined && index !== undefined) {
      SessionParameter(wanted)(target, key, index);
      return;
    }
    if (!wanted.create) {
      throw new SessionOptionError(
        'create',
        'is for parameters of handlers: elsewhere ask SessionService.current(), which never creates.',
      );
    }
    // Nest's own decorator tells the two places apart by its arguments.
    const inject: InjectionDecorator = Inject(wanted.token) as InjectionDecorator;
    inject(target, key, index);
  };
}

function wantedOf(given: readonly unknown[]): Wanted {
  const [what = {}] = given;
  if (given.length > 0 && given[0] === undefined) {
    throw new SessionOptionError(
      '@InjectSession()',
      'was given undefined: the component is imported in a circle; move its interface to a file of its own.',
    );
  }
  if (isComponentToken(what)) return { token: what, create: true };
  const { create = true } = what as InjectSessionOptions;
  return { token: Session, create };
}

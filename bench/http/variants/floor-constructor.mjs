import { AsyncLocalStorage } from 'node:async_hooks';
import { Res } from '@nestjs/common';
import { controller } from '../../support/decorate.mjs';
import { appOf } from './app.mjs';
import { firstByteOf } from './first-byte.mjs';
import { Visitors } from './visitors.mjs';

/** What is injected: it knows which request runs, and finds what belongs to that. */
class Visitor {
  #storage = new AsyncLocalStorage();

  constructor(find) {
    this.find = find;
  }

  run(request, response, next) {
    this.#storage.run({ request, response }, next);
  }

  get visits() {
    const { request, response } = this.#storage.getStore();
    return this.find(request, response).visits;
  }
}

class FloorByConstructor {
  constructor(visitor, visitors) {
    this.visitor = visitor;
    this.visitors = visitors;
  }

  plain() {
    return { visits: 1 };
  }

  login(response) {
    return { visits: this.visitors.add(response).visits };
  }

  read() {
    return { visits: this.visitor.visits };
  }
}

/**
 * What no session that is injected by constructor can do without, unless all that it is injected into is built anew:
 * each request enters an AsyncLocalStorage (`plain`), and what it finds there leads to its record (`read`).
 */
export async function create(framework) {
  const visitors = new Visitors();
  let standBefore;
  const visitor = new Visitor((request, response) => {
    const record = visitors.find(request);
    standBefore(response, record);
    return record;
  });
  const routes = { plain: [], login: [Res({ passthrough: true })], read: [] };
  const app = await appOf(framework, {
    providers: [
      { provide: Visitor, useValue: visitor },
      { provide: Visitors, useValue: visitors },
    ],
    controllers: [controller(FloorByConstructor, routes, [Visitor, Visitors])],
  });
  standBefore = firstByteOf(framework, app);
  const enter = (request, response, next) => visitor.run(request, response, next);
  if (framework === 'express') app.use(enter);
  else app.getHttpAdapter().getInstance().addHook('onRequest', enter);
  return app;
}

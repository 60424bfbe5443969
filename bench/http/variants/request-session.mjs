import { Req } from '@nestjs/common';
import { controller } from '../../support/decorate.mjs';

/** The handlers of all libraries that put a plain object on the request. */
class RequestSession {
  read(request) {
    return { visits: request.session.visits };
  }

  write(request) {
    request.session.visits = (request.session.visits ?? 0) + 1;
    return { visits: request.session.visits };
  }
}

export const RequestSessionController = controller(RequestSession, {
  read: [Req()],
  write: [Req()],
});

import { Req, Res } from '@nestjs/common';
import { getIronSession } from 'iron-session';
import { controller } from '../../support/decorate.mjs';
import { appOf } from './app.mjs';

const OPTIONS = {
  password: 'a secret of the benchmarks, 32 characters or more',
  cookieName: 'iron',
  cookieOptions: { secure: false },
};

class IronSession {
  async read(request, response) {
    const session = await sessionOf(request, response);
    return { visits: session.visits };
  }

  async write(request, response) {
    const session = await sessionOf(request, response);
    session.visits = (session.visits ?? 0) + 1;
    await session.save();
    return { visits: session.visits };
  }
}

function sessionOf(request, response) {
  return getIronSession(request.raw ?? request, response.raw ?? response, OPTIONS);
}

/** iron-session: everything is in the encrypted cookie, nothing on the server. */
export function create(framework) {
  const parameters = [Req(), Res({ passthrough: true })];
  return appOf(framework, {
    controllers: [controller(IronSession, { read: parameters, write: parameters })],
  });
}

import { createParamDecorator, Res } from '@nestjs/common';
import { createClient } from 'redis';
import { controller } from '../../support/decorate.mjs';
import { appOf } from './app.mjs';
import { giveUid, uidOf } from './visitors.mjs';

const LIFE = ['EX', '900'];

/** The signal that node-redis makes for each command otherwise costs more than they do. */
const UNTIMED = { timeout: undefined };

/**
 * What a session in Redis costs that every request asks for by itself: a cookie is found, and one command has
 * its state and lets it live on; a second one saves it. The client is that of the others, with one connection.
 */
export async function create(framework, url) {
  const client = await createClient({ url }).connect();
  const save = (uid, visits) => client.sendCommand(['SET', uid, String(visits), ...LIFE], UNTIMED);

  class FloorInRedis {
    async login(response) {
      await save(giveUid(response), 1);
      return { visits: 1 };
    }

    read({ visits }) {
      return { visits };
    }

    async write({ uid, visits }) {
      await save(uid, visits + 1);
      return { visits: visits + 1 };
    }
  }

  const Kept = createParamDecorator(async (_, context) => {
    const uid = uidOf(context.getArgByIndex(0));
    const visits = await client.sendCommand(['GETEX', uid, ...LIFE], UNTIMED);
    return { uid, visits: Number(visits) };
  });
  const routes = { login: [Res({ passthrough: true })], read: [Kept()], write: [Kept()] };
  return appOf(framework, { controllers: [controller(FloorInRedis, routes)] });
}

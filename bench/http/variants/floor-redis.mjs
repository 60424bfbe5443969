import { createParamDecorator, Res } from '@nestjs/common';
import { createClient } from 'redis';
import { controller } from '../../support/decorate.mjs';
import { appOf } from './app.mjs';
import { giveUid, uidOf } from './visitors.mjs';

const LIFE = ['EX', '900'];

/** The signal that node-redis makes for each command otherwise costs more than they do. */
const UNTIMED = { timeout: undefined };

/** Saves a state unless somebody else has since it was read, or its session has ended: in Redis a script can do so. */
const SAVE = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'EX', 900)
return 1
`;

/**
 * What a session in Redis costs that every request asks for by itself: a cookie is found, and one command has
 * its state and lets it live on; a script saves it. The client is that of the others, with one connection.
 */
export async function create(framework, url) {
  const client = await createClient({ url }).connect();
  const script = await client.sendCommand(['SCRIPT', 'LOAD', SAVE]);
  const begin = (uid) => client.sendCommand(['SET', uid, '1', ...LIFE], UNTIMED);
  const save = (uid, before, now) =>
    client.sendCommand(['EVALSHA', script, '1', uid, String(before), String(now)], UNTIMED);

  class FloorInRedis {
    async login(response) {
      await begin(giveUid(response));
      return { visits: 1 };
    }

    read({ visits }) {
      return { visits };
    }

    async write({ uid, visits }) {
      if ((await save(uid, visits, visits + 1)) !== 1) throw new Error('Somebody else was faster.');
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

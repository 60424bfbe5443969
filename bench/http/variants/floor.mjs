import { createParamDecorator, Res } from '@nestjs/common';
import { controller } from '../../support/decorate.mjs';
import { appOf } from './app.mjs';
import { firstByteOf } from './first-byte.mjs';
import { Visitors } from './visitors.mjs';

/**
 * What no session in memory can do without: a cookie is found, a record is taken out of a Map by it, and
 * the time is stored in that (`lookUp`); and the record knows of the response's first byte (the others).
 */
export async function create(framework) {
  const visitors = new Visitors();
  let standBefore;

  class Floor {
    login(response) {
      return { visits: visitors.add(response).visits };
    }

    lookUp(record) {
      return { visits: record.visits };
    }

    read(record) {
      return { visits: record.visits };
    }

    write(record) {
      return { visits: ++record.visits };
    }
  }

  const Found = createParamDecorator((_, context) => visitors.find(context.getArgByIndex(0)));
  const Kept = createParamDecorator((_, context) => {
    const record = visitors.find(context.getArgByIndex(0));
    standBefore(context.getArgByIndex(1), record);
    return record;
  });
  const routes = {
    login: [Res({ passthrough: true })],
    lookUp: [Found()],
    read: [Kept()],
    write: [Kept()],
  };
  const app = await appOf(framework, { controllers: [controller(Floor, routes)] });
  standBefore = firstByteOf(framework, app);
  return app;
}

import { ClsModule, ClsService } from 'nestjs-cls';
import { controller } from '../../support/decorate.mjs';
import { appOf } from './app.mjs';

class Cls {
  constructor(cls) {
    this.cls = cls;
  }

  plain() {
    return { visits: this.cls.get('visits') };
  }
}

/** nestjs-cls: no sessions, but what people use to have something of the request in a constructor. */
export function create(framework) {
  const setup = (cls) => cls.set('visits', 1);
  return appOf(framework, {
    imports: [ClsModule.forRoot({ global: true, middleware: { mount: true, setup } })],
    controllers: [controller(Cls, { plain: [] }, [ClsService])],
  });
}

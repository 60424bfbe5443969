import { ServerResponse } from 'node:http';

const RECORD = Symbol('record');

/**
 * Makes what lets a record know of a response's first byte and of its end: whoever may set a cookie, or
 * save what was changed, has to. All ways of answering come to `writeHead()`.
 *
 * A response of Fastify's is given a method of its own. Those of Express inherit one, and their record is
 * where Express has made room on each: to add a property there costs microseconds.
 */
export function firstByteOf(framework, app) {
  if (framework === 'fastify') {
    return ({ raw }, record) => {
      raw[RECORD] = record;
      raw.writeHead = keepAndWriteHead;
      raw.on('close', keep);
    };
  }
  app.getHttpAdapter().getInstance().response.writeHead = keepAndWriteHead;
  return (response, record) => {
    response.locals[RECORD] = record;
    response.on('close', keep);
  };
}

function keepAndWriteHead(status, reason, headers) {
  keep.call(this);
  return ServerResponse.prototype.writeHead.call(this, status, reason, headers);
}

/** The state of a record in memory is kept as it is now. */
function keep() {
  const record = (this.locals ?? this)[RECORD];
  if (record !== undefined) record.kept = record.visits;
}

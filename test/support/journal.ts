import { type Server } from 'node:http';
import { type Socket } from 'node:net';
import { type INestApplication } from '@nestjs/common';

/** Writes down whenever bytes leave the server, before they do. */
export function journalBytes(app: INestApplication, write: () => void): void {
  const server: Server = app.getHttpServer();
  server.on('connection', (socket: Socket) => {
    const { write: send } = socket;
    Reflect.set(socket, 'write', (...args: unknown[]) => {
      write();
      return Reflect.apply(send, socket, args);
    });
  });
}

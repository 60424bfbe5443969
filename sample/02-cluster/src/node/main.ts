import 'reflect-metadata';
import { type AddressInfo } from 'node:net';
import { NestFactory } from '@nestjs/core';
import { NodeModule } from './node.module.js';
import { report } from './report-to-parent.js';

const app = await NestFactory.create(NodeModule, { logger: ['warn', 'error', 'fatal'] });
await app.listen(0, '127.0.0.1');
const { port } = app.getHttpServer().address() as AddressInfo;
report({ kind: 'ready', port });

// Nobody could reach it any more.
process.on('disconnect', () => process.exit());

import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startProxy } from './proxy.mjs';

/** A server that keeps what it has acknowledged, whatever becomes of it. */
export class Server {
  #dir = mkdtempSync(join(tmpdir(), 'live-session-race-'));

  /** @param appendonly whether everything is on the disk before it is acknowledged */
  constructor({ appendonly = 'yes' } = {}) {
    this.appendonly = appendonly;
  }

  async start() {
    this.port ??= await freePort();
    const settings = `--port ${this.port} --dir ${this.#dir} --bind 127.0.0.1 --save --appendonly ${this.appendonly} --appendfsync always`;
    const args = settings.split(' ').flatMap((word) => (word === '--save' ? [word, ''] : [word]));
    this.process = spawn('redis-server', args, { stdio: 'ignore' });
    while (!(await isThere(this.port))) await pause(20);
  }

  async kill() {
    const exited = once(this.process, 'exit');
    this.process.kill('SIGKILL');
    await exited;
  }

  async stop() {
    await this.kill();
    rmSync(this.#dir, { recursive: true, force: true });
  }
}

/** A node, in one life after the other. */
export class Node {
  lives = [];
  #waiting = new Map();
  #number = 0;

  constructor(ledger, sessionTimeout) {
    this.ledger = ledger;
    this.sessionTimeout = sessionTimeout;
  }

  async start(port) {
    this.proxy ??= await startProxy(port);
    const given = JSON.stringify({ url: this.proxy.url, sessionTimeout: this.sessionTimeout });
    const path = fileURLToPath(new URL('node.mjs', import.meta.url));
    const life = { ready: Infinity, told: new Set(), isKilled: false };
    this.lives.push(life);
    const child = fork(path, [given]);
    this.process = child;
    const ready = new Promise((resolve) => {
      child.on('message', (message) => {
        if (message.told !== undefined) return this.ledger.told(life, message.told);
        if (message.ready !== undefined) {
          life.ready = message.ready;
          return resolve();
        }
        this.#waiting.get(message.number)?.(message);
      });
    });
    child.on('exit', (code, signal) => {
      if (!life.isKilled) this.ledger.violations.push(`a node died by itself: ${code ?? signal}`);
      life.isOver = true;
      for (const answer of this.#waiting.values()) answer({ problem: 'node died' });
    });
    await ready;
  }

  /** Asks for an operation; what comes back has an answer or a problem. */
  ask(operation, uid) {
    const number = ++this.#number;
    return new Promise((resolve) => {
      const settle = (message) => {
        this.#waiting.delete(number);
        resolve(message);
      };
      this.#waiting.set(number, settle);
      if (!this.process.connected) return settle({ problem: 'node died' });
      this.process.send({ number, operation, uid }, (error) => {
        if (error) settle({ problem: 'node died' });
      });
    });
  }

  async kill() {
    this.lives.at(-1).isKilled = true;
    const exited = once(this.process, 'exit');
    this.process.kill('SIGKILL');
    await exited;
  }

  async stop() {
    await this.kill();
    this.proxy.close();
  }
}

export function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

function isThere(port) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => resolve(false));
    socket.on('connect', () => socket.write('PING\r\n'));
    socket.on('data', (data) => {
      resolve(String(data).startsWith('+PONG'));
      socket.destroy();
    });
  });
}

async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  await once(probe, 'close');
  return port;
}

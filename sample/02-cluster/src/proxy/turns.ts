import { Injectable } from '@nestjs/common';
import { Cluster } from '../cluster/cluster.js';
import { type ShopNode } from '../cluster/shop-node.js';

/** Whose turn it is. Requests go round all nodes, and so do event streams, for themselves. */
@Injectable()
export class Turns {
  readonly #last = { request: -1, stream: -1 };

  constructor(private readonly cluster: Cluster) {}

  /** The next node that is up, if any is. */
  next(kind: 'request' | 'stream'): ShopNode | undefined {
    const { nodes } = this.cluster;
    for (let step = 1; step <= nodes.length; step++) {
      const turn = (this.#last[kind] + step) % nodes.length;
      if (nodes[turn]?.state !== 'up') continue;
      this.#last[kind] = turn;
      return nodes[turn];
    }
    return undefined;
  }
}

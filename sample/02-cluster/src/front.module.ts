import { Module } from '@nestjs/common';
import { Cluster } from './cluster/cluster.js';
import { ClusterController } from './cluster/cluster.controller.js';
import { Journal } from './cluster/journal.js';
import { PageController } from './page/page.controller.js';
import { ProxyController } from './proxy/proxy.controller.js';
import { Turns } from './proxy/turns.js';

/** What stands before the nodes: it starts them, shares requests out to them and shows them. */
@Module({
  controllers: [ClusterController, ProxyController, PageController],
  providers: [Cluster, Journal, Turns],
})
export class FrontModule {}

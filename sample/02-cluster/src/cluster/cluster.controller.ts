import { Controller, HttpCode, type MessageEvent, Param, Post, Sse } from '@nestjs/common';
import { auditTime, map, merge, type Observable } from 'rxjs';
import { Cluster } from './cluster.js';
import { Journal } from './journal.js';

@Controller('cluster')
export class ClusterController {
  constructor(
    private readonly cluster: Cluster,
    private readonly journal: Journal,
  ) {}

  /** What has happened and happens, and how the machines are after that. */
  @Sse('events')
  watch(): Observable<MessageEvent> {
    const { entries$ } = this.journal;
    return merge(
      entries$.pipe(map((entry) => ({ type: 'entry', data: entry }))),
      entries$.pipe(
        auditTime(50),
        map(() => ({ type: 'machines', data: this.cluster.describe() })),
      ),
    );
  }

  @Post(':name/kill')
  @HttpCode(204)
  async kill(@Param('name') name: string) {
    await this.cluster.find(name).kill();
  }

  @Post(':name/start')
  @HttpCode(204)
  async start(@Param('name') name: string) {
    await this.cluster.find(name).start();
  }
}

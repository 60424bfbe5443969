import { Module } from '@nestjs/common';
import { SessionModule } from 'nestjs-live-session';
import { PageController } from './page/page.controller.js';
import { IDLE, ShopModule } from './shop.module.js';

@Module({
  imports: [SessionModule.forRoot(IDLE), ShopModule],
  controllers: [PageController],
})
export class AppModule {}

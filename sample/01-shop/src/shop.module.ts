import { Module } from '@nestjs/common';
import { SessionModule } from 'nestjs-live-session';
import { AccountController } from './account/account.controller.js';
import { Profile } from './account/profile.js';
import { Cart } from './cart/cart.js';
import { CartController } from './cart/cart.controller.js';
import { PriceService } from './cart/price.service.js';
import { FeedController } from './feed/feed.controller.js';
import { ShopFeed } from './feed/shop.feed.js';

/** Seconds of idleness; short, so that one can watch a session end. */
export const IDLE = Number(process.env.IDLE ?? 120);

/** The shop, wherever its sessions are kept. */
@Module({
  imports: [SessionModule.forFeature([Cart, Profile])],
  controllers: [CartController, AccountController, FeedController],
  providers: [PriceService, ShopFeed],
  exports: [ShopFeed],
})
export class ShopModule {}

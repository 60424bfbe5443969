import { Controller, Delete, Param, Post } from '@nestjs/common';
import { Session } from 'nestjs-live-session';
import { ShopFeed } from '../feed/shop.feed.js';
import { ICart } from './cart.js';

@Controller('api/cart')
export class CartController {
  /** The session and the cart stand for those of the request that is being handled. */
  constructor(
    private readonly session: Session,
    private readonly cart: ICart,
    private readonly feed: ShopFeed,
  ) {}

  @Post(':sku')
  add(@Param('sku') sku: string) {
    this.cart.add(sku);
    return this.feed.publish(this.session);
  }

  @Delete(':sku')
  remove(@Param('sku') sku: string) {
    this.cart.remove(sku);
    return this.feed.publish(this.session);
  }

  @Delete()
  clear() {
    this.cart.clear();
    return this.feed.publish(this.session);
  }
}

import { SessionComponent, State } from 'nestjs-live-session';
import { PriceService, type Product } from './price.service.js';

export interface CartItem extends Product {
  readonly quantity: number;
  readonly sum: number;
}

/** What the rest of the shop knows of a cart. */
export abstract class ICart {
  abstract readonly items: CartItem[];
  abstract readonly total: number;
  abstract add(sku: string): void;
  abstract remove(sku: string): void;
  abstract clear(): void;
}

@SessionComponent({ provides: [ICart] })
export class Cart extends ICart {
  /** Quantity by sku. */
  @State() lines: Record<string, number> = {};

  constructor(private readonly prices: PriceService) {
    super();
  }

  get items(): CartItem[] {
    return Object.entries(this.lines).map(([sku, quantity]) => {
      const product = this.prices.find(sku);
      return { ...product, quantity, sum: product.price * quantity };
    });
  }

  get total(): number {
    return this.items.reduce((total, { sum }) => total + sum, 0);
  }

  add(sku: string): void {
    this.#set(sku, (quantity) => quantity + 1);
  }

  remove(sku: string): void {
    this.#set(sku, (quantity) => quantity - 1);
  }

  clear(): void {
    this.lines = {};
  }

  #set(sku: string, change: (quantity: number) => number): void {
    this.prices.find(sku);
    const quantity = change(this.lines[sku] ?? 0);
    if (quantity > 0) this.lines[sku] = quantity;
    else delete this.lines[sku];
  }
}

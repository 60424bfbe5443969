import { Injectable, NotFoundException } from '@nestjs/common';

export interface Product {
  readonly sku: string;
  readonly name: string;
  readonly note: string;
  /** In cents. */
  readonly price: number;
}

@Injectable()
export class PriceService {
  readonly products: readonly Product[] = [
    { sku: 'mug', name: 'Morning mug', note: 'One slow coffee', price: 1800 },
    { sku: 'teapot', name: 'Teapot for two', note: 'Pours without a drip', price: 5400 },
    { sku: 'bowl', name: 'Soup bowl', note: 'Deep and warm', price: 2400 },
    { sku: 'vase', name: 'Bud vase', note: 'For a single stem', price: 3200 },
    { sku: 'plate', name: 'Supper plate', note: 'No two alike', price: 2600 },
    { sku: 'pitcher', name: 'Milk pitcher', note: 'Half a litre', price: 2900 },
    { sku: 'planter', name: 'Window planter', note: 'With its saucer', price: 3650 },
    { sku: 'candle', name: 'Candle holder', note: 'Catches every drop', price: 1550 },
  ];

  find(sku: string): Product {
    const product = this.products.find((candidate) => candidate.sku === sku);
    if (!product) throw new NotFoundException(`Nothing here is called '${sku}'`);
    return product;
  }
}

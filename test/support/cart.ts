import { SessionComponent, State } from 'nestjs-live-session';

/** The component of most tests. */
@SessionComponent()
export class Cart {
  @State() items: string[] = [];

  add(sku: string): number {
    return this.items.push(sku);
  }
}

import {
  type CachedComponent,
  cachedUnder,
  withCached,
  withoutCached,
} from '../../lib/componentized/cached-components.js';

const IFACES = ['first', 'second', 'third'];

function row(): CachedComponent | undefined {
  let first: CachedComponent | undefined;
  for (const iface of IFACES) first = withCached(first, iface, `of ${iface}`);
  return first;
}

function contents(first: CachedComponent | undefined): (readonly [unknown, unknown])[] {
  const entries: (readonly [unknown, unknown])[] = [];
  for (let one = first; one !== undefined; one = one.next) entries.push([one.iface, one.component]);
  return entries;
}

describe('the row of cached components', () => {
  it('keeps them in the order in which they came', () => {
    expect(contents(row()).map(([iface]) => iface)).toEqual(IFACES);
  });

  it.each(IFACES)('finds the component under the %s interface', (iface) => {
    expect(cachedUnder(row(), iface)?.component).toBe(`of ${iface}`);
  });

  it.each(IFACES)('puts another in the place of that under the %s', (iface) => {
    const replaced = withCached(row(), iface, undefined);

    const expected = contents(row()).map(([one, component]) =>
      one === iface ? [one, undefined] : [one, component],
    );
    expect(contents(replaced)).toEqual(expected);
  });

  it.each(IFACES)('loses that under the %s, and no other', (iface) => {
    const expected = contents(row()).filter(([one]) => one !== iface);

    expect(contents(withoutCached(row(), iface))).toEqual(expected);
  });

  it('loses nothing under an interface that has none', () => {
    expect(contents(withoutCached(row(), 'fourth'))).toEqual(contents(row()));
    expect(withoutCached(undefined, 'first')).toBeUndefined();
  });
});

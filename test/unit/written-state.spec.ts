import { WrittenState } from '../../lib/components/written-state.js';

const FIELDS = ['value'];

describe('WrittenState', () => {
  it.each([0, -0, NaN, 1n, '', 'tea', true, null, undefined])(
    'tells that a component still holds %p',
    (value) => {
      expect(WrittenState.of({ value }, 'text')?.isOf({ value }, FIELDS)).toBe(true);
    },
  );

  it.each([
    [0, -0],
    [1, '1'],
    [null, undefined],
    ['tea', 'tee'],
    [1, 2],
    ['[]', []],
  ])('tells %p from %p', (before, after) => {
    const written = WrittenState.of({ value: before }, 'text');

    expect(written?.isOf({ value: after }, FIELDS)).toBe(false);
  });

  it.each([[[]], [{}], [new Date(0)], [() => {}]])(
    'says nothing of %p, which may change',
    (value) => {
      expect(WrittenState.of({ value }, 'text')).toBeUndefined();
    },
  );
});

/** Compiles only where the two types are the same: `same<A, B>(true)`. */
export function same<A, B>(
  _isSame: (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false,
): void {}

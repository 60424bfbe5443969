/** How near ours has to come to a floor that does not meet the target itself. */
const NEAR = 1.2;

/**
 * Says whether a target is met; and where it is not, whether the machine can: whether its floor would meet it,
 * and how many times what the floor takes ours does.
 *
 * @typedef {{ asked: number, measured: number, floor?: number, times?: number }} Point
 * @param {{ isLeast: boolean, points: Point[] }} target a point for each number of sessions, or a single one
 */
export function judge({ isLeast, points }) {
  const meets = (figure, asked) => (isLeast ? figure >= asked : figure <= asked);
  const missed = points.filter(({ asked, measured }) => !meets(measured, asked));
  if (missed.length === 0) return 'met';
  if (missed.some(({ floor }) => floor === undefined)) return 'not met';
  const possible = missed.filter(({ asked, floor }) => meets(floor, asked));
  if (possible.length > 0) {
    return `not met; the floor would${possible.length < missed.length ? ' in part' : ''}`;
  }
  const isNear = missed.every(({ times }) => times <= NEAR);
  return `not met, nor by the floor; ${isNear ? 'within' : 'beyond'} ${NEAR} × of that`;
}

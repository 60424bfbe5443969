/**
 * The sides and subjects that are no libraries: what the machine and the framework charge for what no session
 * can do without, whoever writes it. Each by the name that tables have for it.
 */
const FLOORS = ['floor', 'look-up', 'context'];

/** Whether a name is that of a floor. */
export function isFloor(name) {
  return FLOORS.includes(name);
}

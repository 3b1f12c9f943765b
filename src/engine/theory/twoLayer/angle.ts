import { cos, sin } from '../../numbers/elementary';

/** The angle b in (−π, π] with x = r cos b and y = r sin b: Newton's iteration on our own sin and cos, for the same bits everywhere. */
export function angleOf(x: number, y: number): number {
  const r = Math.sqrt(x * x + y * y);
  if (r === 0) return 0;
  const c = x / r;
  const s = y / r;
  // Within 0.08 of the angle in the first octant.
  const small = Math.min(Math.abs(c), Math.abs(s)) / Math.max(Math.abs(c), Math.abs(s));
  let angle = (small * Math.PI) / 4;
  if (Math.abs(s) > Math.abs(c)) angle = Math.PI / 2 - angle;
  if (c < 0) angle = Math.PI - angle;
  if (s < 0) angle = -angle;
  for (let iteration = 0; iteration < 4; iteration++) angle += s * cos(angle) - c * sin(angle);
  return angle;
}

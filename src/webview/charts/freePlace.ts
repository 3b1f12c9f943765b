/** A rectangle in pixels, down from the top. */
export interface Area {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

interface Place {
  x: number;
  y: number;
}

/** What a word should not lie on: points, joined by a line or not; a NaN interrupts the line. */
export interface Obstacle {
  points: readonly Place[];
  joined: boolean;
}

/** The area that the fewest points and lines cross; of those that are as good the first. */
export function freest(areas: readonly [Area, ...Area[]], obstacles: readonly Obstacle[]): Area {
  let [best] = areas;
  let fewest = Infinity;
  for (const area of areas) {
    let count = 0;
    for (const obstacle of obstacles) count += crossings(area, obstacle);
    if (count === 0) return area;
    if (count < fewest) [best, fewest] = [area, count];
  }
  return best;
}

function crossings(area: Area, { points, joined }: Obstacle): number {
  let count = 0;
  let before: Place | undefined;
  for (const point of points) {
    if (joined ? before && crosses(area, before, point) : isIn(area, point)) count++;
    before = point;
  }
  return count;
}

function isIn({ left, right, top, bottom }: Area, { x, y }: Place): boolean {
  return x >= left && x <= right && y >= top && y <= bottom;
}

/** Whether a straight piece touches the area: it is not beyond one of its sides, and its corners are not all on one side of the line. */
function crosses({ left, right, top, bottom }: Area, a: Place, b: Place): boolean {
  if (!(Math.max(a.x, b.x) >= left && Math.min(a.x, b.x) <= right)) return false;
  if (!(Math.max(a.y, b.y) >= top && Math.min(a.y, b.y) <= bottom)) return false;
  const side = (x: number, y: number) => Math.sign((b.x - a.x) * (y - a.y) - (b.y - a.y) * (x - a.x));
  const sides = [side(left, top), side(right, top), side(left, bottom), side(right, bottom)];
  return Math.min(...sides) <= 0 && Math.max(...sides) >= 0;
}

/** Where the word of a horizontal line may stand: on the line or under it, at its left end, its right end, or in the middle. */
export function besideLine(plot: Area, at: number, width: number, height: number, gap: number): [Area, ...Area[]] {
  const middle = (plot.left + plot.right - width) / 2;
  const lefts = [plot.left + gap, plot.right - gap - width, middle];
  const tops = [at - height - 2, at + 2].filter((top) => top >= plot.top && top + height <= plot.bottom);
  const areas = (tops.length > 0 ? tops : [at + 2]).flatMap((top) =>
    lefts.map((left) => ({ left, right: left + width, top, bottom: top + height })),
  );
  return areas as [Area, ...Area[]];
}

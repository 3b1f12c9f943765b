import type { CurvePoints } from '../training/lossCurve';
import type { RingReader } from './curveRing';
import type { JobHandlers } from './executor';

type Heard = Pick<JobHandlers<unknown>, 'steps' | 'curve' | 'dropped'>;

/** Takes out of a worker's ring what came in since the last time, and tells the points of one job together. */
export function sampleRing(ring: RingReader, handlers: Heard): void {
  let current = -1;
  let points: CurvePoints | undefined;
  ring.drain((job, step, loss, time) => {
    if (!points || job !== current) {
      if (points) handlers.curve?.(points, current);
      points = Number.isNaN(time) ? { steps: [], losses: [] } : { steps: [], losses: [], times: [] };
      current = job;
    }
    points.steps.push(step);
    points.losses.push(loss);
    points.times?.push(time);
  });
  if (points) handlers.curve?.(points, current);
  const steps = ring.takeSteps();
  if (steps > 0) handlers.steps?.(steps);
  const dropped = ring.takeDropped();
  if (dropped > 0) handlers.dropped?.(dropped);
}

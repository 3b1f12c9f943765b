import { pow } from '../numbers/elementary';
import type { CurvePoints } from '../training/lossCurve';
import type { JobProgress } from './study';

/** Trainings of a run that tell their loss curves: the first, and the last, which the report opens on. */
const FIRST = 1500;
const LAST = 500;

/** Points of all curves of a run, about. */
const POINTS = 160_000;
/** Decades of steps that a training takes, about. */
const DECADES = 5.5;
/** What a training itself keeps for a decade, and what a curve needs at least. */
const DENSE = 40;
const SPARSE = 8;

/**
 * How much of its loss curves a run tells: what of many thousand curves nobody can look at would cost more than the trainings.
 * Depends on the place of a training in the plan alone.
 */
export class CurveBudget {
  /** Ratio of neighbouring step numbers; 1 where all points are told. */
  private readonly ratio: number;

  constructor(private readonly trainings: number) {
    const perDecade = POINTS / (DECADES * Math.min(trainings, FIRST + LAST));
    this.ratio = perDecade >= DENSE ? 1 : pow(10, 1 / Math.max(SPARSE, perDecade));
  }

  /** The progress of the training at this place of the plan, with as much of its curve as is to be told. */
  *limit<Output>(running: Generator<JobProgress, Output>, index: number): Generator<JobProgress, Output> {
    if (index >= FIRST && index < this.trainings - LAST) return yield* withoutCurve(running);
    return yield* this.ratio > 1 ? thinned(running, this.ratio) : running;
  }
}

/** Points of the curves of all trainings of a run that are kept in its folder, about. */
const KEPT_POINTS = 1_000_000;
/** Of each training, in a decade of steps. */
const MOST_KEPT = 20;
const FEWEST_KEPT = 3;

/** A training that tells no curve, but keeps one: the fewer trainings there are, the more points it has. */
export function* keepingCurve<Output>(
  running: Generator<JobProgress, Output>,
  trainings: number,
): Generator<JobProgress, { output: Output; curve: CurvePoints }> {
  const perDecade = Math.min(MOST_KEPT, Math.max(FEWEST_KEPT, KEPT_POINTS / (DECADES * trainings)));
  const curve: CurvePoints = { steps: [], losses: [] };
  const thin = thinned(running, pow(10, 1 / perDecade));
  for (;;) {
    const { done, value } = thin.next();
    if (done) return { output: value, curve };
    const { steps, losses, times } = value.curve;
    curve.steps.push(...steps);
    curve.losses.push(...losses);
    if (times) (curve.times ??= []).push(...times);
    yield { ...value, curve: { steps: [], losses: [] } };
  }
}

function* withoutCurve<Output>(running: Generator<JobProgress, Output>): Generator<JobProgress, Output> {
  for (;;) {
    const { done, value } = running.next();
    if (done) return value;
    yield { ...value, curve: { steps: [], losses: [] } };
  }
}

/** Keeps points whose steps lie a ratio apart, and the last one. */
function* thinned<Output>(running: Generator<JobProgress, Output>, ratio: number): Generator<JobProgress, Output> {
  let next = 0;
  let last: CurvePoints | undefined;
  for (;;) {
    const { done, value } = running.next();
    if (done) {
      if (last) yield { steps: 0, curve: last };
      return value;
    }
    const { steps, losses, times } = value.curve;
    const curve: CurvePoints = { steps: [], losses: [], ...(times ? { times: [] } : {}) };
    const keep = (points: CurvePoints, i: number) => {
      points.steps.push(steps[i]);
      points.losses.push(losses[i]);
      if (times) points.times?.push(times[i]);
    };
    for (let i = 0; i < steps.length; i++) {
      last = undefined;
      if (steps[i] >= next) {
        keep(curve, i);
        next = Math.max(steps[i] + 1, steps[i] * ratio);
      } else if (i === steps.length - 1) {
        last = { steps: [], losses: [], ...(times ? { times: [] } : {}) };
        keep(last, i);
      }
    }
    yield { ...value, curve };
  }
}

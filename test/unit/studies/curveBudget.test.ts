import { describe, expect, it } from 'vitest';
import { CurveBudget } from '../../../src/engine/studies/curveBudget';
import type { JobProgress } from '../../../src/engine/studies/study';
import { LossCurve, type CurvePoints } from '../../../src/engine/training/lossCurve';

/** A training of so many steps that tells its curve in pieces. */
function* training(steps: number, piece: number, times: boolean): Generator<JobProgress, string> {
  const curve = new LossCurve();
  for (let from = 0; from <= steps; from += piece) {
    const to = Math.min(steps, from + piece - 1);
    for (let step = from; step <= to; step++)
      if (step >= curve.next || step === steps) curve.add(step, 1 / (step + 1), times ? step / 10 : undefined);
    yield { steps: to - from + 1, curve: curve.take() };
  }
  return 'output';
}

function run(budget: CurveBudget, index: number, piece = 1000, times = false) {
  const points: Required<CurvePoints> = { steps: [], losses: [], times: [] };
  let steps = 0;
  const running = budget.limit(training(100_000, piece, times), index);
  for (;;) {
    const { done, value } = running.next();
    if (done) return { points, steps, output: value };
    steps += value.steps;
    points.steps.push(...value.curve.steps);
    points.losses.push(...value.curve.losses);
    points.times.push(...(value.curve.times ?? []));
  }
}

describe('CurveBudget', () => {
  const everything = run(new CurveBudget(10), 3);

  it('lets through all points of the curves of few trainings', () => {
    expect(everything.points.steps.length).toBeGreaterThan(150);
    expect(everything.points.steps.at(-1)).toBe(100_000);
    expect(everything.points.times).toEqual([]);
  });

  it.each([7, 1000, 200_000])('thins the curves of many trainings, and keeps both ends (told every %i steps)', (piece) => {
    const { points, steps, output } = run(new CurveBudget(5000), 3, piece, true);
    expect(output).toBe('output');
    expect(steps).toBe(100_001);
    expect(points.steps.length).toBeLessThan(everything.points.steps.length / 2);
    expect(points.steps.length).toBeGreaterThan(25);
    expect([points.steps[0], points.steps.at(-1)]).toEqual([0, 100_000]);
    expect(points.losses).toEqual(points.steps.map((step) => 1 / (step + 1)));
    expect(points.times).toEqual(points.steps.map((step) => step / 10));
    for (let i = 1; i < points.steps.length; i++) {
      expect(points.steps[i]).toBeGreaterThan(points.steps[i - 1]);
      expect((points.steps[i] + 1) / (points.steps[i - 1] + 1), 'no gap on a logarithmic axis').toBeLessThan(2.01);
    }
    expect(points).toEqual(run(new CurveBudget(5000), 3, 1000, true).points);
  });

  it('tells the curves of a bounded number of trainings: the first and the last', () => {
    for (const trainings of [100, 2000, 2001, 100_000]) {
      const budget = new CurveBudget(trainings);
      let told = 0;
      let points = 0;
      for (let index = 0; index < trainings; index++) {
        const running = budget.limit(training(20, 100, false), index);
        let any = 0;
        for (let next = running.next(); !next.done; next = running.next()) any += next.value.curve.steps.length;
        if (any > 0) told++;
        points += any;
        if (index === 0 || index === trainings - 1) expect(any).toBeGreaterThan(0);
      }
      expect(told).toBe(Math.min(trainings, 2000));
      expect(points).toBeLessThan(60_000);
    }
  });
});

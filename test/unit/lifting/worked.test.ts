import { describe, expect, it } from 'vitest';
import type { ResolvedTwoLayer } from '../../../src/experiment/resolved';
import { classify } from '../../../src/engine/lifting/classification';
import { polishCriticalPoint } from '../../../src/engine/lifting/criticalPoint';
import { saddleCertificate } from '../../../src/engine/lifting/saddleCertificate';
import {
  commonResiduals,
  criticalDataSet,
  liftingProbes,
  testSampleIndependence,
} from '../../../src/engine/lifting/sampleIndependence';
import { norm, SquaredLoss, type DataSet } from '../../../src/engine/lifting/squaredLoss';
import { createModel } from '../../../src/engine/models/registry';
import { randomStream } from '../../../src/engine/random/stream';

// "Geometry of critical sets and existence of saddle branches" (arXiv 2405.17501), the example with numbers.
const model: ResolvedTwoLayer = {
  kind: 'twoLayer',
  activation: 'exp',
  inputs: 2,
  width: 1,
  hiddenBias: false,
  outputBias: false,
};
const wide: ResolvedTwoLayer = { ...model, width: 2 };
const data: DataSet = {
  inputs: { count: 4, dimension: 2, values: Float64Array.of(1, 0, 0, 1, 1, 1, 1, -1) },
  targets: Float64Array.of(1, 1, 0, 0),
};
const log3 = 1.0986122886681098;
const narrowPoint = Float64Array.of(1, -log3, 0);
const narrowLoss = new SquaredLoss(createModel(model), data);
const wideLoss = new SquaredLoss(createModel(wide), data);
/** (1, w′, 0, (t, η)), in the order of the parameters. */
const lifted = (t: number, eta: number) => Float64Array.of(1, 0, -log3, 0, t, eta);
const pair = (wideParameters: Float64Array) => ({
  narrow: createModel(model),
  narrowParameters: narrowPoint,
  wide: createModel(wide),
  wideParameters,
});

describe('the worked example, to the digits printed', () => {
  it('the narrow point is critical: R = 2/3, residuals (−2/3, 0, 1/3, 1/3)', () => {
    const point = polishCriticalPoint(narrowLoss, narrowPoint);
    expect(point.distance).toBe(0);
    expect(point.relativeGradient).toBeLessThan(1e-12);
    expect(point.loss).toBeCloseTo(2 / 3, 15);
    expect(Array.from(narrowLoss.residuals(narrowPoint)).map((e) => Math.round(e * 1e12) / 1e12)).toEqual(
      [-2 / 3, 0, 1 / 3, 1 / 3].map((e) => Math.round(e * 1e12) / 1e12),
    );
  });

  it.each([-2, 0.7, 3])('(1, w′, 0, (%d, 0)) is critical', (t) => {
    expect(norm(wideLoss.gradient(lifted(t, 0)))).toBeLessThan(7.5e-15);
    expect(wideLoss.value(lifted(t, 0))).toBeCloseTo(2 / 3, 15);
  });

  it('w2 = (0.7, 0.5) is not: |∇R| = 0.343', () => {
    expect(norm(wideLoss.gradient(lifted(0.7, 0.5))).toFixed(3)).toBe('0.343');
  });

  it('only t = log(1/3) is sample-independent', () => {
    const probes = liftingProbes(pair(lifted(0, 0)), 1);
    for (const t of [-2, 0.7, 3]) {
      const tested = testSampleIndependence(pair(lifted(t, 0)), probes, 20);
      expect(tested.outputDifference).toBe(0);
      expect(tested.sampleIndependent).toBe(false);
      expect([tested.narrow.rank, tested.joint.rank]).toEqual([3, 4]);
      expect(Math.min(...tested.dataSets)).toBeGreaterThan(1e-6);
    }
    const same = testSampleIndependence(pair(lifted(-log3, 0)), probes, 20);
    expect(same.sampleIndependent).toBe(true);
    expect(Math.max(...same.dataSets)).toBeLessThan(1e-14);
  });

  it('another data set for which the narrow point is critical tells (0.7, 0) from w′', () => {
    const other = criticalDataSet(pair(lifted(0.7, 0)), 7, randomStream(3, 'test'));
    expect(norm(new SquaredLoss(createModel(model), other).gradient(narrowPoint))).toBeLessThan(1e-13);
    expect(norm(new SquaredLoss(createModel(wide), other).gradient(lifted(-log3, 0)))).toBeLessThan(1e-13);
    expect(norm(new SquaredLoss(createModel(wide), other).gradient(lifted(0.7, 0)))).toBeGreaterThan(1e-2);
  });

  it('t = 0.7 is a degenerate saddle: −3.33e-6 and +9.99e-6 at η = 0.1', () => {
    const point = lifted(0.7, 0);
    const classified = classify(wideLoss, point);
    expect(classified.classification).toBe('degenerateSaddle');
    expect(classified.curvature!.negative).toBe(0);
    expect(classified.descent!.lossChange).toBeLessThan(0);
    const certificate = saddleCertificate(wide, wideLoss, point)!;
    expect(certificate.neuron).toBe(2);
    expect(certificate.direction).toEqual([0, 1]);
    const [first] = certificate.steps;
    expect(first.eta).toBe(0.1);
    expect(first.down.toExponential(2)).toBe('-3.33e-6');
    expect(first.predicted.toExponential(2)).toBe('-3.33e-6');
    expect(first.up.toExponential(2)).toBe('9.99e-6');
    for (const { down, predicted } of certificate.steps) expect(Math.abs(down - predicted)).toBeLessThan(1e-15);
  });

  it('residuals that make both points critical: dimension 0, 1, 2 for n = 4, 5, 6', () => {
    // dim T1 = 3 and dim (T1 + T2) = 4.
    const dimensions = commonResiduals(pair(lifted(0.7, 0.3)), 6, 1);
    expect(dimensions.map(({ dimension }) => dimension)).toEqual([0, 0, 0, 0, 1, 2]);
  });
});

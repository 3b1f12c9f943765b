import { median } from 'd3-array';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareRuns, medianCurve } from '../../../src/protocol/compare';
import { recordOf, recoveryEvents } from '../../webview/fixture';

const curve = fc
  .uniqueArray(fc.record({ step: fc.nat(50), loss: fc.double({ min: 0, max: 10, noNaN: true }) }), {
    selector: ({ step }) => step,
    minLength: 1,
    maxLength: 12,
  })
  .map((points) => points.sort((a, b) => a.step - b.step))
  .map((points) => ({ steps: points.map(({ step }) => step), losses: points.map(({ loss }) => loss) }));

test('the median curve is the median of step functions', () => {
  fc.assert(
    fc.property(fc.array(curve, { minLength: 1, maxLength: 6 }), (curves) => {
      const { steps, losses } = medianCurve(curves);
      expect(steps).toEqual([...new Set(curves.flatMap((each) => each.steps))].sort((a, b) => a - b));
      steps.forEach((step, i) => {
        const values = curves.flatMap((each) => each.losses.filter((_, k) => each.steps[k]! <= step).slice(-1));
        expect(losses[i]).toBeCloseTo(median(values)!, 12);
      });
    }),
  );
});

test('a long median curve is thinned with both ends', () => {
  const steps = Array.from({ length: 50_000 }, (_, i) => i);
  const thin = medianCurve([{ steps, losses: steps.map((step) => 1 / (1 + step)) }]);
  expect(thin.steps.length).toBeLessThanOrEqual(1001);
  expect([thin.steps[0], thin.steps.at(-1)]).toEqual([0, 49_999]);
  thin.steps.forEach((step, i) => expect(thin.losses[i]).toBe(1 / (1 + step)));
});

test('runs are compared at the sample size that they share next to the prediction', () => {
  const whole = recordOf(recoveryEvents());
  const late = recordOf(recoveryEvents({ sizes: [9, 10, 11] }));
  const [first, second] = compareRuns([whole, late]);
  expect(first?.predicted).toBe(7);
  expect([first?.loss?.sampleSize, second?.loss?.sampleSize]).toEqual([9, 9]);
  expect(compareRuns([whole, whole])[0]?.loss?.sampleSize).toBe(7);
  const apart = compareRuns([recordOf(recoveryEvents({ sizes: [5] })), late]);
  expect(apart.map(({ loss }) => loss?.sampleSize)).toEqual([5, 11]);
  expect(first?.sampleSizes.map(({ sampleSize }) => sampleSize)).toEqual(Array.from({ length: 16 }, (_, i) => i + 1));
});

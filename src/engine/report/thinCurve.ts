import type { Curve } from '../../protocol/record';

/** At most `count` points of a curve, evenly spaced in the logarithm of the step, with both ends. */
export function thinCurve(curve: Curve, count: number): Curve {
  const { steps } = curve;
  if (steps.length <= count) return curve;
  const first = Math.log(steps[0] + 1);
  const width = (Math.log(steps[steps.length - 1] + 1) - first) / (count - 1);
  const kept: number[] = [];
  let bin = -1;
  for (let i = 0; i < steps.length - 1; i++) {
    const here = Math.floor((Math.log(steps[i] + 1) - first) / width);
    if (here > bin && kept.length < count - 1) {
      kept.push(i);
      bin = here;
    }
  }
  kept.push(steps.length - 1);
  const { losses, times } = curve;
  return {
    ...curve,
    steps: kept.map((i) => steps[i]),
    losses: kept.map((i) => losses[i]),
    ...(times ? { times: kept.map((i) => times[i]) } : {}),
  };
}

import { interleave, type Contender } from '../harness/contender';
import { duration, ratio } from '../harness/markdown';
import type { Report } from '../harness/report';
import { KernelTraining } from '../../src/engine/kernels/kernelTraining';
import type { BoundModel } from '../../src/engine/models/model';
import { createModel } from '../../src/engine/models/registry';
import type { NativeAddon } from '../../src/engine/native/addon';
import { FactorBatch } from '../../src/engine/native/factorBatch';
import { nativeName } from '../../src/engine/native/load';
import { randomStream } from '../../src/engine/random/stream';
import { Training, type StepRules } from '../../src/engine/training/train';
import { operationLimits } from './limits';
import { LEARNING_RATE, TARGET } from './sweepProblem';

const SIZE = 4;
const COUNT = SIZE * SIZE;
const CHECKED_STEPS = 1000;
/** An entry takes a dot product, its residual, square and scale, and two multiples of rows; a parameter its update. */
const OPERATIONS = COUNT * (2 * SIZE + 4 + 4 * SIZE) + 2 * (2 * SIZE * SIZE);

const RULES: StepRules = {
  optimizer: { kind: 'gradientDescent', learningRate: LEARNING_RATE },
  stop: { trainLoss: 0, steps: 1e9, gradientNorm: 0 },
};

interface Problem {
  bound: BoundModel;
  targets: Float64Array;
  starts: readonly Float64Array[];
}

/** Something that takes steps of one or more trials at once. */
interface Steps {
  trials: number;
  advance(count: number): void;
}

/** One step of a 4 × 4 matrix factorization with all entries, per trial. */
export async function factorStep(report: Report, native: NativeAddon | undefined, quick: boolean): Promise<void> {
  report.section(
    'Matrix factorization, 4 × 4, inner 4, n = 16',
    'Gradient descent as in the sweep of matrix completion. The native kernels train as many trials side by side as a vector has lanes, which share the time among them.',
  );
  const problem = factorProblem(native ? native.lanes[native.lanes.length - 1] : 1);
  const { bound, targets, starts } = problem;
  const expected = new Training(bound, targets, starts[0].slice(), rulesOf(CHECKED_STEPS));
  expected.advance(Infinity);

  const alone = (name: string, begin: (start: Float64Array, rules: StepRules) => Steps): Contender => {
    const checked = starts[0].slice();
    begin(checked, rulesOf(CHECKED_STEPS)).advance(CHECKED_STEPS + 1);
    return { ...contender(name, () => begin(starts[0].slice(), RULES), quick), result: comparison(checked, expected.parameters) };
  };
  const contenders = [
    alone('our kernels (WebAssembly)', (start, rules) => {
      const kernel = new KernelTraining(bound.kernelProblem!(), targets, start, rules);
      return { trials: 1, advance: (count) => kernel.advance(count) };
    }),
    alone('our TypeScript twin', (start, rules) => {
      const twin = new Training(bound, targets, start, rules);
      return { trials: 1, advance: (count) => twin.advance(count) };
    }),
  ];
  if (native) {
    const name = `our kernels, ${nativeName(native)}, ${starts.length} trials`;
    contenders.unshift(alone(name, (start, rules) => batchOf(native, problem, start, rules)));
  }
  const timings = await interleave(contenders, { rounds: quick ? 1 : 9, secondsEach: quick ? 1 : 30 });
  report.timings(timings, 'median', 'result');
  const bounds = operationLimits(OPERATIONS);
  const webAssembly = timings[native ? 1 : 0];
  report.text(
    `The limits of arithmetic, ${OPERATIONS} operations a step: ${duration(bounds.webAssembly)} with the two lanes of WebAssembly, ${duration(bounds.chip)} with AVX-512 where products and sums are fused, which ours are not. Our best in WebAssembly is ${ratio(webAssembly.best / bounds.webAssembly)} the first${native ? `, the native one ${ratio(timings[0].best / bounds.chip)} the second` : ''}.`,
  );
}

function factorProblem(trials: number): Problem {
  const model = createModel({ kind: 'matrixFactorization', rows: SIZE, columns: SIZE, inner: SIZE });
  const values = Float64Array.from({ length: 2 * COUNT }, (_, i) => (i % 2 ? (i >> 1) % SIZE : Math.floor((i >> 1) / SIZE)));
  const starts = Array.from({ length: trials }, (_, trial) => {
    const start = new Float64Array(model.parameterCount);
    randomStream(1, 'start', trial).fillNormal(start, 0.1);
    return start;
  });
  return { bound: model.bind({ count: COUNT, dimension: 2, values }), targets: Float64Array.from(TARGET.flat()), starts };
}

/** All trials, of which the first begins at `first`. */
function batchOf(native: NativeAddon, { bound, targets, starts }: Problem, first: Float64Array, rules: StepRules): Steps {
  const batch = new FactorBatch(native, { rows: SIZE, columns: SIZE, inner: SIZE }, rules);
  starts.forEach((start, trial) => batch.add(bound, targets, trial === 0 ? first : start.slice()));
  return {
    trials: starts.length,
    advance: (count) => {
      for (let left = count; left > 0 && batch.running.length > 0;) left -= Math.max(1, batch.advance(left));
    },
  };
}

function rulesOf(steps: number): StepRules {
  return { ...RULES, stop: { ...RULES.stop, steps } };
}

function contender(name: string, begin: () => Steps, quick: boolean): Contender {
  const seconds = quick ? 0.002 : 0.02;
  let steps = 100;
  const secondsOf = (run: Steps): number => {
    const started = performance.now();
    run.advance(steps);
    return (performance.now() - started) / 1000;
  };
  return {
    name,
    sample() {
      const run = begin();
      // The first call also compiles.
      secondsOf(run);
      while (secondsOf(run) < seconds / 2) steps *= 2;
      return Promise.resolve(Array.from({ length: quick ? 2 : 5 }, () => secondsOf(run) / steps / run.trials));
    },
  };
}

function comparison(parameters: Float64Array, expected: Float64Array): string {
  return parameters.every((value, i) => Object.is(value, expected[i])) ? 'same bits' : 'other numbers';
}

import { interleave, timed, type Timing } from '../harness/contender';
import { duration, ratio } from '../harness/markdown';
import type { Report } from '../harness/report';
import { createLinearization } from '../../src/engine/curvature/createLinearization';
import { KernelTraining } from '../../src/engine/kernels/kernelTraining';
import type { Inputs } from '../../src/engine/models/model';
import { createModel } from '../../src/engine/models/registry';
import { randomStream } from '../../src/engine/random/stream';
import type { ResolvedModel } from '../../src/experiment/resolved';

/** A product with the Hessian may take so many gradients of the training kernel of the same model. */
const GOAL = 2.5;

interface Example {
  name: string;
  model: ResolvedModel;
  count: number;
}

const deep = (inputs: number, widths: number[], outputs = 1): ResolvedModel => ({
  kind: 'deepNetwork',
  activation: 'tanh',
  inputs,
  widths,
  outputs,
  bias: true,
});

const convolution = (inputs: number | [number, number], kernel: number, kernels: number): ResolvedModel => ({
  kind: 'convolution',
  activation: 'tanh',
  inputs,
  kernel,
  kernels,
  sharing: true,
  hiddenBias: true,
});

/** Eight tanh neurons of two inputs as an expression. */
function formulaOfNeurons(neurons: number): ResolvedModel {
  const parameters = Array.from({ length: neurons }, (_, k) => ['a', 'u', 'v', 'b'].map((name) => `${name}${k}`)).flat();
  const terms = Array.from({ length: neurons }, (_, k) => `a${k}*tanh(u${k}*x1 + v${k}*x2 + b${k})`);
  return { kind: 'formula', parameters, inputs: ['x1', 'x2'], expression: terms.join(' + ') };
}

const EXAMPLES: readonly Example[] = [
  { name: 'deep network 20-64-64-1', model: deep(20, [64, 64]), count: 200 },
  { name: 'deep network 20-64-64-5', model: deep(20, [64, 64], 5), count: 200 },
  { name: 'deep network 3-5-5-5-1', model: deep(3, [5, 5, 5]), count: 50 },
  { name: 'deep network 50-256-256-1', model: deep(50, [256, 256]), count: 200 },
  { name: 'convolution, 64 inputs, 16 kernels of 5', model: convolution(64, 5, 16), count: 200 },
  { name: 'convolution, 14 × 14 inputs, 8 kernels of 3 × 3', model: convolution([14, 14], 3, 8), count: 200 },
  { name: 'formula of 8 tanh neurons', model: formulaOfNeurons(8), count: 200 },
  {
    name: 'formula with powers and a quotient',
    model: {
      kind: 'formula',
      parameters: ['t0', 't1', 't2', 't3'],
      inputs: ['x1', 'x2'],
      expression: 't0*x1^2*exp(-t1*x2) + (t2 + x1*x2)/(1 + t3^2) + t0*t1*t2*x1',
    },
    count: 1000,
  },
  {
    name: 'deep factorization 50 × 50, L = 3',
    model: { kind: 'matrixFactorization', dimensions: [50, 50, 50, 50] },
    count: 1000,
  },
  {
    name: 'deep factorization 180 × 180, L = 3',
    model: { kind: 'matrixFactorization', dimensions: [180, 180, 180, 180] },
    count: 10000,
  },
  {
    name: 'matrix factorization 100 × 100, inner 10',
    model: { kind: 'matrixFactorization', rows: 100, columns: 100, inner: 10 },
    count: 3000,
  },
  { name: 'diagonal, 100 inputs, depth 3', model: { kind: 'diagonal', inputs: 100, depth: 3 }, count: 50 },
];

function inputsOf(config: ResolvedModel, dimension: number, count: number): Inputs {
  const stream = randomStream(1, 'inputs');
  const values = new Float64Array(count * dimension);
  if (config.kind === 'matrixFactorization') {
    const sides =
      'dimensions' in config
        ? [config.dimensions[config.dimensions.length - 1], config.dimensions[0]]
        : [config.rows, config.columns];
    for (let i = 0; i < values.length; i++) values[i] = stream.integer(sides[i % 2]);
  } else stream.fillNormal(values);
  return { count, dimension, values };
}

/** Products with the Hessian of every family, against gradients in TypeScript and in the training kernels. */
export async function familyProducts(report: Report, quick: boolean): Promise<void> {
  report.section(
    'A product with the Hessian, by family',
    'The point is fixed. Against the gradient that TypeScript and the training kernel of the same model take there.',
  );
  const rows: string[][] = [];
  for (const { name, model: config, count } of EXAMPLES) {
    const model = createModel(config);
    const bound = model.bind(inputsOf(config, model.inputDimension, count));
    const P = model.parameterCount;
    const normals = (length: number, scale: number, stream: string): Float64Array => {
      const out = new Float64Array(length);
      randomStream(1, stream).fillNormal(out, scale);
      return out;
    };
    const parameters = normals(P, 0.3, 'parameters');
    const targets = normals(bound.sampleCount, 1, 'targets');
    const direction = normals(P, 1, 'direction');
    const out = new Float64Array(P);
    const linearization = createLinearization(bound, targets);
    linearization.moveTo(parameters);
    const problem = bound.kernelProblem?.();
    const kernel = problem
      ? new KernelTraining(problem, targets, Float64Array.from(parameters), {
          optimizer: { kind: 'gradientDescent', learningRate: 1e-12 },
          stop: { trainLoss: 0, steps: Infinity, gradientNorm: 0 },
        })
      : undefined;
    const product = (): void => linearization.product(direction, out);
    const gradient = (): unknown => bound.lossAndGradient(parameters, targets, out);
    const step = (): unknown => kernel?.advance(1);
    // As often as takes some milliseconds, after the first calls.
    for (let i = 0; i < 20; i++) [product, gradient, step].forEach((work) => work());
    const started = performance.now();
    product();
    const repetitions = Math.max(1, Math.ceil((quick ? 2 : 10) / (performance.now() - started)));
    const repeated = (of: string, work: () => unknown) => ({
      ...timed(of, () => undefined),
      sample: () => {
        const from = performance.now();
        for (let i = 0; i < repetitions; i++) work();
        return Promise.resolve([(performance.now() - from) / 1000 / repetitions]);
      },
    });
    const timings = await interleave(
      [repeated('product', product), repeated('TypeScript', gradient), ...(kernel ? [repeated('kernel', step)] : [])],
      { rounds: quick ? 5 : 31, secondsEach: 10 },
    );
    const [mine, typescript, own] = timings as [Timing, Timing, Timing | undefined];
    rows.push([
      name,
      String(P),
      duration(mine.median),
      ratio(mine.median / typescript.median),
      own ? duration(own.median) : '',
      own ? ratio(mine.median / own.median) : '',
      own ? ratio(mine.best / own.best) : '',
    ]);
    if (own)
      report.goalBelow(`product with the Hessian, of a gradient of the kernel: ${name}`, mine.median / own.median, GOAL, ratio);
  }
  report.table(
    ['model', 'parameters', 'product', 'of a gradient in TypeScript', 'gradient of the kernel', 'product of it', 'best of best'],
    rows,
  );
}

import { fromWire, toWire, type WireArray } from '../harness/arrays';
import { interleave, type Contender, type Timing } from '../harness/contender';
import { duration, magnitude, ratio } from '../harness/markdown';
import type { Peer } from '../harness/peer';
import type { Report } from '../harness/report';
import { largestDifference } from '../harness/statistics';
import { KernelTraining } from '../../src/engine/kernels/kernelTraining';
import type { BoundModel } from '../../src/engine/models/model';
import { randomStream } from '../../src/engine/random/stream';
import { extremalEigenvalues } from '../../src/engine/spectra/lanczos';
import { lossHessianOperator, type SymmetricOperator } from '../../src/engine/spectra/symmetricOperator';
import { familyProducts } from './familyProducts';
import { hessianProductLimits, ofLimits } from './limits';
import { networkProblem, type NetworkProblem } from './networkProblem';

const WIDTH = 500;
const DIMENSION = 18;
const COUNT = 200;
const TOP = 10;
const TOLERANCE = 1e-10;

interface Case {
  problem: NetworkProblem;
  bound: BoundModel;
  parameters: Float64Array;
  operator: SymmetricOperator;
  vector: Float64Array;
}

interface NamedPeer {
  name: string;
  peer: Peer;
}

export async function spectra(report: Report, quick: boolean): Promise<void> {
  const problem = networkProblem({ width: WIDTH, dimension: DIMENSION, count: COUNT, seeds: 1 });
  const { model, inputs, targets } = problem;
  const bound = model.bind(inputs);
  const parameters = trained(problem, bound, 300);
  const operator = lossHessianOperator(bound, parameters, targets);
  const vector = new Float64Array(operator.size);
  randomStream(1, 'vector').fillNormal(vector);
  const each: Case = { problem, bound, parameters, operator, vector };
  report.text(
    `The Hessian of the mean squared error of a tanh network with ${operator.size} parameters (m = ${WIDTH}, d = ${DIMENSION}, n = ${COUNT}) after 300 steps of gradient descent; float64, one thread.`,
  );
  const peers: NamedPeer[] = [];
  for (const [name, script, python] of [
    ['NumPy', 'spectra_numpy', 'science'],
    ['JAX', 'spectra_jax', 'science'],
    ['PyTorch', 'spectra_torch', 'torch'],
  ] as const) {
    const peer = await report.peer(script, { python, threads: 1 });
    if (!peer) continue;
    await peer.call('prepare', {
      x: toWire(inputs.values, COUNT, DIMENSION),
      y: toWire(targets, COUNT),
      parameters: toWire(parameters, parameters.length),
      width: WIDTH,
    });
    peers.push({ name, peer });
  }
  await products(report, each, peers, quick);
  await eigenvalues(report, each, peers, quick);
  await familyProducts(report, quick);
}

function trained({ targets, starts }: NetworkProblem, bound: BoundModel, steps: number): Float64Array {
  const kernel = bound.kernelProblem?.();
  if (!kernel) throw new Error('two-layer networks have no kernel');
  const training = new KernelTraining(kernel, targets, Float64Array.from(starts[0]), {
    optimizer: { kind: 'gradientDescent', learningRate: 0.01 },
    stop: { trainLoss: 0, steps, gradientNorm: 0 },
  });
  training.advance(steps);
  return training.parameters;
}

async function products(report: Report, each: Case, peers: readonly NamedPeer[], quick: boolean): Promise<void> {
  report.section(
    'A product with the Hessian',
    'Against one gradient of the same owner; of ours, against the one that the training kernels take in WebAssembly, as a step of a training. `difference`: of the product to ours, relative to its largest entry.',
  );
  const { bound, parameters, operator, vector, problem } = each;
  const gradient = new Float64Array(operator.size);
  const image = new Float64Array(operator.size);
  operator.apply(vector, image);
  const expected = Float64Array.from(image);
  const kernel = kernelSteps(each);
  const count = quick ? 2 : 20;
  const repeated = (work: () => void) => async () => {
    const started = performance.now();
    for (let i = 0; i < count; i++) work();
    return [(performance.now() - started) / 1000 / count];
  };
  const contenders: Contender[] = [
    { name: 'ours gradient', sample: repeated(() => kernel.advance(1)) },
    { name: 'ours product', result: 'reference', sample: repeated(() => operator.apply(vector, image)) },
    {
      name: 'ours, TypeScript gradient',
      sample: repeated(() => bound.lossAndGradient(parameters, problem.targets, gradient)),
    },
  ];
  for (const { name, peer } of peers) {
    const measure = (what: string) => async () => [await peer.call<number>('measure', { what, vector: wire(vector), count })];
    const answer = fromWire(await peer.call<WireArray>('product', { vector: wire(vector) }));
    contenders.push(
      { name: `${name} gradient`, sample: measure('gradient') },
      { name: `${name} product`, result: magnitude(largestDifference(answer, expected)), sample: measure('product') },
    );
  }
  const timings = await interleave(contenders, { rounds: quick ? 2 : 15, secondsEach: 20 });
  const by = new Map(timings.map((timing): [string, Timing] => [timing.name, timing]));
  const mine = by.get('ours product');
  report.table(
    ['who', 'gradient', 'product', 'product of gradient', 'product of ours', 'difference'],
    ['ours', 'ours, TypeScript', ...peers.map(({ name }) => name)].map((name) => {
      const first = by.get(`${name} gradient`);
      const second = by.get(`${name} product`);
      return [
        name,
        duration(first?.median ?? NaN),
        duration(second?.median ?? NaN),
        ratio((second?.median ?? NaN) / (first?.median ?? NaN)),
        ratio((second?.median ?? NaN) / (mine?.median ?? NaN)),
        second?.result ?? '',
      ];
    }),
  );
  for (const { name, failure } of timings) if (failure !== null) report.note(`${name} failed: ${failure}.`);
  const [own] = timings;
  if (mine) {
    report.text(
      `The limits of a product's arithmetic (numbers of an EPYC Zen 4 at 3.6 GHz): ${ofLimits(mine.best, hessianProductLimits(WIDTH, DIMENSION, COUNT))}. Ours does not spend the time on tanhs, which are kept from the gradient at the point.`,
    );
    report.goalBelow("product with the Hessian, of the kernels' gradient", mine.median / own.median, 2.5, ratio);
  }
}

const wire = (vector: Float64Array) => toWire(vector, vector.length);

function kernelSteps({ problem, bound, parameters }: Case): KernelTraining {
  const kernel = bound.kernelProblem?.();
  if (!kernel) throw new Error('two-layer networks have no kernel');
  return new KernelTraining(kernel, problem.targets, Float64Array.from(parameters), {
    optimizer: { kind: 'gradientDescent', learningRate: 1e-9 },
    stop: { trainLoss: 0, steps: Infinity, gradientNorm: 0 },
  });
}

async function eigenvalues(report: Report, { operator }: Case, peers: readonly NamedPeer[], quick: boolean): Promise<void> {
  report.section(
    `The ${TOP} largest eigenvalues`,
    `To a residual of ${TOLERANCE} of the largest; power iteration as PyHessian does it stops by its own rule at 1e-3. \`result\`: products with the Hessian, and the largest difference of the values to ours, relative to the largest.`,
  );
  let reference: Float64Array | undefined;
  const contenders: Contender[] = [
    {
      name: 'ours, thick-restart Lanczos',
      result: '',
      async sample() {
        const started = performance.now();
        const {
          pairs,
          products: count,
          converged,
        } = extremalEigenvalues(operator, { count: TOP, end: 'largest', tolerance: TOLERANCE });
        const seconds = (performance.now() - started) / 1000;
        reference = Float64Array.from(pairs, ({ value }) => value);
        this.result = `${count} products, ${converged ? 'converged' : 'NOT CONVERGED'}`;
        return [seconds];
      },
    },
  ];
  const solvers = peers.flatMap(({ name, peer }) => [
    { name: `SciPy eigsh on ${name}`, peer, solver: 'scipy' },
    ...(name === 'PyTorch'
      ? [
          { name: 'SciPy eigsh on curvlinops', peer, solver: 'curvlinops' },
          { name: 'PyTorch, power iteration as PyHessian', peer, solver: 'power' },
        ]
      : []),
  ]);
  for (const { name, peer, solver } of solvers) {
    contenders.push({
      name,
      result: '',
      async sample() {
        const answer = await peer.call<{ seconds: number; values: WireArray; products: number }>('top', {
          solver,
          count: TOP,
          tolerance: TOLERANCE,
        });
        const difference = reference ? largestDifference(fromWire(answer.values), reference) : NaN;
        this.result = `${answer.products} products, ${magnitude(difference)}`;
        return [answer.seconds];
      },
    });
  }
  report.timings(await interleave(contenders, { rounds: quick ? 1 : 7, secondsEach: quick ? 1 : 60 }), 'median', 'result');
}

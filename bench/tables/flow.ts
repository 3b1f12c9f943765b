import { fromWire, toWire, type WireArray } from '../harness/arrays';
import { digits, duration, magnitude, ratio } from '../harness/markdown';
import type { Report } from '../harness/report';
import { largestDifference, median } from '../harness/statistics';
import { integrateGradientFlow, type FlowStatistics } from '../../src/engine/flow/gradientFlow';
import { hessianLimits, networkStepLimits, ofLimits, operationLimits, together, type Limits } from './limits';
import { networkProblem, type NetworkProblem } from './networkProblem';
import { neuralSweep } from './neuralSweep';

const LOSS = 1e-20;
const RELATIVE = 1e-8;
const ABSOLUTE = 1e-11;
/** Flow times at which trajectories are compared. */
const TIMES = [1, 10, 100, 1000];

interface FlowAnswer {
  seconds: number;
  finished: boolean;
  loss: number;
  time: number;
  gradients: number | null;
  hessians: number | null;
  steps: number;
  /** Ours only. */
  statistics?: FlowStatistics;
  /** States at the first of TIMES, as many as were reached. */
  states: Float64Array;
}

interface FlowContender {
  name: string;
  run(): Promise<FlowAnswer>;
}

export async function flow(report: Report, quick: boolean): Promise<void> {
  const problem = networkProblem({ width: 20, dimension: 2, count: 100, seeds: 10, scale: 0.05 });
  const seconds = quick ? 3 : 60;
  report.section(
    'Two neurons learnt by twenty',
    `dθ/dt = −∇R for a two-layer tanh network of 20 neurons (80 parameters) on 100 values of a network of two, from scale 0.05 to loss 1e-20; one thread. Exact Hessians for all but diffrax, which takes Jacobians by JAX. A contender stops after ${seconds} s of its clock; diffrax cannot be stopped by a clock and gets a number of steps. \`difference\`: of the parameters to ours at flow times ${TIMES.join(', ')}, relative to the largest.`,
  );
  const contenders: FlowContender[] = [
    { name: `ours, rtol ${RELATIVE}, atol ${ABSOLUTE}`, run: async () => ours(problem, problem.starts[0]) },
  ];
  contenders.push(...(await peers(report, problem, seconds, quick)));
  const answers: FlowAnswer[][] = contenders.map(() => []);
  for (let round = 0; round < (quick ? 1 : 3); round++) {
    for (const [i, contender] of contenders.entries()) {
      // Who does not finish is not asked again.
      if (answers[i].some(({ finished }) => !finished)) continue;
      try {
        answers[i].push(await contender.run());
      } catch (error) {
        report.note(`${contender.name} failed: ${error instanceof Error ? error.message : String(error)}.`);
      }
    }
  }
  const [reference] = answers[0];
  report.table(
    ['who', 'median', 'of ours', 'gradients', 'Hessians', 'steps', 'flow time', 'loss', 'difference'],
    contenders.flatMap(({ name }, i) => (answers[i].length === 0 ? [] : [row(name, answers[i], answers[0], reference)])),
  );
  const { statistics } = answers[0][0];
  if (statistics) {
    const best = Math.min(...answers[0].map((answer) => answer.seconds));
    report.text(
      `The limits of the arithmetic of our evaluations, factorizations and solutions (numbers of an EPYC Zen 4 at 3.6 GHz): ${ofLimits(best, flowLimits(statistics, problem))}.`,
    );
  }
  // Counts vary by a factor of two from start to start: the goals are about the worst of ten.
  const starts = [reference, ...(quick ? [] : problem.starts.slice(1).map((start) => ours(problem, start)))];
  const overStarts = (field: (answer: FlowAnswer) => number) => Math.max(...starts.map(field));
  if (starts.length > 1) {
    report.text(
      `From ten starts we took ${starts.map(({ gradients, hessians, seconds }) => `${gradients} gradients, ${hessians} Hessians and ${duration(seconds)}`).join('; ')}. The goals are about the worst of them.`,
    );
  }
  report.goalBelow(
    'gradients to loss 1e-20',
    overStarts(({ gradients }) => gradients ?? NaN),
    15_000,
    String,
  );
  report.goalBelow(
    'Hessians to loss 1e-20',
    overStarts(({ hessians }) => hessians ?? NaN),
    2_500,
    String,
  );
  report.goalBelow(
    'time to loss 1e-20',
    overStarts((answer) => answer.seconds),
    4,
    duration,
  );
  await neuralSweep(report, quick);
}

function row(name: string, answers: readonly FlowAnswer[], mine: readonly FlowAnswer[], reference: FlowAnswer): string[] {
  const [first] = answers;
  const seconds = median(answers.map((answer) => answer.seconds));
  const states = first.states.length;
  return [
    name,
    `${first.finished ? '' : 'stopped at '}${duration(seconds)}`,
    first.finished ? ratio(seconds / median(mine.map((answer) => answer.seconds))) : '–',
    first.gradients === null ? '–' : digits(first.gradients, 5),
    first.hessians === null ? '–' : digits(first.hessians, 5),
    digits(first.steps, 5),
    first.time.toExponential(1),
    first.loss.toExponential(1),
    states === 0 ? '–' : magnitude(largestDifference(first.states, reference.states.subarray(0, states))),
  ];
}

function ours({ model, inputs, targets }: NetworkProblem, start: Float64Array): FlowAnswer {
  const bound = model.bind(inputs);
  const started = performance.now();
  const result = integrateGradientFlow(bound, targets, start, {
    stop: { trainLoss: LOSS, steps: 200_000 },
    relativeTolerance: RELATIVE,
    absoluteTolerance: ABSOLUTE,
  });
  const seconds = (performance.now() - started) / 1000;
  const { statistics, trajectory, loss, time } = result;
  const size = model.parameterCount;
  const reached = TIMES.filter((at) => at <= trajectory.end);
  const states = new Float64Array(reached.length * size);
  reached.forEach((at, i) => trajectory.at(at, states.subarray(i * size, (i + 1) * size)));
  const { gradients, hessians, steps } = statistics;
  return { seconds, finished: loss < LOSS, loss, time, gradients, hessians, steps, states, statistics };
}

/** Gradients, losses as half of them, Hessians, Cholesky factors (P³/3) and solutions (2P²), as counted. */
function flowLimits(
  { gradients, losses, hessians, factorizations, newtonIterations }: FlowStatistics,
  problem: NetworkProblem,
): Limits {
  const { width, inputs } = problem;
  const parameters = width * (inputs.dimension + 2);
  return together(
    { times: gradients + losses / 2, limits: networkStepLimits(width, inputs.dimension, inputs.count) },
    { times: hessians, limits: hessianLimits(width, inputs.dimension, inputs.count) },
    { times: factorizations, limits: operationLimits(parameters ** 3 / 3) },
    { times: newtonIterations, limits: operationLimits(2 * parameters ** 2) },
  );
}

async function peers(report: Report, problem: NetworkProblem, seconds: number, quick: boolean): Promise<FlowContender[]> {
  const { inputs, targets, starts, width } = problem;
  const shared = {
    x: toWire(inputs.values, inputs.count, inputs.dimension),
    y: toWire(targets, inputs.count),
    start: toWire(starts[0], starts[0].length),
    width,
    loss: LOSS,
  };
  const contenders: FlowContender[] = [];
  const scipy = await report.peer('flow_scipy', { python: 'science', threads: 1 });
  if (scipy) {
    for (const [method, rtol, atol] of [
      ['LSODA', RELATIVE, ABSOLUTE],
      ['BDF', 1e-6, 1e-9],
      ['Radau', 1e-6, 1e-9],
    ] as const) {
      const request = { ...shared, method, rtol, atol, times: TIMES, seconds };
      contenders.push({ name: `SciPy ${method}, rtol ${rtol}, atol ${atol}`, run: () => ask(scipy, request) });
    }
  }
  const diffrax = await report.peer('flow_diffrax', { python: 'science', threads: 1 });
  if (diffrax) {
    const request = { ...shared, rtol: 1e-6, atol: 1e-9, end: 1e17, steps: quick ? 500 : 50_000 };
    contenders.push({ name: 'diffrax Kvaerno5, rtol 0.000001, atol 1e-9', run: () => ask(diffrax, request) });
  }
  return contenders;
}

async function ask(
  peer: { call<T>(call: string, request: Record<string, unknown>): Promise<T> },
  request: Record<string, unknown>,
) {
  const answer = await peer.call<Omit<FlowAnswer, 'states'> & { states: WireArray }>('run', request);
  return { ...answer, states: fromWire(answer.states) };
}

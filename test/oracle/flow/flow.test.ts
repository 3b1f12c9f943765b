import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { BdfIntegrator } from '../../../src/engine/flow/bdfIntegrator';
import { DenseNewton } from '../../../src/engine/flow/denseNewton';
import { integrateGradientFlow } from '../../../src/engine/flow/gradientFlow';
import type { StiffSystem } from '../../../src/engine/flow/stiffSystem';
import { createModel } from '../../../src/engine/models/registry';
import recorded from './reference.json';
import { robertson, vanDerPol } from '../../unit/flow/stiffProblems';

const SCRIPT = path.join(__dirname, 'reference.py');
const python = ['/usr/bin/python3', 'python3'].find((command) => spawnSync(command, ['-c', 'import scipy']).status === 0);

type Reference = typeof recorded;

function largestDifference(a: Float64Array | number[], b: number[]): number {
  return b.reduce((largest, value, i) => Math.max(largest, Math.abs(a[i] - value)), 0);
}

function compareFlows(reference: Reference): void {
  const { matrix, network } = reference;
  const matrixModel = createModel({
    kind: 'matrixFactorization',
    rows: matrix.rows,
    columns: matrix.columns,
    inner: matrix.inner,
  });
  const networkModel = createModel({
    kind: 'twoLayer',
    activation: 'tanh',
    inputs: 2,
    width: network.width,
    hiddenBias: true,
    outputBias: false,
  });
  const cases = [
    { model: matrixModel, inputs: matrix.entries, targets: matrix.target, ...matrix },
    { model: networkModel, ...network },
  ];
  for (const { model, inputs, targets, start, times, states } of cases) {
    const bound = model.bind({ count: inputs.length, dimension: 2, values: Float64Array.from(inputs.flat()) });
    const end = times[times.length - 1];
    for (const solver of ['dense', 'krylov'] as const) {
      const flow = integrateGradientFlow(bound, Float64Array.from(targets), Float64Array.from(start), {
        stop: { time: end },
        solver,
      });
      expect(flow.stopReason).toBe('time');
      expect(flow.time).toBe(end);
      const state = new Float64Array(start.length);
      times.forEach((time, k) => {
        flow.trajectory.at(time, state);
        expect(largestDifference(state, states[k]), `${solver}, time ${time}`).toBeLessThan(2e-6);
      });
    }
  }
}

function compareStiff(
  system: StiffSystem & { jacobian: ConstructorParameters<typeof DenseNewton>[1] },
  start: number[],
  reference: Reference['robertson'],
): void {
  const end = reference.times[reference.times.length - 1];
  const integrator = new BdfIntegrator(system, new DenseNewton(system.dimension, system.jacobian), 0, Float64Array.from(start), {
    relativeTolerance: 1e-10,
    absoluteTolerance: 1e-14,
    stopTime: end,
  });
  const state = new Float64Array(system.dimension);
  let next = 0;
  while (integrator.time < end) {
    expect(integrator.step()).toBeNull();
    for (; next < reference.times.length && reference.times[next] <= integrator.time; next++) {
      integrator.interpolate(reference.times[next], state);
      for (let i = 0; i < state.length; i++) {
        const truth = reference.states[next][i];
        expect(Math.abs(state[i] - truth), `time ${reference.times[next]}, component ${i}`).toBeLessThan(
          3e-7 * Math.abs(truth) + 1e-12,
        );
      }
    }
  }
  expect(next).toBe(reference.times.length);
}

describe('flows against SciPy', () => {
  it('follow the recorded solutions of matrix factorization and a network, dense and Krylov', () => compareFlows(recorded));

  it('solves the Robertson and van der Pol problems as recorded', () => {
    compareStiff(robertson, [1, 0, 0], recorded.robertson);
    compareStiff(vanDerPol(recorded.vanDerPol.mu), [2, 0], recorded.vanDerPol);
  });

  it.skipIf(python === undefined)('the script still gives what is recorded', { timeout: 180_000 }, () => {
    const run = spawnSync(python!, [SCRIPT], { encoding: 'utf8' });
    expect(run.stderr).toBe('');
    const live = JSON.parse(run.stdout) as Reference;
    for (const kind of ['matrix', 'network', 'robertson', 'vanDerPol'] as const) {
      live[kind].states.forEach((state, k) =>
        expect(largestDifference(state, recorded[kind].states[k]), kind).toBeLessThan(1e-9),
      );
    }
  });
});

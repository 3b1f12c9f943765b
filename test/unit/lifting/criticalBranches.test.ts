import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ResolvedTwoLayer } from '../../../src/experiment/resolved';
import { classify } from '../../../src/engine/lifting/classification';
import { CRITICAL, trainToCriticalPoint } from '../../../src/engine/lifting/criticalPoint';
import { FreeNeuronConstraint } from '../../../src/engine/lifting/freeNeurons';
import { layersOf, parametersOfLayers, withWidths } from '../../../src/engine/lifting/layers';
import { saddleCertificate } from '../../../src/engine/lifting/saddleCertificate';
import { norm, SquaredLoss } from '../../../src/engine/lifting/squaredLoss';
import { symmetricEigen } from '../../../src/engine/linalg/symmetricEigen';
import { activationFunction } from '../../../src/engine/models/activation';
import { createModel } from '../../../src/engine/models/registry';
import { randomStream } from '../../../src/engine/random/stream';
import { noisyData } from './support';

// "Geometry of critical sets and existence of saddle branches" (arXiv 2405.17501): branches C^{r,l} of two-layer networks of width m with r
// effective features and l neurons without output weights.

/** Networks of width r with a critical point that is no degenerate one, the data, and the shape of a branch. */
const branches = fc.record({
  activation: fc.constantFrom('tanh' as const, 'sigmoid' as const, 'exp' as const),
  hiddenBias: fc.boolean(),
  r: fc.integer({ min: 1, max: 2 }),
  copies: fc.integer({ min: 0, max: 2 }),
  l: fc.integer({ min: 0, max: 2 }),
  seed: fc.integer({ min: 1, max: 12 }),
});
type Branch = typeof branches extends fc.Arbitrary<infer T> ? T : never;

const points = new Map<string, ReturnType<typeof trainedPoint>>();

/** Null where training ends at no critical point, or at a degenerate one. */
function criticalPoint(branch: Branch): ReturnType<typeof trainedPoint> {
  const key = [branch.activation, branch.hiddenBias, branch.r, branch.seed].join();
  if (!points.has(key)) points.set(key, trainedPoint(branch));
  return points.get(key)!;
}

function trainedPoint({ activation, hiddenBias, r, seed }: Branch) {
  const narrow: ResolvedTwoLayer = { kind: 'twoLayer', activation, inputs: 2, width: r, hiddenBias, outputBias: false };
  const data = noisyData(seed, 14);
  const loss = new SquaredLoss(createModel(narrow), data);
  const training = trainToCriticalPoint(loss, seed, 1, 300);
  let step = training.next();
  while (!step.done) step = training.next();
  const { parameters, relativeGradient } = step.value;
  if (relativeGradient >= CRITICAL || norm(parameters) > 8) return null;
  const { curvature } = classify(loss, parameters);
  const neurons = layersOf(narrow, parameters);
  const isDull = neurons.at(-1)!.weights[0].some((weight) => Math.abs(weight) < 0.05);
  const isDegenerate =
    !curvature ||
    curvature.zero > 0 ||
    symmetricEigen(loss.hessian(parameters)).values.some((value) => Math.abs(value) < 1e-5 * curvature.largest);
  return isDull || isDegenerate ? null : { narrow, data, loss, parameters };
}

/** A random point of C^{r,l} over the narrow point; null where no input weights without influence are found. */
function branchPoint({ activation, hiddenBias, r, copies, l, seed }: Branch, at: NonNullable<ReturnType<typeof criticalPoint>>) {
  const { narrow, data, loss, parameters } = at;
  const wide = withWidths(narrow, [r + copies + l]);
  const [hidden, output] = layersOf(narrow, parameters);
  const stream = randomStream(seed, 'test', 'branch');
  const [weights, biases, outputs] = [[...hidden.weights], [...(hidden.biases ?? [])], [...output.weights[0]]];
  for (let k = 0; k < copies; k++) {
    const owner = stream.integer(r);
    const part = outputs[owner] * (0.3 + 0.4 * stream.uniform());
    outputs[owner] -= part;
    weights.push(hidden.weights[owner]);
    biases.push(hidden.biases?.[owner] ?? 0);
    outputs.push(part);
  }
  const residuals = loss.residuals(parameters);
  const lifting = { narrow, wide, parameters };
  const constraint = new FreeNeuronConstraint(data.inputs.values, data.inputs.count, residuals, hiddenBias, lifting);
  for (let k = 0; k < l; k++) {
    const found = Array.from({ length: 20 })
      .map(() => constraint.solve(Float64Array.from({ length: constraint.unknowns }, () => stream.normal())))
      .find((each) => each && norm(each) < 5 && constraint.dimension(each) !== null && slopeOf(each) > 1e-2);
    if (!found) return null;
    weights.push([...found.subarray(0, 2)]);
    biases.push(found[2]);
    outputs.push(0);
  }
  const layers = [
    { weights, biases: hiddenBias ? biases : null },
    { weights: [outputs], biases: null },
  ];
  return { wide, loss: new SquaredLoss(createModel(wide), data), parameters: parametersOfLayers(wide, layers), constraint };

  /** |∇g| over its scale, from σ′ alone. */
  function slopeOf(w: Float64Array): number {
    const sigma = activationFunction(activation);
    const sums = new Float64Array(w.length);
    let scale = 0;
    for (let i = 0; i < data.inputs.count; i++) {
      const x = [...data.inputs.values.subarray(2 * i, 2 * i + 2), ...(hiddenBias ? [1] : [])];
      const slope = residuals[i] * sigma.first(x.reduce((z, value, j) => z + value * w[j], 0));
      x.forEach((value, j) => (sums[j] += slope * value));
      scale += Math.abs(slope);
    }
    return norm(sums) / scale;
  }
}

describe('branches C^{r,l} of critical points', () => {
  it('have fibres R^(m−l−r) × M^l with dim M = d − 1: the kernel of the Hessian is as large', () => {
    const seen = new Map<string, number>();
    fc.assert(
      fc.property(branches, (branch) => {
        const at = criticalPoint(branch);
        const point = at && branchPoint(branch, at);
        if (!point) return;
        const { loss, parameters } = point;
        expect(loss.relativeGradient(parameters)).toBeLessThan(1e-11);
        expect(loss.value(parameters)).toBeCloseTo(at.loss.value(at.parameters), 10);
        const { values } = symmetricEigen(loss.hessian(parameters));
        const largest = Math.max(...values.map(Math.abs));
        const below = (cut: number) => values.filter((value) => Math.abs(value) < cut * largest).length;
        if (below(1e-11) !== below(1e-7)) return;
        const unknowns = branch.hiddenBias ? 3 : 2;
        expect(below(1e-9), JSON.stringify(branch)).toBe(branch.copies + branch.l * (unknowns - 1));
        const key = `${branch.copies},${branch.l}`;
        seen.set(key, (seen.get(key) ?? 0) + 1);
      }),
      { numRuns: 150 },
    );
    for (const shape of ['0,0', '2,0', '0,1', '1,1', '1,2']) expect(seen.get(shape), shape).toBeGreaterThan(2);
  });

  it('with l > 0 are saddles at every point', () => {
    let saddles = 0;
    fc.assert(
      fc.property(branches, (branch) => {
        const at = criticalPoint(branch);
        const point = at && branchPoint(branch, at);
        if (!point || branch.l === 0) return;
        const { classification } = classify(point.loss, point.parameters);
        expect(classification).toBe('strictSaddle');
        saddles++;
      }),
      { numRuns: 100 },
    );
    expect(saddles).toBeGreaterThan(8);
  });

  it('with l = 0 and r < m reach a saddle of the same function along a straight line of critical points', () => {
    let reached = 0;
    fc.assert(
      fc.property(branches, (drawn) => {
        const branch = { ...drawn, copies: 1 + (drawn.copies % 2), l: 0 };
        const at = criticalPoint(branch);
        const point = at && branchPoint(branch, at);
        if (!point) return;
        const layers = layersOf(point.wide, point.parameters);
        const [row] = layers[1].weights;
        const owner = layers[0].weights.findIndex((weights) => weights[0] === layers[0].weights[branch.r][0]);
        const part = row[branch.r];
        const along = (s: number) => {
          const weights = row.map((a, k) => a + (k === owner ? s * part : k === branch.r ? -s * part : 0));
          if (s === 1) weights[branch.r] = 0;
          return parametersOfLayers(point.wide, [layers[0], { weights: [weights], biases: null }]);
        };
        for (const s of [0, 0.25, 0.5, 0.75, 1]) {
          expect(point.loss.relativeGradient(along(s))).toBeLessThan(1e-11);
          expect(point.loss.value(along(s))).toBeCloseTo(point.loss.value(point.parameters), 10);
        }
        const { classification } = classify(point.loss, along(1));
        const isSaddle = classification === 'strictSaddle' || classification === 'degenerateSaddle';
        if (!isSaddle) expect(saddleCertificate(point.wide, point.loss, along(1)), classification).not.toBeNull();
        reached++;
      }),
      { numRuns: 60 },
    );
    expect(reached).toBeGreaterThan(8);
  });

  it('hold strict saddles: a copy with output weight between 0 and −uᵀBu / |√A u|² curves downwards along u', () => {
    let strict = 0;
    fc.assert(
      fc.property(branches, fc.double({ min: 0.1, max: 0.9, noNaN: true }), (branch, fraction) => {
        const at = criticalPoint({ ...branch, copies: 0, l: 0 });
        if (!at) return;
        const { narrow, data, parameters } = at;
        const stream = randomStream(branch.seed, 'test', 'strict');
        const [hidden, output] = layersOf(narrow, parameters);
        const j = stream.integer(branch.r);
        const u = Array.from({ length: branch.hiddenBias ? 3 : 2 }, () => stream.normal());
        // uᵀBu with B = Σ e_i σ″(w′·x_i) x_i x_iᵀ, and |√A u|² with A = Σ σ′(w′·x_i)² x_i x_iᵀ.
        const sigma = activationFunction(branch.activation);
        const residuals = at.loss.residuals(parameters);
        let [bend, length] = [0, 0];
        for (let i = 0; i < data.inputs.count; i++) {
          const x = [...data.inputs.values.subarray(2 * i, 2 * i + 2), 1];
          const z = [...hidden.weights[j], hidden.biases?.[j] ?? 0].reduce((sum, w, k) => sum + w * x[k], 0);
          const along = u.reduce((sum, value, k) => sum + value * x[k], 0);
          bend += residuals[i] * sigma.second(z) * along * along;
          length += (sigma.first(z) * along) ** 2;
        }
        const a = (-fraction * bend) / length;
        if (Math.abs(a) < 1e-2 || Math.abs(a) > 20) return;
        const wide = withWidths(narrow, [branch.r + 1]);
        const outputs = output.weights[0].map((weight, k) => (k === j ? weight - a : weight));
        const lifted = parametersOfLayers(wide, [
          { weights: [...hidden.weights, hidden.weights[j]], biases: hidden.biases && [...hidden.biases, hidden.biases[j]] },
          { weights: [[...outputs, a]], biases: null },
        ]);
        const loss = new SquaredLoss(createModel(wide), data);
        // The direction that moves the copy's input weights alone.
        const direction = parametersOfLayers(wide, [
          {
            weights: [...hidden.weights.map(() => [0, 0]), u.slice(0, 2)],
            biases: hidden.biases && [...hidden.biases.map(() => 0), u[2]],
          },
          { weights: [[...outputs.map(() => 0), 0]], biases: null },
        ]);
        const { values, columns } = loss.hessian(lifted);
        const curvature = direction.reduce(
          (sum, v, p) => sum + v * direction.reduce((inner, w, q) => inner + w * values[p * columns + q], 0),
          0,
        );
        const expected = 2 * a * (a * length + bend);
        expect(expected).toBeLessThan(0);
        expect(Math.abs(curvature - expected)).toBeLessThan(1e-9 * 2 * a * a * length);
        expect(classify(loss, lifted).classification).toBe('strictSaddle');
        strict++;
      }),
      { numRuns: 150 },
    );
    expect(strict).toBeGreaterThan(8);
  });
});

import { targetRows } from '../kernels/loadLayers';
import type { MemoryLayout } from '../kernels/memoryLayout';
import type { DiagonalProblem } from '../kernels/problem';
import type { CurvatureProgram, Levels } from './curvatureProgram';
import type { PassesInMemory } from './passes';

/** Numbers of all buffers of a diagonal model. */
export function diagonalNumbers({ inputs, depth, count }: DiagonalProblem): number {
  return (count + 1) * (inputs + 8) + (inputs + 1) * (6 * (depth + 1) + 3);
}

/** A diagonal model around a point: f = Xᵀc, with the coefficients c from products of factors. */
export function diagonalInMemory(
  { inputs, depth, count, features }: DiagonalProblem,
  targets: Float64Array,
  layout: MemoryLayout,
  numbers: (at: number, count: number) => Float64Array,
): PassesInMemory {
  const n = count + (count & 1);
  const d = inputs + (inputs & 1);
  const row = () => layout.float64(n);
  const [values, residuals, tangentValues, tangentSeeds] = [row(), row(), row(), row()];
  const [trainedValues, evaluatedSeeds, otherSeeds, mask] = [row(), row(), row(), row()];
  const featuresAt = layout.float64(inputs * n);
  const [projected, tangentProjected, trainedProjected] = [0, 0, 0].map(() => layout.float64(d));
  const levels = (): Levels => {
    const [before, behind] = [0, 0].map(() => layout.float64((depth + 1) * d));
    return { depth, inputs, before, behind };
  };
  const [point, tangents, trained] = [levels(), levels(), levels()];

  /** f from the coefficients, Xᵀc. */
  const apply = (program: CurvatureProgram, { before }: Levels, output: number): void =>
    program.inMemory(() =>
      program.combine({
        rows: 1,
        inner: inputs,
        columns: n,
        weights: before / 8 + depth * d,
        rowStep: 0,
        innerStep: 1,
        biases: -1,
        biasStep: 0,
        input: featuresAt,
        output,
        outputStep: n,
        finish: { mode: 'plain' },
      }),
    );
  /** Gradient by the coefficients, X·u. */
  const project = (program: CurvatureProgram, u: number, out: number): void =>
    program.inMemory(() =>
      program.project({ rows: 1, inner: inputs, columns: n, gradient: out / 8, gradientStep: 0, u, uStep: n, input: featuresAt }),
    );

  return {
    activation: { number: 0, shift: 0 },
    targets: targetRows(targets, count, n),
    passes: {
      seedCount: n,
      evaluatedSeeds,
      tangentSeeds,
      otherSeeds,
      linearize(program) {
        program.levels(point);
        apply(program, point, values);
        program.squaredError(count, n, 1, values, residuals, mask);
        project(program, residuals, projected);
      },
      gradient(program) {
        program.pullBackLevels(point, projected);
      },
      tangents(program) {
        program.levelTangents(point, tangents);
        apply(program, tangents, tangentValues);
      },
      seeds(program, out, other) {
        program.seeds(count, 1, n, tangentValues, mask, out, other);
      },
      pullTangents(program, curved, add) {
        project(program, tangentSeeds, tangentProjected);
        program.pullBackLevels(point, tangentProjected, add);
        if (curved) program.bendLevels(point, tangents, projected);
      },
      evaluate(program) {
        program.levels(trained);
        apply(program, trained, trainedValues);
        program.squaredError(count, n, 1, trainedValues, evaluatedSeeds, mask);
      },
      pullBack(program, seeds) {
        project(program, seeds, trainedProjected);
        program.pullBackLevels(trained, trainedProjected);
      },
    },
    fill() {
      const rows = numbers(featuresAt, inputs * n).fill(0);
      for (let j = 0; j < inputs; j++) rows.set(features.subarray(j * count, (j + 1) * count), j * n);
      numbers(mask, n).fill(0).fill(1, 0, count);
    },
    readResiduals(out) {
      const f = numbers(values, count);
      for (let s = 0; s < count; s++) out[s] = f[s] - targets[s];
    },
  };
}

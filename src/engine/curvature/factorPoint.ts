import {
  applyFactor,
  factorGradient,
  multiplyFactors,
  projectFactor,
  pullBackFactor,
  type FactorChain,
} from '../kernels/factorPasses';
import type { MemoryLayout } from '../kernels/memoryLayout';
import type { DeepFactorizationProblem } from '../kernels/problem';
import type { PassesInMemory } from './passes';

/** Numbers of all buffers of a product of matrices. */
export function factorNumbers({ factors, rowOf }: DeepFactorizationProblem): number {
  const n = factors[0].columns + (factors[0].columns & 1);
  return n * factors.reduce((sum, { rows }) => sum + 7 * rows, 0) + rowOf.length;
}

/** A product of matrices around a point: as in layerPoint.ts with σ the identity, and columns of the product for samples. */
export function factorsInMemory(
  { factors, rowOf, columnOf }: DeepFactorizationProblem,
  targets: Float64Array,
  layout: MemoryLayout,
  numbers: (at: number, count: number) => Float64Array,
): PassesInMemory {
  const count = rowOf.length;
  const { columns } = factors[0];
  const n = columns + (columns & 1);
  const last = factors.length - 1;
  const { rows } = factors[last];
  const chain: FactorChain = { factors, columns, n };
  const all = () => factors.map((factor) => layout.float64(factor.rows * n));
  const [right, gradients, tangents, gradientTangents, trained, trainedGradients] = [all(), all(), all(), all(), all(), all()];
  const otherSeeds = layout.float64(rows * n);
  const evaluatedSeeds = layout.float64(rows * n);
  const [rowsAt, columnsAt] = [layout.int32(count), layout.int32(count)];

  return {
    activation: { number: 0, shift: 0 },
    targets,
    passes: {
      seedCount: rows * n,
      evaluatedSeeds,
      tangentSeeds: gradientTangents[last],
      otherSeeds,
      linearize(program) {
        multiplyFactors(program, chain, right);
        program.entryError(count, rows, n, right[last], gradients[last], rowsAt, columnsAt);
        for (let l = last; l > 0; l--) pullBackFactor(program, chain, l, gradients[l], gradients[l - 1]);
      },
      gradient(program) {
        for (let l = last; l > 0; l--) projectFactor(program, chain, l, gradients[l], right[l - 1]);
        program.copyToGradient(factors[0].rows, columns, n, gradients[0], factors[0].offset);
      },
      tangents(program) {
        program.along(() => program.copyParameters(factors[0].rows, columns, n, factors[0].offset, tangents[0]));
        for (let l = 1; l <= last; l++) {
          program.along(() => applyFactor(program, chain, l, right[l - 1], tangents[l]));
          applyFactor(program, chain, l, tangents[l - 1], tangents[l], true);
        }
      },
      seeds(program, out, other) {
        program.entrySeeds({ count, rows, padded: n, matrix: tangents[last], out, other, rowOf: rowsAt, columnOf: columnsAt });
      },
      pullTangents(program, curved, add) {
        for (let l = last; l > 0; l--) {
          const du = gradientTangents[l];
          projectFactor(program, chain, l, du, right[l - 1], add);
          pullBackFactor(program, chain, l, du, gradientTangents[l - 1]);
          if (!curved) continue;
          projectFactor(program, chain, l, gradients[l], tangents[l - 1], true);
          program.along(() => pullBackFactor(program, chain, l, gradients[l], gradientTangents[l - 1], true));
        }
        program.copyToGradient(factors[0].rows, columns, n, gradientTangents[0], factors[0].offset, add);
      },
      evaluate(program) {
        multiplyFactors(program, chain, trained);
        program.entryError(count, rows, n, trained[last], evaluatedSeeds, rowsAt, columnsAt);
      },
      pullBack(program, seeds) {
        factorGradient(program, chain, trained, trainedGradients, seeds);
      },
    },
    fill() {
      new Int32Array(numbers(0, 0).buffer, rowsAt, count).set(rowOf);
      new Int32Array(numbers(0, 0).buffer, columnsAt, count).set(columnOf);
    },
    readResiduals(out) {
      const matrix = numbers(right[last], rows * n);
      for (let s = 0; s < count; s++) out[s] = matrix[rowOf[s] * n + columnOf[s]] - targets[s];
    },
  };
}

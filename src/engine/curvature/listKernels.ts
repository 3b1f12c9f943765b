import type { MemoryLayout } from '../kernels/memoryLayout';
import type { CurvatureExports } from './curvatureInstance';
import { CurvatureProgram } from './curvatureProgram';
import type { PassesInMemory } from './passes';
import type { PointKernels } from './pointKernels';

export type ListKernelExports = Pick<CurvatureExports, 'memory' | 'getHeapBase' | 'setProgram' | 'runProducts'>;

/** The loss of a family that is written as lists of operations. */
export function listKernels(
  kernels: ListKernelExports,
  layout: MemoryLayout,
  { passes, activation, targets, fill, readResiduals }: PassesInMemory,
): PointKernels {
  const targetsAt = layout.float64(targets.length);
  const list = (write: (program: CurvatureProgram) => void) => {
    const program = new CurvatureProgram();
    write(program);
    const encoded = program.encode();
    const at = layout.int32(encoded.length);
    new Int32Array(kernels.memory.buffer, at, encoded.length).set(encoded);
    return (point: number, direction: number, out: number): number =>
      kernels.runProducts(at, program.length, point, direction, out, targetsAt, activation.number, activation.shift);
  };
  const { evaluatedSeeds, otherSeeds, tangentSeeds, seedCount } = passes;
  const linearize = list((program) => passes.linearize(program));
  const gradient = list((program) => passes.gradient(program));
  const [curvedProduct, gaussNewton] = [true, false].map((curved) =>
    list((program) => {
      passes.tangents(program, curved);
      passes.seeds(program, tangentSeeds, 0);
      passes.pullTangents(program, curved, false);
    }),
  );
  const evaluate = list((program) => passes.evaluate(program));
  const evaluateAndPullBack = list((program) => {
    passes.evaluate(program);
    passes.pullBack(program, evaluatedSeeds);
  });
  // r̂ = r_last + J₀·increment; then the new residuals, Jᵀr̂ there and J₀ᵀ(r − r̂).
  const expect = list((program) => {
    passes.tangents(program, false);
    passes.seeds(program, otherSeeds, evaluatedSeeds);
  });
  const meet = list((program) => {
    passes.evaluate(program);
    passes.pullBack(program, otherSeeds);
    program.difference(seedCount, evaluatedSeeds, otherSeeds, tangentSeeds);
  });
  const pullMismatch = list((program) => passes.pullTangents(program, false, true));

  kernels.setProgram(0, 0, activation.number, activation.shift);
  new Float64Array(kernels.memory.buffer, targetsAt, targets.length).set(targets);
  fill();
  return {
    linearize: (point) => linearize(point, 0, 0),
    gradient: (point, out) => void gradient(point, 0, out),
    product: (point, direction, out, curved) => void (curved ? curvedProduct : gaussNewton)(point, direction, out),
    readResiduals,
    loss: (parameters) => evaluate(parameters, 0, 0),
    lossAndGradient: (parameters, out) => evaluateAndPullBack(parameters, 0, out),
    iterationGradient(point, parameters, increment, out) {
      expect(point, increment, 0);
      meet(parameters, 0, out);
      pullMismatch(point, 0, out);
    },
  };
}

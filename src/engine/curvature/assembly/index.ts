// What the host calls to look at the loss around a point: it lays out memory, writes parameters and directions into it and reads
// the results from there. An instance serves one problem at a time.

export {
  anchorTwoLayer,
  gradientTwoLayer,
  hessianTwoLayer,
  iterationGradientTwoLayer,
  jacobianTwoLayer,
  linearizeTwoLayer,
  lossAndGradientTwoLayer,
  productTwoLayer,
  reachTwoLayer,
  residualsTwoLayer,
  setTwoLayer,
  settleTwoLayer,
  settledTwoLayer,
} from './twoLayer';

export { runProducts, setProgram } from './program';

export { setTape } from '../../kernels/assembly/tape';
export {
  evaluateTape,
  gradientTape,
  iterationGradientTape,
  linearizeTape,
  lossAndGradientTape,
  productTape,
  setTapePoint,
} from './tape';

/** First byte that the module's own data do not use. */
export function getHeapBase(): usize {
  return __heap_base;
}

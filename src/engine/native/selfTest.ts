import { KernelTraining } from '../kernels/kernelTraining';
import { KERNEL_ACTIVATIONS, type TwoLayerProblem } from '../kernels/problem';
import { randomStream } from '../random/stream';
import type { StepRules } from '../training/train';
import type { NativeAddon } from './addon';
import { NativeTraining } from './nativeTraining';

const STOP = { trainLoss: 0, steps: 4, gradientNorm: 0 };

/** Whether the native kernels give the bits of the WebAssembly kernels on some small networks of every kind; takes 1 ms. */
export function passesSelfTest(addon: NativeAddon): boolean {
  return KERNEL_ACTIVATIONS.every((activation, i) => {
    const [width, dimension, count] = [1 + i, 1 + ((3 * i) % 7), 9 + i];
    const stream = randomStream(1, 'selfTest', i);
    const normal = (length: number, scale: number) => {
      const values = new Float64Array(length);
      stream.fillNormal(values, scale);
      return values;
    };
    const problem: TwoLayerProblem = {
      family: 'twoLayer',
      activation,
      shift: activation === 'shiftedTanh' ? 0.3 : 0,
      width,
      dimension,
      count,
      features: normal(dimension * count, 1),
      hiddenBias: i % 2 === 0,
      outputBias: i % 3 === 0,
    };
    const targets = normal(count, 1);
    const parameters = normal(width * (dimension + 1 + (i % 2 === 0 ? 1 : 0)) + (i % 3 === 0 ? 1 : 0), 0.5);
    const rules: StepRules = { optimizer: { kind: i % 2 === 0 ? 'gradientDescent' : 'adam', learningRate: 0.05 }, stop: STOP };
    const expected = new KernelTraining(problem, targets, parameters.slice(), rules);
    expected.advance(Infinity);
    return addon.variants.every((_, variant) => {
      const training = new NativeTraining(addon, problem, targets, parameters.slice(), rules, variant);
      training.advance(Infinity);
      return (
        Object.is(training.loss, expected.loss) &&
        training.parameters.every((value, at) => Object.is(value, expected.parameters[at]))
      );
    });
  });
}

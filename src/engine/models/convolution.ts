import type { ResolvedConvolution } from '../../experiment/resolved';
import { convolutionShapeOf } from '../../experiment/sizes';
import { BoundLayers } from './layers/boundLayers';
import { denseLayer, type Layer, type LayeredNetwork } from './layers/layered';
import type { Inputs, Model, ParameterBlock } from './model';

/** Where the parts of a convolution stand in its parameter vector; `biases` is −1 without hidden biases. */
export interface ConvolutionOffsets {
  readonly outputWeights: number;
  readonly weights: number;
  readonly biases: number;
  readonly parameterCount: number;
}

/**
 * Order of the parameters: output weights a [m × P], kernels K [m × s] (without sharing [m × P × s]), hidden biases b [m]
 * (without sharing [m × P]). P counts the positions, row by row; a kernel of two dimensions is s × s, row by row.
 */
export function convolutionOffsets(config: ResolvedConvolution): ConvolutionOffsets {
  const { positions, weights: s } = convolutionShapeOf(config);
  const neurons = config.kernels * (config.sharing ? 1 : positions);
  const weights = config.kernels * positions;
  const afterWeights = weights + neurons * s;
  return {
    outputWeights: 0,
    weights,
    biases: config.hiddenBias ? afterWeights : -1,
    parameterCount: afterWeights + (config.hiddenBias ? neurons : 0),
  };
}

/** Place in the input of every weight of a kernel at every position, P × s. */
export function windowIndices(config: Pick<ResolvedConvolution, 'inputs' | 'kernel'>): Int32Array {
  const { image, window, positions, weights } = convolutionShapeOf(config);
  const indices = new Int32Array(positions * weights);
  let to = 0;
  for (let row = 0; row + window[0] <= image[0]; row++) {
    for (let column = 0; column + window[1] <= image[1]; column++) {
      for (let i = 0; i < window[0]; i++) {
        for (let j = 0; j < window[1]; j++) indices[to++] = (row + i) * image[1] + column + j;
      }
    }
  }
  return indices;
}

/**
 * f(x) = Σ_k Σ_p a_kp σ(Σ_t K_kt x_(p+t) + b_k), stride 1, no padding, kernels not flipped. Without sharing K and b depend on p
 * too. What the kernels see is laid out position by position, so that the first layer is a product of matrices; its output,
 * kernel by kernel and position by position, is what the output weights see.
 */
export function convolution(config: ResolvedConvolution): Model {
  const { image, window, inputs, positions, weights: s } = convolutionShapeOf(config);
  const offsets = convolutionOffsets(config);
  const { kernels: m, sharing } = config;
  const indices = windowIndices(config);
  const kernelShape = typeof config.inputs === 'number' ? [s] : [...window];
  const positionShape = typeof config.inputs === 'number' ? [positions] : image.map((side, axis) => side + 1 - window[axis]);
  const layout: ParameterBlock[] = [
    { name: 'outputWeights', offset: offsets.outputWeights, shape: [m, ...positionShape] },
    { name: 'kernels', offset: offsets.weights, shape: [m, ...(sharing ? [] : positionShape), ...kernelShape] },
  ];
  if (offsets.biases >= 0)
    layout.push({ name: 'hiddenBiases', offset: offsets.biases, shape: [m, ...(sharing ? [] : positionShape)] });

  const hiddenLayer = (n: number): Layer => {
    const { weights, biases } = offsets;
    if (sharing) {
      const columns = positions * n;
      const block = {
        rows: m,
        inner: s,
        columns,
        weights,
        weightStep: s,
        biases,
        biasStep: 1,
        input: 0,
        output: 0,
        outputStep: columns,
      };
      return { height: m * positions, blocks: [block] };
    }
    const blocks = Array.from({ length: positions }, (_, p) => ({
      rows: m,
      inner: s,
      columns: n,
      weights: weights + p * s,
      weightStep: positions * s,
      biases: biases < 0 ? -1 : biases + p,
      biasStep: positions,
      input: p * s * n,
      output: p * n,
      outputStep: positions * n,
    }));
    return { height: m * positions, blocks };
  };

  const network: LayeredNetwork = {
    activation: config.activation,
    parameterCount: offsets.parameterCount,
    inputDimension: inputs,
    inputHeight: positions * s,
    layers: (n) => [hiddenLayer(n), denseLayer(n, 1, m * positions, offsets.outputWeights, -1)],
    arrange(given, from, n, out) {
      for (let p = 0; p < positions; p++) {
        for (let t = 0; t < s; t++) {
          // With sharing a row holds one weight's inputs at all positions, without a position has rows of its own.
          const row = sharing ? (t * positions + p) * n : (p * s + t) * n;
          arrangeRow(given, indices[p * s + t], from, n, out, row);
        }
      }
    },
  };
  return {
    parameterCount: offsets.parameterCount,
    inputDimension: inputs,
    layout,
    bind: (given) => new BoundLayers(network, given),
  };
}

function arrangeRow(
  { count, dimension, values }: Inputs,
  index: number,
  from: number,
  n: number,
  out: Float64Array,
  at: number,
): void {
  for (let i = 0; i < n; i++) out[at + i] = values[Math.min(from + i, count - 1) * dimension + index];
}

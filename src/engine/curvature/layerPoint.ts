import { applyLayer, projectLayer, pullBack, trainBackward, trainForward } from '../kernels/layerPasses';
import { kernelActivation, targetRows } from '../kernels/loadLayers';
import type { MemoryLayout } from '../kernels/memoryLayout';
import type { LayersProblem } from '../kernels/problem';
import type { PassesInMemory } from './passes';

/** Numbers of all buffers of a layered network. */
export function layerNumbers({ network, inputs: { count } }: LayersProblem): number {
  const n = count + (count & 1);
  const heights = network.layers(n).reduce((sum, { height }) => sum + height, 0);
  return n * (network.inputHeight + 12 * heights);
}

/**
 * A layered network around a point. With X_l the input of layer l, z_l its arguments, U_l the gradient by them and G_l = W_(l+1)ᵀU_(l+1):
 * ż_l = V_l X_l + W_l Ẋ_l, Ẋ_(l+1) = σ′ż_l, U̇_l = σ′Ġ_l + σ″G_l ż_l with Ġ_l = W_(l+1)ᵀU̇_(l+1) + V_(l+1)ᵀU_(l+1), and W_l gets
 * U̇_l X_lᵀ + U_l Ẋ_lᵀ.
 */
export function layersInMemory(
  problem: LayersProblem,
  targets: Float64Array,
  layout: MemoryLayout,
  numbers: (at: number, count: number) => Float64Array,
): PassesInMemory {
  const { network, inputs } = problem;
  const activation = kernelActivation(problem);
  const { count } = inputs;
  const n = count + (count & 1);
  const layers = network.layers(n);
  const last = layers.length - 1;
  const outputs = layers[last].height;
  const all = () => layers.map(({ height }) => layout.float64(height * n));
  const hidden = () => layers.slice(0, -1).map(({ height }) => layout.float64(height * n));
  const input = layout.float64(network.inputHeight * n);
  const mask = layout.float64(n);
  const values = [input, ...all()];
  const [first, second] = [hidden(), hidden()];
  /** U, and σ″G. */
  const gradients = all();
  const bends = hidden();
  /** Ẋ behind each layer, ḟ at last, and σ″Gż. */
  const tangents = all();
  const bent = hidden();
  const gradientTangents = all();
  const trainedValues = [input, ...all()];
  const trained = { values: trainedValues, slopes: activation.slopeFollows ? trainedValues.slice(1) : hidden() };
  const trainedGradients = hidden();
  const evaluatedSeeds = layout.float64(outputs * n);
  const otherSeeds = layout.float64(outputs * n);
  const plain = { mode: 'plain' } as const;

  return {
    activation,
    targets: targetRows(targets, count, n),
    passes: {
      seedCount: outputs * n,
      evaluatedSeeds,
      tangentSeeds: gradientTangents[last],
      otherSeeds,
      linearize(program) {
        layers.forEach((layer, l) => {
          applyLayer(program, layer, values[l], values[l + 1], plain);
          if (l < last) program.activations(layer.height * n, values[l + 1], first[l], second[l]);
        });
        program.squaredError(count, n, outputs, values[last + 1], gradients[last], mask);
        for (let l = last; l > 0; l--) {
          const slopes = { values: first[l - 1], slopes: second[l - 1], extra: bends[l - 1] };
          pullBack(program, layers[l], gradients[l], gradients[l - 1], { mode: 'split', ...slopes });
        }
      },
      gradient(program) {
        layers.forEach((layer, l) => projectLayer(program, layer, gradients[l], values[l]));
      },
      tangents(program, curved) {
        layers.forEach((layer, l) => {
          const slope = { mode: 'scale', values: first[l] } as const;
          const both = { mode: 'split', values: first[l], slopes: bends[l], extra: bent[l] } as const;
          const finish = l === last ? plain : curved ? both : slope;
          program.along(() => applyLayer(program, layer, values[l], tangents[l], l === 0 ? finish : plain));
          if (l > 0) applyLayer(program, layer, tangents[l - 1], tangents[l], finish, true);
        });
      },
      seeds(program, out, other) {
        program.seeds(count, outputs, n, tangents[last], mask, out, other);
      },
      pullTangents(program, curved, add) {
        for (let l = last; l >= 0; l--) {
          const layer = layers[l];
          const du = gradientTangents[l];
          projectLayer(program, layer, du, values[l], add);
          if (l === 0) break;
          const slope = { mode: 'scale', values: first[l - 1] } as const;
          const both = { mode: 'scaleAdd', values: first[l - 1], slopes: bent[l - 1] } as const;
          pullBack(program, layer, du, gradientTangents[l - 1], curved ? plain : slope);
          if (!curved) continue;
          projectLayer(program, layer, gradients[l], tangents[l - 1], true, false);
          program.along(() => pullBack(program, layer, gradients[l], gradientTangents[l - 1], both, true));
        }
      },
      evaluate(program) {
        trainForward(program, layers, trained);
        program.squaredError(count, n, outputs, trained.values[last + 1], evaluatedSeeds, mask);
      },
      pullBack(program, seeds) {
        trainBackward(program, layers, trained, trainedGradients, seeds);
      },
    },
    fill() {
      network.arrange(inputs, 0, n, numbers(input, network.inputHeight * n));
      numbers(mask, n).fill(0).fill(1, 0, count);
    },
    readResiduals(out) {
      const rows = numbers(values[last + 1], outputs * n);
      for (let s = 0; s < count; s++)
        for (let o = 0; o < outputs; o++) out[s * outputs + o] = rows[o * n + s] - targets[s * outputs + o];
    },
  };
}

import type { ResolvedModel } from '../../experiment/resolved';
import { matrixShapeOf } from '../../experiment/sizes';
import type { ActivationConfig, TargetConfig } from '../../experiment/schema';

/** A model in a few words: `two-layer tanh network, 5 inputs, width 9, hidden biases`. */
export function modelWords(model: ResolvedModel): string {
  switch (model.kind) {
    case 'matrixFactorization':
      if ('dimensions' in model) return `matrix factorization ${[...model.dimensions].reverse().join(' × ')}`;
      return `matrix factorization ${model.rows} × ${model.inner} × ${model.columns}`;
    case 'twoLayer': {
      const activation = activationWords(model.activation);
      const biases = [...(model.hiddenBias ? ['hidden biases'] : []), ...(model.outputBias ? ['output bias'] : [])];
      return `two-layer ${activation} network, ${counted(model.inputs, 'input')}, width ${model.width}${biases.length > 0 ? `, ${biases.join(', ')}` : ''}`;
    }
    case 'diagonal':
      return `diagonal model, ${counted(model.inputs, 'input')}, depth ${model.depth}`;
    case 'deepNetwork':
      return `deep ${activationWords(model.activation)} network ${[model.inputs, ...model.widths, model.outputs].join('-')}${model.bias ? ', with biases' : ''}`;
    case 'convolution': {
      const input = inputWords(model.inputs);
      return `convolutional ${activationWords(model.activation)} network${model.sharing ? '' : ' without sharing'}, ${input}, ${counted(model.kernels, 'kernel')} of size ${model.kernel}${model.hiddenBias ? ', hidden biases' : ''}`;
    }
    case 'formula':
      return `formula ${shortened(model.expression)}`;
  }
}

/** A target in a few words: `rank 2`, `3 neurons`, `x1 + x2`. A teacher has neurons or `kernels`. */
export function targetWords(target: TargetConfig, parts: 'neuron' | 'kernel'): string {
  switch (target.kind) {
    case 'matrix':
      return `given ${target.values.length} × ${target.values[0]?.length ?? 0} matrix`;
    case 'lowRank':
      return `rank ${target.rank}`;
    case 'vector':
      return `${counted(target.values.filter((value) => value !== 0).length, 'coefficient')} of ${target.values.length}`;
    case 'teacher':
      if (target.widths) return `widths ${target.widths.join(', ')}`;
      if (target.kernels) return counted(target.kernels.length, 'given kernel');
      if (target.neurons) return counted(target.neurons.length, 'given neuron');
      return counted(target.width ?? 1, parts);
    case 'formula':
      return shortened(target.expression);
  }
}

/** What models have in common that differ in width, depth or number of kernels alone: `tanh, 5 inputs, hidden biases`. */
export function familyWords(model: ResolvedModel): string {
  switch (model.kind) {
    case 'matrixFactorization': {
      const { rows, columns } = matrixShapeOf(model);
      return `${rows} × ${columns} matrix`;
    }
    case 'twoLayer': {
      const biases = [...(model.hiddenBias ? ['hidden biases'] : []), ...(model.outputBias ? ['output bias'] : [])];
      return [`two-layer ${activationWords(model.activation)}`, counted(model.inputs, 'input'), ...biases].join(', ');
    }
    case 'diagonal':
      return `diagonal, ${counted(model.inputs, 'input')}`;
    case 'deepNetwork':
      return `deep ${activationWords(model.activation)}, ${counted(model.inputs, 'input')}, ${counted(model.widths.length, 'hidden layer')}${model.bias ? ', biases' : ''}`;
    case 'convolution': {
      const sharing = model.sharing ? 'weight sharing' : 'no sharing';
      return `${sharing}, ${inputWords(model.inputs)}, kernel ${model.kernel}${model.hiddenBias ? ', biases' : ''}`;
    }
    case 'formula':
      return shortened(model.expression);
  }
}

function inputWords(inputs: number | [number, number]): string {
  return typeof inputs === 'number' ? counted(inputs, 'input') : `${inputs.join(' × ')} inputs`;
}

function activationWords(activation: ActivationConfig): string {
  return typeof activation === 'string' ? activation : `tanh(z + ${activation.shift})`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function shortened(expression: string): string {
  return expression.length > 60 ? `${expression.slice(0, 60)}…` : expression;
}

import type { JsonPath } from '../problem';
import type {
  ConvolutionConfig,
  DeepNetworkConfig,
  KernelConfig,
  ModelConfig,
  NeuronConfig,
  TeacherTargetConfig,
  TwoLayerConfig,
} from '../schema';
import { convolutionShapeOf } from '../sizes';
import { counted } from '../words';
import type { Report } from './check';

/** What describes a teacher, by the family of the model. */
const DESCRIPTIONS = {
  twoLayer: ['width', 'neurons', 'outputBias'],
  deepNetwork: ['widths'],
  convolution: ['width', 'kernels'],
} as const;

/** A teacher is described as its family asks, is no wider than the model, and has no biases that the model lacks. */
export function checkTeacher(target: TeacherTargetConfig, model: ModelConfig, report: Report): void {
  if (model.kind !== 'twoLayer' && model.kind !== 'deepNetwork' && model.kind !== 'convolution') return;
  const allowed: readonly string[] = DESCRIPTIONS[model.kind];
  const foreign = (['width', 'neurons', 'widths', 'kernels', 'outputBias'] as const).filter(
    (name) => target[name] !== undefined && !allowed.includes(name),
  );
  for (const name of foreign) {
    const names = allowed.filter((each) => each !== 'outputBias').map((each) => `"${each}"`);
    const message = `The teacher of a model "${model.kind}" has no "${name}". It is described by ${names.join(' or ')}.`;
    report('teacher-definition', ['target', name], message, { at: 'key' });
  }
  if (foreign.length > 0) return;
  if (model.kind === 'twoLayer') checkTwoLayerTeacher(target, model, report);
  else if (model.kind === 'deepNetwork') checkDeepTeacher(target, model, report);
  else checkConvolutionTeacher(target, model, report);
}

function checkDeepTeacher({ widths }: TeacherTargetConfig, model: DeepNetworkConfig, report: Report): void {
  const path: JsonPath = ['target', 'widths'];
  if (widths === undefined) {
    report('teacher-definition', ['target'], 'A deep teacher needs "widths", one number for each hidden layer of the model.', {
      at: 'key',
    });
    return;
  }
  if (widths.length !== model.widths.length) {
    const message = `The teacher has ${counted(widths.length, 'hidden layer')}, but the model has ${model.widths.length}.`;
    report('teacher-width', path, message);
    return;
  }
  const wide = widths.findIndex((width, l) => width > model.widths[l]);
  if (wide < 0) return;
  const message = `The model cannot express a teacher of ${counted(widths[wide], 'neuron')} in hidden layer ${wide + 1}: its width there is ${model.widths[wide]}.`;
  report('teacher-width', [...path, wide], message);
}

function checkConvolutionTeacher(target: TeacherTargetConfig, model: ConvolutionConfig, report: Report): void {
  const { width, kernels } = target;
  if (!checkOneOf(target, 'kernels', report)) return;
  const count = width ?? kernels?.length ?? 0;
  if (count > model.kernels) {
    const message = `The model cannot express a teacher of ${counted(count, 'kernel')}: it has ${model.kernels}.`;
    report('teacher-width', ['target', width === undefined ? 'kernels' : 'width'], message);
  }
  kernels?.forEach((kernel, i) => checkKernel(kernel, i, model, report));
}

function checkKernel(kernel: KernelConfig, index: number, model: ConvolutionConfig, report: Report): void {
  const path: JsonPath = ['target', 'kernels', index];
  const { positions, weights } = convolutionShapeOf(model);
  if (kernel.weights.length !== weights) {
    const message = `Kernel ${index + 1} has ${counted(kernel.weights.length, 'weight')}, but a kernel of the model has ${weights}.`;
    report('target-shape', [...path, 'weights'], message);
  } else if (kernel.weights.every((value) => value === 0)) {
    report('zero-neuron', [...path, 'weights'], `Kernel ${index + 1} has no weight other than 0: it sees no input.`);
  }
  if (kernel.outputWeights.length !== positions) {
    const message = `Kernel ${index + 1} has ${counted(kernel.outputWeights.length, 'output weight')}, but the model has ${counted(positions, 'position')}.`;
    report('target-shape', [...path, 'outputWeights'], message);
  } else if (kernel.outputWeights.every((value) => value === 0)) {
    const message = `Kernel ${index + 1} has no output weight other than 0: it adds nothing to the target. Leave it out.`;
    report('zero-neuron', [...path, 'outputWeights'], message);
  }
  if (kernel.bias && !model.hiddenBias) {
    const message = 'The model has no hidden biases, so the teacher cannot have one. Set "hiddenBias": true in the model.';
    report('teacher-bias', [...path, 'bias'], message);
  }
}

/** A random teacher has "width", a given one its list, and none has both. */
function checkOneOf(target: TeacherTargetConfig, list: 'neurons' | 'kernels', report: Report): boolean {
  const random = '"width" (random)';
  const given = `"${list}" (given one by one)`;
  if (target.width === undefined && target[list] === undefined) {
    report('teacher-definition', ['target'], `A teacher needs ${random} or ${given}.`, { at: 'key' });
    return false;
  }
  if (target.width !== undefined && target[list] !== undefined) {
    report('teacher-definition', ['target', list], `A teacher has ${random} or ${given}, not both.`, { at: 'key' });
    return false;
  }
  if (target[list] && target.seed !== undefined) {
    report('unused-seed', ['target', 'seed'], `This seed is not used: "${list}" are given.`, {
      at: 'key',
      severity: 'warning',
    });
  }
  return true;
}

function checkTwoLayerTeacher(target: TeacherTargetConfig, model: TwoLayerConfig, report: Report): void {
  const { width, neurons } = target;
  if (!checkOneOf(target, 'neurons', report)) return;
  const teacherWidth = width ?? neurons?.length ?? 0;
  if (teacherWidth > model.width) {
    const path: JsonPath = ['target', width === undefined ? 'neurons' : 'width'];
    report(
      'teacher-width',
      path,
      `The model cannot express a teacher of ${counted(teacherWidth, 'neuron')}: its width is ${model.width}.`,
    );
  }
  neurons?.forEach((neuron, i) => checkNeuron(neuron, i, model, report));
  if (target.outputBias && !model.outputBias) {
    report(
      'teacher-bias',
      ['target', 'outputBias'],
      'The model has no output bias, so the teacher cannot have one. Set "outputBias": true in the model.',
    );
  }
}

function checkNeuron(neuron: NeuronConfig, index: number, model: TwoLayerConfig, report: Report): void {
  const path: JsonPath = ['target', 'neurons', index];
  const { length } = neuron.inputWeights;
  if (length !== model.inputs) {
    const message = `Neuron ${index + 1} has ${counted(length, 'input weight')}, but the model has ${counted(model.inputs, 'input')}.`;
    report('target-shape', [...path, 'inputWeights'], message);
  }
  if (neuron.bias && !model.hiddenBias) {
    report(
      'teacher-bias',
      [...path, 'bias'],
      'The model has no hidden biases, so the teacher cannot have one. Set "hiddenBias": true in the model.',
    );
  }
  if (neuron.outputWeight === 0) {
    report(
      'zero-neuron',
      [...path, 'outputWeight'],
      `Neuron ${index + 1} has output weight 0: it adds nothing to the target. Leave it out.`,
    );
  }
}

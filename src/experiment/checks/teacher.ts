import type { JsonPath } from '../problem';
import type { NeuronConfig, TeacherTargetConfig, TwoLayerConfig } from '../schema';
import { counted } from '../words';
import type { Report } from './check';

/** A teacher is given in one of its two ways, is no wider than the model, and has no biases that the model lacks. */
export function checkTeacher(target: TeacherTargetConfig, model: TwoLayerConfig, report: Report): void {
  const { width, neurons } = target;
  if (width === undefined && neurons === undefined) {
    report('teacher-definition', ['target'], 'A teacher needs "width" (random neurons) or "neurons" (given one by one).', {
      at: 'key',
    });
    return;
  }
  if (width !== undefined && neurons !== undefined) {
    report(
      'teacher-definition',
      ['target', 'neurons'],
      'A teacher has "width" (random neurons) or "neurons" (given one by one), not both.',
      { at: 'key' },
    );
    return;
  }
  const teacherWidth = width ?? neurons?.length ?? 0;
  if (teacherWidth > model.width) {
    const path: JsonPath = ['target', width === undefined ? 'neurons' : 'width'];
    report(
      'teacher-width',
      path,
      `The model cannot express a teacher of ${counted(teacherWidth, 'neuron')}: its width is ${model.width}.`,
    );
  }
  if (neurons && target.seed !== undefined) {
    report('unused-seed', ['target', 'seed'], 'This seed is not used: the neurons are given.', {
      at: 'key',
      severity: 'warning',
    });
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

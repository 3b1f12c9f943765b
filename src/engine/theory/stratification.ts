import canonicalize from 'canonicalize';
import type { ResolvedConvolution, ResolvedModel, ResolvedRankExperiment, ResolvedTwoLayer } from '../../experiment/resolved';
import type { NeuronConfig, TargetConfig } from '../../experiment/schema';
import { convolutionShapeOf } from '../../experiment/sizes';
import { placed, teacherKernels } from '../targets/convolutionTeacher';

export type Connection = 'sharing' | 'noSharing' | 'fullyConnected';

/** One model with one target. */
export interface FamilyMember {
  readonly model: ResolvedModel;
  readonly target: TargetConfig;
  /** The target as the file has it, where the model is the fully connected counterpart of a convolution. */
  readonly written: TargetConfig;
  /** Of a convolution and its counterparts. */
  readonly connection: Connection | null;
  /** Of the fully connected counterpart, the convolution that it comes from. */
  readonly convolution?: ResolvedConvolution;
}

/**
 * The rows of the table of a rank experiment: every model with every target, target by target, convolutions with their counterparts
 * where these are asked for. Without a family, and before a family that lacks it, the experiment's own model and target.
 */
export function familyMembers({ model, target, family }: ResolvedRankExperiment): FamilyMember[] {
  const own: FamilyMember = { model, target, written: target, connection: connectionOf(model) };
  if (!family) return [own];
  const members = family.targets.flatMap((each) =>
    family.models.flatMap((one) => {
      const member = { model: one, target: each, written: each, connection: connectionOf(one) };
      return family.connections ? counterparts(member) : [member];
    }),
  );
  const key = (member: FamilyMember) => canonicalize([member.model, member.target]);
  return members.some((member) => key(member) === key(own)) ? members : [own, ...members];
}

function connectionOf(model: ResolvedModel): Connection | null {
  if (model.kind !== 'convolution') return null;
  return model.sharing ? 'sharing' : 'noSharing';
}

/** A convolution with sharing, without, and the fully connected network of as many neurons, all with the same target function. */
function counterparts(member: FamilyMember): FamilyMember[] {
  const { model, target } = member;
  if (model.kind !== 'convolution' || target.kind !== 'teacher') return [member];
  const kernels = target.kernels?.length ?? target.width ?? 1;
  const connected: FamilyMember[] =
    kernels > model.kernels
      ? []
      : [
          {
            model: fullyConnected(model),
            target: { kind: 'teacher', neurons: paddedNeurons(model, target) },
            written: target,
            connection: 'fullyConnected',
            convolution: model,
          },
        ];
  return [
    { ...member, model: { ...model, sharing: true }, connection: 'sharing' },
    { ...member, model: { ...model, sharing: false }, connection: 'noSharing' },
    ...connected,
  ];
}

/** The two-layer network with a neuron for every kernel at every position, each seeing the whole input. */
export function fullyConnected(model: ResolvedConvolution): ResolvedTwoLayer {
  const { inputs, positions } = convolutionShapeOf(model);
  const { activation, hiddenBias, kernels } = model;
  return { kind: 'twoLayer', activation, inputs, width: kernels * positions, hiddenBias, outputBias: false };
}

/** The neurons of a convolutional teacher: kernels padded with zeros to the whole input; those without output weight left out. */
function paddedNeurons(model: ResolvedConvolution, target: Extract<TargetConfig, { kind: 'teacher' }>): NeuronConfig[] {
  const { image, window, inputs } = convolutionShapeOf(model);
  const across = image[1] + 1 - window[1];
  const neurons = placed(teacherKernels(model, target)).filter(({ outputWeight }) => outputWeight !== 0);
  return neurons.map(({ position, outputWeight, weights, bias }) => {
    const top = Math.floor(position / across);
    const left = position % across;
    const inputWeights = new Array<number>(inputs).fill(0);
    weights.forEach((value, t) => {
      inputWeights[(top + Math.floor(t / window[1])) * image[1] + left + (t % window[1])] = value;
    });
    return { outputWeight, inputWeights, ...(model.hiddenBias ? { bias } : {}) };
  });
}

import type { ResolvedExperiment } from '../../experiment/resolved';
import type { RankMeasurement } from '../../protocol/events';
import type { HessianPattern } from '../flow/hessianPattern';
import { createSampler, type Sampler } from '../inputs/sampler';
import type { BoundModel, Inputs, Model } from '../models/model';
import { createModel } from '../models/registry';
import { tangentRank } from '../rank/tangentRank';
import { probeInputs } from '../targets/probes';
import { minimalRepresentation } from '../targets/representation';
import { createTarget, type TargetFunction } from '../targets/target';
import { modelHessianPattern } from '../training/modelHessianPattern';
import type { Preparation } from './preparation';

/** What a worker keeps between the jobs of one experiment; everything is made when it is first needed. */
export class Workbench {
  private sharedPreparation: Preparation | undefined;
  private cache: {
    model?: Model;
    target?: TargetFunction;
    sampler?: Sampler;
    test?: { bound: BoundModel; targets: Float64Array; outputs: Float64Array };
    probes?: Inputs;
    hessianPattern?: HessianPattern;
    minimal?: { parameters: Float64Array | null };
  } = {};
  private readonly empiricalRanks = new Map</* sample size */ number, RankMeasurement | null>();

  constructor(readonly experiment: ResolvedExperiment) {}

  share(shared: unknown): void {
    this.sharedPreparation = shared as Preparation;
  }

  get preparation(): Preparation {
    if (!this.sharedPreparation) throw new Error('the experiment has not been prepared');
    return this.sharedPreparation;
  }

  get model(): Model {
    return (this.cache.model ??= createModel(this.experiment.model));
  }

  get target(): TargetFunction {
    return (this.cache.target ??= createTarget(this.experiment.model, this.experiment.target));
  }

  get sampler(): Sampler {
    return (this.cache.sampler ??= createSampler(this.experiment, this.preparation.entryOrder));
  }

  get probes(): Inputs {
    return (this.cache.probes ??= probeInputs(this.experiment.model, 1, this.experiment.data.inputs));
  }

  /** Of the loss at any inputs. */
  get hessianPattern(): HessianPattern {
    return (this.cache.hessianPattern ??= modelHessianPattern(this.experiment.model, this.model, this.probes));
  }

  /** Parameters of the target's minimal representation; null where there is none. */
  get minimalParameters(): Float64Array | null {
    if (!this.cache.minimal) {
      const { model, target, data } = this.experiment;
      this.cache.minimal = { parameters: minimalRepresentation(model, target, data.inputs)?.parameters ?? null };
    }
    return this.cache.minimal.parameters;
  }

  targetsAt(inputs: Inputs): Float64Array {
    const targets = new Float64Array(inputs.count);
    this.target.evaluate(inputs, targets);
    return targets;
  }

  /** Mean squared error on the test set. */
  testError(parameters: Float64Array): number {
    if (!this.cache.test) {
      const inputs = this.sampler.test();
      this.cache.test = {
        bound: this.model.bind(inputs),
        targets: this.targetsAt(inputs),
        outputs: new Float64Array(inputs.count),
      };
    }
    const { bound, targets, outputs } = this.cache.test;
    bound.evaluate(parameters, outputs);
    let sum = 0;
    for (let i = 0; i < outputs.length; i++) {
      const difference = outputs[i] - targets[i];
      sum += difference * difference;
    }
    return sum / outputs.length;
  }

  /** Rank at the minimal representation over training inputs; null where there is no minimal representation. */
  empiricalRank(inputs: Inputs): RankMeasurement | null {
    const cached = this.sampler.random ? undefined : this.empiricalRanks.get(inputs.count);
    if (cached !== undefined) return cached;
    const parameters = this.minimalParameters;
    const measurement = parameters
      ? tangentRank(this.model, parameters, inputs, { tolerance: this.experiment.analysis.rankTolerance })
      : null;
    if (!this.sampler.random) this.empiricalRanks.set(inputs.count, measurement);
    return measurement;
  }
}

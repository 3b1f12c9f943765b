import type { ExperimentKindName, ExperimentOf } from '../../experiment/kinds';
import { isModelExperiment, type ModelExperiment, type ResolvedExperiment } from '../../experiment/resolved';
import type { RankMeasurement } from '../../protocol/events';
import { createSampler, type Sampler } from '../inputs/sampler';
import type { BoundModel, Inputs, Model } from '../models/model';
import { createModel } from '../models/registry';
import { tangentRank } from '../rank/tangentRank';
import { probeInputs } from '../targets/probes';
import { minimalRepresentation } from '../targets/representation';
import { createTarget, type TargetFunction } from '../targets/target';
import type { Preparation } from './preparation';

/** What a worker keeps between the jobs of one experiment; everything is made when it is first needed. */
export class Workbench {
  private sharedData: unknown;
  private cache: {
    model?: Model;
    target?: TargetFunction;
    sampler?: Sampler;
    test?: { bound: BoundModel; targets: Float64Array; outputs: Float64Array };
    probes?: Inputs;
    minimal?: { parameters: Float64Array | null };
  } = {};
  private readonly empiricalRanks = new Map</* sample size */ number, RankMeasurement | null>();

  private readonly others = new Map<string, Workbench>();

  constructor(readonly experiment: ResolvedExperiment) {}

  /** A bench for another experiment on the same thread, kept under a name: for one of the values that a file varies. */
  beside(name: string, make: () => ResolvedExperiment, shared: unknown): Workbench {
    let bench = this.others.get(name);
    if (!bench) {
      bench = new Workbench(make());
      bench.share(shared);
      this.others.set(name, bench);
    }
    return bench;
  }

  share(shared: unknown): void {
    this.sharedData = shared;
  }

  /** What the study shared with every worker, if it did. */
  get sharedSoFar(): unknown {
    return this.sharedData;
  }

  /** What the study shared with every worker; a study knows what that is. */
  shared<T>(): T {
    if (this.sharedData === undefined) throw new Error('nothing has been shared yet');
    return this.sharedData as T;
  }

  /** The experiment, by a study that knows its kind. */
  experimentOf<K extends ExperimentKindName>(kind: K): ExperimentOf<K> {
    if (this.experiment.experiment !== kind) throw new Error(`this is a ${this.experiment.experiment} experiment, not ${kind}`);
    return this.experiment as unknown as ExperimentOf<K>;
  }

  /** The experiment, where it is about a model, a target and samples; what follows is of these alone. */
  get subject(): ModelExperiment {
    if (isModelExperiment(this.experiment)) return this.experiment;
    throw new Error('this experiment is not about a model, a target and samples');
  }

  get preparation(): Preparation {
    return this.shared<Preparation>();
  }

  get model(): Model {
    return (this.cache.model ??= createModel(this.subject.model));
  }

  get target(): TargetFunction {
    return (this.cache.target ??= createTarget(this.subject.model, this.subject.target));
  }

  get sampler(): Sampler {
    return (this.cache.sampler ??= createSampler(this.subject, this.preparation.entryOrder));
  }

  get probes(): Inputs {
    return (this.cache.probes ??= probeInputs(this.subject.model, 1, this.subject.data.inputs));
  }

  /** Parameters of the target's minimal representation; null where there is none. */
  get minimalParameters(): Float64Array | null {
    if (!this.cache.minimal) {
      const { model, target, data } = this.subject;
      this.cache.minimal = { parameters: minimalRepresentation(model, target, data.inputs)?.parameters ?? null };
    }
    return this.cache.minimal.parameters;
  }

  targetsAt(inputs: Inputs): Float64Array {
    const targets = new Float64Array(inputs.count * (this.model.outputCount ?? 1));
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
        outputs: new Float64Array(inputs.count * (this.model.outputCount ?? 1)),
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
      ? tangentRank(this.model, parameters, inputs, { tolerance: this.subject.analysis.rankTolerance })
      : null;
    if (!this.sampler.random) this.empiricalRanks.set(inputs.count, measurement);
    return measurement;
  }
}

import type { ResolvedGeometryExperiment } from '../../../experiment/kinds/geometry';
import { EngineError } from '../../errors';
import { createInputSampler, type Sampler } from '../../inputs/sampler';
import type { Inputs, Model } from '../../models/model';
import { createModel } from '../../models/registry';
import { randomStream, type RandomStream } from '../../random/stream';
import { probeInputs } from '../../targets/probes';
import { createTarget, type TargetFunction } from '../../targets/target';
import { branchPoint, type BranchPoint, type BranchType } from '../../theory/branches';
import { geometryOf, type Geometry } from '../../theory/geometry';
import type { TestSet } from './separation';

/** What all jobs of a geometry experiment work with; every part is made when it is first needed. */
export class GeometrySetting {
  readonly geometry: Geometry;
  readonly model: Model;
  readonly target: TargetFunction;
  readonly sampler: Sampler;
  private testSet: TestSet | undefined;
  private probeSet: Inputs | undefined;

  constructor(readonly experiment: ResolvedGeometryExperiment) {
    const { model, target, data, seed } = experiment;
    const geometry = geometryOf(experiment);
    if (typeof geometry === 'string') {
      throw new EngineError('invalid-experiment', `The branches of this experiment are not known: ${geometry}.`, 2, {
        path: ['target'],
      });
    }
    this.geometry = geometry;
    this.model = createModel(model);
    this.target = createTarget(model, target);
    this.sampler = createInputSampler({ model, inputs: data.inputs, seed, testSamples: data.testSamples });
  }

  /** Sample sizes that are measured: those of the file, or one more than the largest threshold. */
  get sampleSizes(): number[] {
    const { sampleSizes, inputs } = this.experiment.data;
    if (sampleSizes.length > 0) return sampleSizes;
    const wanted = this.geometry.thresholds.lastSeparated + 1;
    const most = inputs.kind === 'points' ? Math.min(wanted, inputs.values.length) : wanted;
    return Array.from({ length: most }, (_, i) => i + 1);
  }

  get test(): TestSet {
    if (!this.testSet) {
      const inputs = this.sampler.test();
      this.testSet = { bound: this.model.bind(inputs), targets: this.targetsAt(inputs) };
    }
    return this.testSet;
  }

  get probes(): Inputs {
    return (this.probeSet ??= probeInputs(this.experiment.model, 1, this.experiment.data.inputs));
  }

  targetsAt(inputs: Inputs): Float64Array {
    const targets = new Float64Array(inputs.count);
    this.target.evaluate(inputs, targets);
    return targets;
  }

  /** The random point of a branch with this number. */
  pointOn(type: BranchType, place: number, trial: number): BranchPoint {
    const { experiment, geometry } = this;
    const { family, target } = geometry.problem;
    const stream = this.stream('branch point', place, trial);
    return branchPoint(experiment.model, family, target, type, stream, experiment.analysis.split);
  }

  /** A direction of N(0, I) in parameter space. */
  direction(...coordinates: (string | number)[]): Float64Array {
    const out = new Float64Array(this.model.parameterCount);
    this.stream('direction', ...coordinates).fillNormal(out);
    return out;
  }

  private stream(...coordinates: (string | number)[]): RandomStream {
    return randomStream(this.experiment.seed, 'geometry', ...coordinates);
  }
}

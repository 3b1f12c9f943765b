import type { StopReason } from '../../protocol/events';
import type { MatrixFactorizationProblem } from '../kernels/problem';
import type { BatchedTraining, TrainingBatch } from '../kernels/trainingBatch';
import type { BoundModel } from '../models/model';
import { keptSteps, LossCurve } from '../training/lossCurve';
import type { ParameterPath } from '../training/parameterPath';
import { SavedFields, StateError } from '../training/savedState';
import { divergenceLossOf, readStepState, squaredNorm, type StepRules, type StepState } from '../training/train';
import type { NativeAddon } from './addon';
import { alignedMemory } from './alignedMemory';
import { FACTOR_FIELDS, Settings } from './settings';

/** The numbers of `status` in source/training.h. */
const STATUS: readonly (StopReason | null)[] = [null, 'diverged', 'trainLoss', 'gradientNorm', 'steps'];

/** Above this, the numbers of all lanes would fill the second-level cache, and one training alone is as fast. */
const MOST_PARAMETERS = 2048;

/** Whether a `FactorBatch` can train by these rules. */
export function canBatchFactors(parameterCount: number, { optimizer, stop }: StepRules): boolean {
  return (
    optimizer.kind === 'gradientDescent' &&
    typeof optimizer.learningRate === 'number' &&
    !(stop.gradientNorm > 0) &&
    parameterCount <= MOST_PARAMETERS
  );
}

/** Trainings of A·B by gradient descent in the native kernels, each in a lane of the processor's vectors. */
export class FactorBatch implements TrainingBatch {
  readonly size: number;
  private readonly lanes: (LaneTraining | undefined)[];
  private readonly settings = new Settings(FACTOR_FIELDS);
  private readonly memory: Float64Array;
  /** `memory` by bits, for masks. */
  private readonly bits: BigInt64Array;
  private readonly places: Record<(typeof FACTOR_FIELDS)[number], number>;
  /** Of rows and columns: how many entries some lane samples, and which; as in `struct factors` of source/batch.h. */
  private readonly lists: Int32Array;
  /** How many lanes sample an entry. */
  private readonly uses: Int32Array;
  private readonly kept: readonly number[];

  /** @param variant one of `addon.variants`; default: the best. */
  constructor(
    private readonly addon: NativeAddon,
    private readonly shape: Pick<MatrixFactorizationProblem, 'rows' | 'columns' | 'inner'>,
    private readonly rules: StepRules,
    variant = addon.variants.length - 1,
  ) {
    const { rows, columns, inner } = shape;
    const { optimizer, stop } = rules;
    const size = addon.lanes[variant];
    this.size = size;
    this.lanes = Array.from({ length: size }, () => undefined);
    this.kept = keptSteps(stop.steps);
    const points = this.kept.length + 1;
    const numbers = (rows + columns) * inner;
    const entries = rows * columns;
    const { memory, places } = alignedMemory(addon, {
      // B lies behind A.
      parameters: numbers * size,
      gradient: numbers * size,
      targets: entries * size,
      masks: entries * size,
      residuals: entries * size,
      scale: size,
      samples: size,
      stopLoss: size,
      divergenceLoss: size,
      stepLimit: size,
      step: size,
      nextPoint: size,
      lastLoss: size,
      status: size,
      keptSteps: points,
      losses: points * size,
    });
    const { parameters, ...rest } = places;
    this.places = {
      ...rest,
      a: parameters,
      b: parameters + rows * inner * size,
      variant,
      rows,
      columns,
      inner,
      points,
      rate: optimizer.learningRate as number,
    };
    this.settings.set(this.places);
    this.memory = memory;
    this.bits = new BigInt64Array(memory.buffer);
    memory.set(this.kept, places.keptSteps);
    memory[places.keptSteps + this.kept.length] = Infinity;
    this.lists = new Int32Array(rows + columns + 2 * entries);
    this.uses = new Int32Array(entries);
    for (let lane = 0; lane < size; lane++) this.clear(lane);
  }

  get running(): readonly BatchedTraining[] {
    return this.lanes.filter((lane) => lane !== undefined);
  }

  add(
    bound: BoundModel,
    targets: Float64Array,
    parameters: Float64Array,
    saved?: unknown,
    path?: ParameterPath,
  ): BatchedTraining | undefined {
    const lane = this.lanes.indexOf(undefined);
    const problem = bound.kernelProblem?.();
    if (lane < 0) throw new Error('the batch is full');
    if (problem?.family !== 'matrixFactorization') throw new Error('the batch is of matrix factorizations');
    const { memory, places, size, shape, uses } = this;
    const { columns } = shape;
    const { rowOf, columnOf } = problem;
    // An entry that is sampled twice has two residuals. And a factor that is not finite must not meet entries that are not sampled.
    const entries = rowOf.map((row, s) => row * columns + columnOf[s]);
    if (new Set(entries).size < entries.length || !parameters.every(Number.isFinite)) return undefined;
    const training: LaneTraining = new LaneTraining(bound, targets, parameters, entries, () => this.saveLane(training), path);
    const { step, divergenceLoss } =
      saved === undefined ? { step: 0, divergenceLoss: undefined } : training.goOn(saved, this.rules);
    this.lanes[lane] = training;
    if (path && step >= path.next) path.look(step, parameters);
    this.copyParameters(lane, parameters, true);
    entries.forEach((entry, s) => {
      memory[places.targets + entry * size + lane] = targets[s];
      this.bits[places.masks + entry * size + lane] = -1n;
      uses[entry]++;
    });
    this.writeLists();
    const count = entries.length;
    this.setLane(lane, {
      scale: 2 / count,
      samples: count,
      stopLoss: this.rules.stop.trainLoss,
      // What exceeds the largest number is infinite, or no number, and has diverged in any case.
      divergenceLoss: Math.min(divergenceLoss ?? divergenceLossOf(training.evaluate()), Number.MAX_VALUE),
      stepLimit: this.rules.stop.steps,
      step,
      nextPoint: training.points,
    });
    return training;
  }

  advance(count: number): number {
    for (let taken = 0; ;) {
      const most = Math.min(count - taken, this.stepsToLook());
      const now = this.advanceAll(most);
      taken += now;
      this.look();
      if (now < most || taken === count) return taken;
    }
  }

  /** Of those that are looked at; Infinity where none is. */
  private stepsToLook(): number {
    let least = Infinity;
    for (let lane = 0; lane < this.lanes.length; lane++) {
      const path = this.lanes[lane]?.path;
      if (path) least = Math.min(least, Math.max(1, path.next - this.memory[this.places.step + lane]));
    }
    return least;
  }

  private look(): void {
    this.lanes.forEach((training, lane) => {
      const step = this.memory[this.places.step + lane];
      if (!training?.path || step < training.path.next) return;
      this.copyParameters(lane, training.parameters, false);
      training.path.look(step, training.parameters);
    });
  }

  private advanceAll(count: number): number {
    const { addon, memory, places, lanes } = this;
    const taken = addon.advanceFactors(this.settings.values, memory, this.lists, count);
    if (taken === count) return taken;
    for (let lane = 0; lane < lanes.length; lane++) {
      const reason = STATUS[memory[places.status + lane]];
      const training = lanes[lane];
      if (!training || reason === null) continue;
      this.collectLane(training, lane);
      this.copyParameters(lane, training.parameters, false);
      training.end(reason, memory[places.lastLoss + lane]);
      lanes[lane] = undefined;
      for (const entry of training.entries) this.uses[entry]--;
      this.clear(lane);
    }
    return taken;
  }

  collect(): void {
    this.lanes.forEach((training, lane) => training && this.collectLane(training, lane));
  }

  private saveLane(training: LaneTraining): StepState | undefined {
    const { memory, places } = this;
    const lane = this.lanes.indexOf(training);
    if (lane < 0) return undefined;
    this.collectLane(training, lane);
    const { step, curve } = training;
    if (step === 0) return undefined;
    const parameters = new Float64Array(training.parameters.length);
    this.copyParameters(lane, parameters, false);
    return { step, parameters, divergenceLoss: memory[places.divergenceLoss + lane], curve: curve.save(step) };
  }

  private collectLane(training: LaneTraining, lane: number): void {
    const { memory, places, kept } = this;
    const losses = places.losses + lane * places.points;
    const next = memory[places.nextPoint + lane];
    for (; training.points < next; training.points++) training.curve.add(kept[training.points], memory[losses + training.points]);
    training.step = memory[places.step + lane];
  }

  /** A lane without a training goes on with zeros and never ends. */
  private clear(lane: number): void {
    const { memory, bits, places, size, shape, kept } = this;
    const { rows, columns, inner } = shape;
    for (let i = 0; i < (rows + columns) * inner; i++) memory[places.a + i * size + lane] = 0;
    for (let i = 0; i < rows * columns; i++) bits[places.masks + i * size + lane] = 0n;
    const endless = { stopLoss: -1, divergenceLoss: Infinity, stepLimit: Infinity, nextPoint: kept.length };
    this.setLane(lane, { scale: 0, samples: 1, step: 0, status: 0, ...endless });
  }

  private setLane(lane: number, numbers: Partial<Record<(typeof FACTOR_FIELDS)[number], number>>): void {
    for (const [field, value] of Object.entries(numbers))
      this.memory[this.places[field as (typeof FACTOR_FIELDS)[number]] + lane] = value;
  }

  /** A and B into their lane, where B is transposed, or back. */
  private copyParameters(lane: number, parameters: Float64Array, into: boolean): void {
    const { memory, places, size, shape } = this;
    const { rows, columns, inner } = shape;
    const copy = (place: number, at: number) => {
      if (into) memory[place] = parameters[at];
      else parameters[at] = memory[place];
    };
    for (let at = 0; at < rows * inner; at++) copy(places.a + at * size + lane, at);
    for (let k = 0, at = rows * inner; k < inner; k++) {
      for (let j = 0; j < columns; j++, at++) copy(places.b + (j * inner + k) * size + lane, at);
    }
  }

  private writeLists(): void {
    const { lists, uses } = this;
    const { rows, columns } = this.shape;
    const columnCounts = rows + rows * columns;
    lists.fill(0, 0, rows);
    lists.fill(0, columnCounts, columnCounts + columns);
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) {
        if (uses[i * columns + j] === 0) continue;
        lists[rows + i * columns + lists[i]++] = j;
        lists[columnCounts + columns + j * rows + lists[columnCounts + j]++] = i;
      }
    }
  }
}

class LaneTraining implements BatchedTraining {
  curve = new LossCurve();
  step = 0;
  loss = NaN;
  stopReason: StopReason | null = null;
  /** How many points of its curve have been collected. */
  points = 0;

  constructor(
    private readonly bound: BoundModel,
    private readonly targets: Float64Array,
    readonly parameters: Float64Array,
    /** Row-major. */
    readonly entries: Int32Array,
    readonly save: () => StepState | undefined,
    readonly path: ParameterPath | undefined,
    private readonly gradient = new Float64Array(parameters.length),
  ) {}

  /** Before it is in its lane. */
  goOn(value: unknown, rules: StepRules): Pick<StepState, 'step' | 'divergenceLoss'> {
    const saved = new SavedFields(value);
    const { step, parameters, divergenceLoss } = readStepState(saved, rules, this.parameters.length);
    if (!parameters.every(Number.isFinite)) throw new StateError('its parameters are not finite');
    const curve = new LossCurve();
    curve.goOn(saved.record('curve'), step, false);
    this.curve = curve;
    this.points = keptSteps(step).length;
    this.parameters.set(parameters);
    this.step = step;
    return { step, divergenceLoss };
  }

  evaluate(): number {
    return this.bound.lossAndGradient(this.parameters, this.targets, this.gradient);
  }

  gradientNorm(): number {
    this.evaluate();
    return Math.sqrt(squaredNorm(this.gradient));
  }

  end(reason: StopReason, loss: number): void {
    this.stopReason = reason;
    this.loss = loss;
    if (reason !== 'diverged') this.curve.add(this.step, loss);
  }
}

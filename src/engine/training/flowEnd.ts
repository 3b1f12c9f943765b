import type { FlowMeasurement } from '../../protocol/events';
import type { FlowResult, FlowStopReason } from '../flow/gradientFlow';
import { SavedFields, StateError } from './savedState';

/** Where the integration of a flow ended, before it may be polished; plain data. */
export interface FlowEnd {
  parameters: Float64Array;
  loss: number;
  gradientNorm: number;
  stopReason: FlowStopReason;
  measurement: FlowMeasurement;
}

export function flowEnd({ parameters, loss, gradientNorm, stopReason, ...result }: FlowResult): FlowEnd {
  const { time, statistics, monotone, largestRise, conserved, failure } = result;
  const { gradients, losses, hessians, hessianProducts, factorizations, rejections, newtonFailures } = statistics;
  return {
    parameters,
    loss,
    gradientNorm,
    stopReason,
    measurement: {
      time,
      gradients,
      losses,
      hessians,
      hessianProducts,
      factorizations,
      rejections,
      newtonFailures,
      monotone,
      largestRise: finiteOrNull(largestRise),
      conserved: conserved.map(({ name, largestDrift }) => ({ name, largestDrift: finiteOrNull(largestDrift) })),
      ...(failure === null ? {} : { failure }),
    },
  };
}

/** Those of flows that may be polished. */
const REASONS = [
  'time',
  'trainLoss',
  'gradientNorm',
  'gradients',
  'steps',
  'stalled',
] as const satisfies readonly FlowStopReason[];

/** @throws StateError when it is none of a flow of so many parameters */
export function readFlowEnd(saved: SavedFields, parameterCount: number): FlowEnd {
  const stopReason = REASONS.find((each) => each === saved.any('stopReason'));
  if (!stopReason) throw new StateError('its flow did not end');
  return {
    parameters: saved.vector('parameters', parameterCount),
    loss: saved.number('loss', { least: 0 }),
    gradientNorm: saved.number('gradientNorm', { least: 0 }),
    stopReason,
    measurement: readMeasurement(saved.any('measurement')),
  };
}

const COUNTS = [
  'gradients',
  'losses',
  'hessians',
  'hessianProducts',
  'factorizations',
  'rejections',
  'newtonFailures',
] as const satisfies readonly (keyof FlowMeasurement)[];
const FAILURES = ['errorTest', 'newton', 'stepTooSmall'] as const satisfies readonly FlowMeasurement['failure'][];
const MOST_CONSERVED = 1000;

/** @throws StateError when it is none */
export function readMeasurement(value: unknown): FlowMeasurement {
  const saved = new SavedFields(value);
  saved.number('time', { least: 0 });
  for (const name of COUNTS) saved.number(name, { least: 0, whole: true });
  saved.flag('monotone');
  numberOrNull(saved, 'largestRise');
  for (const each of saved.list('conserved', MOST_CONSERVED)) {
    const quantity = new SavedFields(each);
    if (typeof quantity.any('name') !== 'string') throw new StateError('a conserved quantity has no name');
    numberOrNull(quantity, 'largestDrift');
  }
  const failure = saved.any('failure');
  if (failure !== undefined && !FAILURES.some((each) => each === failure)) throw new StateError('its failure is none');
  if (saved.any('polish') !== undefined) {
    const polish = saved.record('polish');
    for (const name of ['flowLoss', 'iterations', 'distance']) polish.number(name, { least: 0 });
  }
  return value as FlowMeasurement;
}

function numberOrNull(saved: SavedFields, name: string): void {
  if (saved.any(name) !== null) saved.number(name);
}

function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

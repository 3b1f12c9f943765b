import type { CellKey, CellResult, EngineEvent } from '../../protocol/events';
import { encodeLine } from '../../protocol/lines';
import { spectrumFacts } from '../curvature/largeSpectrum';
import type { Trace } from './trajectories/trace';

/**
 * A finished cell on its way to the main thread: its events as lines, and the numbers that the main thread works with. A
 * flat list crosses threads in a fraction of the time of the result with its measurements.
 */
export type CellOutput = [
  lines: string,
  trainLoss: number | null,
  testError: number | null,
  steps: number,
  stopReason: CellResult['stopReason'],
  recovered: boolean,
  gradientNorm: number | null,
  linearlyStable: boolean | null | undefined,
  empiricalRank: number | undefined,
  flow: CellResult['flow'],
  hessianFacts: CellResult['hessianFacts'],
  solutionSpectra: CellResult['solutionSpectra'],
  /** On the grid of its picture, where they are kept. */
  values: number[] | undefined,
  /** What training found, where the experiment asks for it: else it would stand in every line of the journal. */
  parameters?: number[],
  /** Of its parameters on the way, where they were followed. */
  trace?: Trace,
];

export function packCell(cell: CellResult, values?: number[], parameters?: number[], trace?: Trace): CellOutput {
  const { sampleSize, trial, hessian } = cell;
  const line = (event: EngineEvent) => encodeLine(event);
  const spectrum = hessian ? line({ type: 'spectrum', sampleSize, trial, measurement: hessian }) : '';
  const output: CellOutput = [
    spectrum + line({ type: 'cell', cell }),
    cell.trainLoss,
    cell.testError,
    cell.steps,
    cell.stopReason,
    cell.recovered,
    cell.gradientNorm,
    cell.linearlyStable,
    cell.empiricalRank?.rank,
    cell.flow,
    hessian && spectrumFacts(hessian),
    cell.solutionSpectra,
    values,
  ];
  if (parameters ?? trace) output[13] = parameters;
  if (trace) output[14] = trace;
  return output;
}

/** A cell without singular values and eigenvalues: a few numbers, whatever the experiment measures. */
export type PlainCell = Omit<CellResult, 'empiricalRank' | 'solutionRank' | 'solutionSpectra' | 'hessian'>;

export interface UnpackedCell {
  /** The events of the cell, one a line. */
  lines: string;
  cell: PlainCell;
  empiricalRank: number | undefined;
  solutionSpectra: CellResult['solutionSpectra'];
  /** Of what training found, on the grid of its picture. */
  values: number[] | undefined;
  parameters: number[] | undefined;
  trace: Trace | undefined;
}

export function unpackCell(output: CellOutput, { sampleSize, trial }: CellKey): UnpackedCell {
  // By index: taking a list apart by a pattern goes through an iterator and costs more than all the rest here.
  const cell: PlainCell = {
    sampleSize,
    trial,
    trainLoss: output[1],
    testError: output[2],
    steps: output[3],
    stopReason: output[4],
    recovered: output[5],
    gradientNorm: output[6],
  };
  const linearlyStable = output[7];
  if (linearlyStable !== undefined) cell.linearlyStable = linearlyStable;
  const flow = output[9];
  if (flow) cell.flow = flow;
  const facts = output[10];
  if (facts) cell.hessianFacts = facts;
  return {
    lines: output[0],
    cell,
    empiricalRank: output[8],
    solutionSpectra: output[11],
    values: output[12],
    parameters: output[13],
    trace: output[14],
  };
}

import { parseExpression } from '../../experiment/expression';
import type { ResolvedTask } from '../../experiment/kinds/repopulation';
import { compileExpression } from '../models/expression/compile';
import { BoundExpression } from '../models/formula';
import { randomStream, type RandomStream } from '../random/stream';
import type { LossKind, NetData } from './loss';

/** What the nets learn from and are tested on. */
export interface NetTask {
  loss: LossKind;
  inputs: number;
  outputs: number;
  train: NetData;
  test: NetData;
}

/** Values of a function at uniform inputs; the net sees the input with mean 0 and variance 1. */
export function functionTask(task: Extract<ResolvedTask, { kind: 'function' }>, seed: number): NetTask {
  const { from, to, samples, testSamples, expression } = task;
  const names = new Map([['x', 0]]);
  const tape = compileExpression(parseExpression(expression, names.keys()), [], names);
  const data = (count: number, stream: RandomStream): NetData => {
    const values = Float64Array.from({ length: count }, () => from + (to - from) * stream.uniform());
    const targets = new Float64Array(count);
    new BoundExpression(tape, { count, dimension: 1, values }).evaluate(new Float64Array(0), targets);
    const scale = Math.sqrt(12) / (to - from);
    return { inputs: values.map((x) => scale * (x - 0.5 * (from + to))), targets, count };
  };
  return {
    loss: 'squaredError',
    inputs: 1,
    outputs: 1,
    train: data(samples, randomStream(seed, 'training set')),
    test: data(testSamples, randomStream(seed, 'test set')),
  };
}

const MOST_CLASSES = 1000;

/**
 * Classes of rows of numbers, the last of which is the class, from 0. Inputs get mean 0 and variance 1 over the training set; what does
 * not vary there is only centred.
 *
 * @throws RangeError that says which line is wrong
 */
export function classesTask(text: string, testFraction: number, seed: number): NetTask {
  const rows: number[][] = [];
  text.split(/\r?\n/).forEach((line, i) => {
    if (line.trim() === '' || line.startsWith('#')) return;
    const row = line.split(',').map(Number);
    const label = row[row.length - 1];
    const where = `Line ${i + 1}`;
    if (row.length < 2 || !row.every(Number.isFinite))
      throw new RangeError(`${where} is not a list of numbers with commas between them.`);
    if (rows.length > 0 && row.length !== rows[0].length) {
      throw new RangeError(`${where} has ${row.length} numbers, the lines before it ${rows[0].length}.`);
    }
    if (!(Number.isInteger(label) && label >= 0 && label < MOST_CLASSES)) {
      throw new RangeError(`${where} ends in ${label}, which is no class from 0 to ${MOST_CLASSES - 1}.`);
    }
    rows.push(row);
  });
  const testCount = Math.round(testFraction * rows.length);
  if (testCount < 1 || rows.length - testCount < 2) throw new RangeError(`${rows.length} rows are too few to train and test on.`);
  const inputs = rows[0].length - 1;
  const outputs = rows.reduce((most, row) => Math.max(most, row[inputs]), 0) + 1;
  randomStream(seed, 'training set').shuffle(rows);
  const trainRows = rows.slice(testCount);
  const means = new Float64Array(inputs);
  const scales = new Float64Array(inputs);
  for (let i = 0; i < inputs; i++) {
    let sum = 0;
    for (const row of trainRows) sum += row[i];
    means[i] = sum / trainRows.length;
    let square = 0;
    for (const row of trainRows) square += (row[i] - means[i]) * (row[i] - means[i]);
    scales[i] = square > 0 ? 1 / Math.sqrt(square / trainRows.length) : 1;
  }
  const data = (chosen: readonly number[][]): NetData => {
    const values = new Float64Array(chosen.length * inputs);
    const targets = new Float64Array(chosen.length * outputs);
    chosen.forEach((row, s) => {
      for (let i = 0; i < inputs; i++) values[s * inputs + i] = (row[i] - means[i]) * scales[i];
      targets[s * outputs + row[inputs]] = 1;
    });
    return { inputs: values, targets, count: chosen.length };
  };
  return { loss: 'crossEntropy', inputs, outputs, train: data(trainRows), test: data(rows.slice(0, testCount)) };
}

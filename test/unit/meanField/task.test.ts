import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { classesTask, functionTask } from '../../../src/engine/meanField/task';

const digits = () => readFileSync(join(__dirname, '../../../examples/data/digits.csv'), 'utf8');

describe('classes from a file', () => {
  test('the digits: 1797 images of 64 pixels, 10 classes, each about as often as in scikit-learn', () => {
    const { inputs, outputs, train, test: held } = classesTask(digits(), 0.3, 1);
    expect([inputs, outputs, train.count, held.count]).toEqual([64, 10, 1258, 539]);
    // sklearn.datasets.load_digits().target_names with their counts.
    const counts = new Array<number>(10).fill(0);
    for (const data of [train, held]) {
      for (let s = 0; s < data.count; s++) {
        const row = data.targets.subarray(10 * s, 10 * s + 10);
        expect(row.reduce((sum, value) => sum + value, 0)).toBe(1);
        counts[row.indexOf(1)]++;
      }
    }
    expect(counts).toEqual([178, 182, 177, 183, 181, 182, 181, 179, 174, 180]);
  });

  test('inputs have mean 0 and variance 1 over the training set, or are constant', () => {
    const { train } = classesTask(digits(), 0.3, 2);
    for (let i = 0; i < 64; i++) {
      let sum = 0;
      let square = 0;
      for (let s = 0; s < train.count; s++) {
        sum += train.inputs[64 * s + i];
        square += train.inputs[64 * s + i] * train.inputs[64 * s + i];
      }
      expect(Math.abs(sum / train.count)).toBeLessThan(1e-12);
      if (square > 0) expect(square / train.count).toBeCloseTo(1, 10);
    }
  });

  test('says which line is wrong', () => {
    const read = (text: string) => () => classesTask(text, 0.5, 1);
    expect(read('# no data\n1,2,0\n1,x,0\n')).toThrow('Line 3 is not a list of numbers');
    expect(read('1,2,0\n1,0\n')).toThrow('Line 2 has 2 numbers, the lines before it 3');
    expect(read('1,2,0.5\n')).toThrow('Line 1 ends in 0.5');
    expect(read('1,2,0\n1,3,1\n')).toThrow('too few');
    expect(read('1,2,0\r\n1,3,1\r\n1,4,1\r\n1,5,0\r\n')).not.toThrow();
  });
});

test('a function: standardised inputs, and the function at the inputs before', () => {
  const task = { kind: 'function', expression: 'cos(4*x)', from: 1, to: 3, samples: 5000, testSamples: 10 } as const;
  const { train, test: held } = functionTask(task, 1);
  expect(held.count).toBe(10);
  let square = 0;
  for (let s = 0; s < train.count; s++) {
    const z = train.inputs[s];
    square += z * z;
    expect(train.targets[s]).toBeCloseTo(Math.cos(4 * (2 + (z * 2) / Math.sqrt(12))), 12);
  }
  expect(square / train.count).toBeCloseTo(1, 1);
});

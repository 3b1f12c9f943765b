import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createModel } from '../../../src/engine/models/registry';
import type { ParameterBlock } from '../../../src/engine/models/model';
import { arrangeParameters, readWeights, type NamedTensor } from '../../../src/engine/weights';
import { sizeOf } from '../../../src/engine/weights/tensor';

const network = createModel({
  kind: 'twoLayer',
  activation: 'tanh',
  inputs: 2,
  width: 3,
  hiddenBias: true,
  outputBias: true,
});

function tensor(name: string, shape: number[], values: number[]): NamedTensor {
  return { name, shape, values: Float64Array.from(values) };
}

/** W = [[1 2] [3 4] [5 6]], b = [7 8 9], a = [10 11 12], c = 13, in the order of the model: a, W, b, c. */
const EXPECTED = [10, 11, 12, 1, 2, 3, 4, 5, 6, 7, 8, 9, 13];

describe('arranging weights', () => {
  it("reads PyTorch's state_dict of a sequential net", () => {
    const tensors = [
      tensor('0.weight', [3, 2], [1, 2, 3, 4, 5, 6]),
      tensor('0.bias', [3], [7, 8, 9]),
      tensor('2.weight', [1, 3], [10, 11, 12]),
      tensor('2.bias', [1], [13]),
    ];
    expect([...arrangeParameters(tensors, network.layout)]).toEqual(EXPECTED);
    expect([...arrangeParameters([...tensors].reverse(), network.layout)]).toEqual(EXPECTED);
  });

  it("reads Flax's kernels, whose axes are exchanged", () => {
    const tensors = [
      tensor('Dense_0/kernel', [2, 3], [1, 3, 5, 2, 4, 6]),
      tensor('Dense_0/bias', [3], [7, 8, 9]),
      tensor('Dense_1/kernel', [3, 1], [10, 11, 12]),
      tensor('Dense_1/bias', [1], [13]),
    ];
    expect([...arrangeParameters(tensors, network.layout)]).toEqual(EXPECTED);
  });

  it('puts the tenth layer after the second', () => {
    const widths = Array.from({ length: 11 }, (_, l) => l + 1);
    const deep = createModel({ kind: 'deepNetwork', activation: 'tanh', inputs: 1, widths, outputs: 1, bias: false });
    const tensors = deep.layout.map((block, l) =>
      tensor(`${l}.weight`, [...block.shape], new Array<number>(sizeOf(block.shape)).fill(l)),
    );
    const parameters = arrangeParameters(
      tensors.sort((a, b) => (a.name < b.name ? -1 : 1)),
      deep.layout,
    );
    deep.layout.forEach(({ offset }, l) => expect(parameters[offset]).toBe(l));
  });

  it('finds blocks by their names, in any order, and all of them in one list', () => {
    const layouts = fc.array(fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 3 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(layouts, fc.infiniteStream(fc.double({ noNaN: true, noDefaultInfinity: true })), (shapes, numbers) => {
        let offset = 0;
        const layout: ParameterBlock[] = shapes.map((shape, i) => {
          const block = { name: `block${i}`, offset, shape };
          offset += sizeOf(shape);
          return block;
        });
        const whole = Array.from({ length: offset }, () => numbers.next().value);
        const tensors = layout.map((block) =>
          tensor(block.name.toUpperCase(), [...block.shape], whole.slice(block.offset, block.offset + sizeOf(block.shape))),
        );
        expect([...arrangeParameters([...tensors].reverse(), layout)]).toEqual(whole);
        expect([...arrangeParameters([tensor('theta', [offset], whole)], layout)]).toEqual(whole);
      }),
    );
  });

  it.each([
    ['a missing array', [tensor('0.weight', [3, 2], [1, 2, 3, 4, 5, 6])], /the model has outputWeights \(3 numbers\)/],
    [
      'another shape',
      [
        tensor('0.weight', [2, 3], [1, 2, 3, 4, 5, 6]),
        tensor('0.bias', [3], [7, 8, 9]),
        tensor('2.weight', [1, 3], [10, 11, 12]),
        tensor('2.bias', [1], [13]),
      ],
      /“inputWeights” takes 3 × 2, but “0.weight” is 2 × 3/,
    ],
    ['a number that is none', [tensor('theta', [13], [...EXPECTED.slice(1), NaN])], /Parameter 13 in the weights file is NaN/],
    ['nothing', [], /The file has no arrays/],
  ])('says what is wrong with %s', (_, tensors, message) => {
    expect(() => arrangeParameters(tensors, network.layout)).toThrow(message);
  });
});

describe('weights files that are damaged', () => {
  const good = new TextEncoder().encode('{"parameters": [1, 2]}');

  it('are errors in words, whatever the bytes', () => {
    const endings = fc.constantFrom('.npz', '.npy', '.safetensors', '.json');
    fc.assert(
      fc.property(endings, fc.uint8Array({ maxLength: 200 }), (ending, bytes) => {
        try {
          readWeights(bytes, `weights${ending}`);
        } catch (error) {
          expect((error as Error).name).toBe('EngineError');
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('are named by their ending', () => {
    expect(() => readWeights(good, 'weights.pt')).toThrow(/\.npz, \.npy, \.safetensors or \.json/);
  });

  it.each(['[1, "2"]', '{"W": [[1, 2], [3]]}', '3', '{'])('are told apart from JSON with weights: %s', (text) => {
    expect(() => readWeights(new TextEncoder().encode(text), 'w.json')).toThrow();
  });
});

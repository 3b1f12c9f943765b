import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeExact, encodeExact } from '../../../src/engine/store/exactJson';
import { followedPlaces, MOST_FOLLOWED, ParameterPath } from '../../../src/engine/training/parameterPath';
import { SavedFields, StateError } from '../../../src/engine/training/savedState';

/** Parameters before a step: any function of it. */
const at = (step: number, count: number) => Float64Array.from({ length: count }, (_, i) => Math.sin(step + i));

/** Goes on until a step, looking where the path wants to, in slices of any length. */
function follow(path: ParameterPath, from: number, to: number, count: number): void {
  for (let step = from; step < to; step++) if (step >= path.next) path.look(step, at(step, count), step / 2);
}

describe('the path of parameters', () => {
  it('is the same wherever the training was saved and gone on from', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 3000 }),
        fc.integer({ min: 1, max: 3000 }),
        fc.integer({ min: 1, max: 5 }),
        (a, b, count) => {
          const [middle, end] = [Math.min(a, b), Math.max(a, b)];
          const whole = new ParameterPath(count);
          follow(whole, 0, end, count);
          const begun = new ParameterPath(count);
          follow(begun, 0, middle, count);
          const saved = decodeExact(encodeExact({ path: begun.save() })) as { path: unknown };
          const path = ParameterPath.goOn(new SavedFields(saved.path), count);
          follow(path, middle, end, count);
          expect(path).toEqual(whole);
          // Few, evenly in the logarithm.
          expect(whole.steps.length).toBeLessThan(8 + 12 * Math.log10(end + 1));
        },
      ),
    );
  });

  it('refuses what is none of the model', () => {
    const path = new ParameterPath(3);
    follow(path, 0, 100, 3);
    const saved = path.save();
    const goOn =
      (changes: object, count = 3) =>
      () =>
        ParameterPath.goOn(new SavedFields({ ...saved, ...changes }), count);
    expect(goOn({})).not.toThrow();
    expect(goOn({}, 4)).toThrow(StateError);
    expect(goOn({ steps: saved.steps.map((step) => step + 1) })).toThrow(StateError);
    expect(goOn({ times: new Float64Array(2) })).toThrow(StateError);
    expect(goOn({ values: [1, 2] })).toThrow(StateError);
    expect(goOn({ steps: new Float64Array(5000) })).toThrow(StateError);
  });

  it('follows some of very many parameters, spread over all', () => {
    expect(followedPlaces(5)).toEqual([0, 1, 2, 3, 4]);
    const places = followedPlaces(100_000);
    expect(places).toHaveLength(MOST_FOLLOWED);
    expect([places[0], places.at(-1)! > 99_800]).toEqual([0, true]);
    expect(new Set(places).size).toBe(MOST_FOLLOWED);
    const path = new ParameterPath(100_000);
    path.look(
      0,
      Float64Array.from({ length: 100_000 }, (_, i) => i),
    );
    expect([...path.points[0]]).toEqual(places);
  });
});

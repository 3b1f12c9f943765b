import { describe, expect, it } from 'vitest';
import { TARGETS } from '../fuzz/targets';
import { tryInput } from '../fuzz/tryInput';

/** Of each target; `npm run test:fuzz` tries as many as one likes, in processes that may hang. */
const INPUTS = 150;

describe('what others wrote is read without crash, hang or escape', () => {
  it.each(TARGETS.map(({ target }) => [target.name, target] as const))('%s', (_, target) => {
    const findings = [];
    for (let place = 0; place < INPUTS; place++) {
      const { finding } = tryInput(target, 20_261_122, place);
      // How long an input takes, and how much memory, is for the long form to say: here other tests are at work.
      if (finding && finding.kind !== 'hang' && finding.kind !== 'memory') findings.push({ place, ...finding });
    }
    expect(findings).toEqual([]);
  });

  it('notices a crash, another prototype, and a file outside of the folder', () => {
    const target = (read: () => unknown) => ({ name: 'bad', make: () => null, read });
    const kindOf = (read: () => unknown) => tryInput(target(read), 1, 0).finding?.kind;
    expect(kindOf(() => 1)).toBeUndefined();
    expect(
      kindOf(() => {
        throw new TypeError('x');
      }),
    ).toBe('crash');
    expect(kindOf(() => ({ inner: [Object.create({ polluted: 1 })] }))).toBe('escape');
    const prototype = Object.prototype as { polluted?: number };
    try {
      expect(
        kindOf(() => {
          prototype.polluted = 1;
        }),
      ).toBe('escape');
    } finally {
      delete prototype.polluted;
    }
  });
});

import { describe, expect, it } from 'vitest';
import { hessianHistory } from '../../src/webview/charts/hessianHistory';
import type { SpectrumAtStep } from '../../src/protocol/spectra';

const at = (step: number, eigenvalues: number[], lower?: number): SpectrumAtStep => ({
  step,
  measurement: { eigenvalues, residual: 1e-15, converged: true, ...(lower === undefined ? {} : { lower }) },
});

describe('eigenvalues over the steps', () => {
  it('are the outermost of each end, as many as every spectrum has', () => {
    const spectra = [at(0, [-3, -1, 1, 3], 2), at(10, [-0.5, 0.1, 2, 5], 2), at(100, [0, 0.2, 4], 1)];
    const linear = hessianHistory(spectra, 'n = 3', { x: 'linear', y: 'linear' });
    const [smallest, largest] = linear.series.map((series) => (series.kind === 'line' ? series.parts : []));
    expect(largest!.map(({ y }) => y)).toEqual([
      [3, 5, 4],
      [1, 2, 0.2],
    ]);
    expect(smallest!.map(({ x, y }) => [x, y])).toEqual([
      [
        [0, 10, 100],
        [-3, -0.5, 0],
      ],
    ]);
    const [negative] = hessianHistory(spectra, '', { x: 'log', y: 'log' }).series.map((series) =>
      series.kind === 'line' ? series.parts : [],
    );
    expect(negative![0]!.y).toEqual([3, 0.5, -0]);
    expect(linear.summary).toContain('at step 100 from 0 to 4');
    expect(linear.markers).toEqual([]);
    const marked = hessianHistory(spectra, '', { x: 'linear', y: 'linear' }, { step: 10, label: 'step 10' });
    expect(marked.markers).toMatchObject([{ axis: 'x', value: 10, label: 'step 10' }]);
    expect(hessianHistory([], '', { x: 'linear', y: 'log' }).empty).not.toBeNull();
  });
});

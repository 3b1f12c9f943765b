import { describe, expect, it } from 'vitest';
import type { EngineEvent, LiftingResults } from '../../../src/protocol/events';
import { exampleText, runText } from './runFile';

const told = (events: EngineEvent[]) =>
  new Set(
    events.flatMap((event) => (event.type === 'table' ? [event.table.id] : event.type === 'figure' ? [event.figure.id] : [])),
  );

describe('examples of lifting', () => {
  it.each(['exp-saddle', 'three-layer-degenerate', 'trained-tanh'])('%s: all expectations are met', async (name) => {
    const { exitCode, finished } = await runText(exampleText(`lifting-${name}`));
    for (const verdict of finished.summary.verdicts) expect(verdict).toMatchObject({ result: 'met' });
    expect(exitCode).toBe(0);
  });

  it('tells the worked example to the digits printed', async () => {
    const { events, finished } = await runText(exampleText('lifting-exp-saddle'));
    const { loss, points, narrow, existence, skipped } = finished.summary.results as LiftingResults;
    expect(loss).toBeCloseTo(2 / 3, 14);
    expect(narrow.residuals.map((e) => e.toFixed(6))).toEqual(['-0.666667', '0.000000', '0.333333', '0.333333']);
    const at = (name: string) => points.find((point) => point.name === name)!;
    for (const t of ['−2', '0.7', '3']) expect(at(`w2 = (${t}, 0)`).gradientNorm).toBeLessThan(1e-14);
    expect(at('w2 = (0.7, 0.5)').gradientNorm.toFixed(3)).toBe('0.343');
    const [step] = at('w2 = (0.7, 0)').certificate!.saddle!.steps;
    expect([step.down, step.predicted, step.up].map((change) => change.toExponential(2))).toEqual([
      '-3.33e-6',
      '-3.33e-6',
      '9.99e-6',
    ]);
    const dataSet = at('w2 = (0.7, 0)').certificate!.dataSet!;
    expect(dataSet.narrowGradientNorm).toBeLessThan(1e-13);
    expect(dataSet.gradientNorm).toBeGreaterThan(1e-3);
    expect(existence!.dimensions.slice(3)).toEqual([
      { samples: 4, dimension: 0 },
      { samples: 5, dimension: 1 },
      { samples: 6, dimension: 2 },
    ]);
    expect(existence!.common!.gradientNorm).toBeLessThan(1e-13);
    expect(skipped.map(({ construction }) => construction)).toEqual(['signFlipped', 'degenerate']);
    expect(told(events)).toEqual(new Set(['narrow', 'points', 'gradients', 'certificates', 'descent', 'existence']));
  });

  it('says so when no critical point is near a given one', async () => {
    const text = exampleText('lifting-exp-saddle').replace('[1, -1.0986122886681098, 0] }', '[4, 300, 1] }');
    await expect(runText(text)).rejects.toThrow(/no-critical-point|numerical/);
  });
});

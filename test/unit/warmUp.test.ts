import { expect, it } from 'vitest';
import { EXIT } from '../../src/engine/errors';
import { runSession, type SessionOptions } from '../../src/engine/session';
import { warmUp } from '../../src/engine/warmUp';
import type { EngineEvent } from '../../src/protocol/events';

it('an engine warms up with an experiment that goes through trainings, ranks, spectra and verdicts, and meets what it expects', async () => {
  const types = new Set<EngineEvent['type']>();
  let given: SessionOptions | undefined;
  const code = await warmUp((options) => {
    given = options;
    return runSession({ ...options, emit: (event) => void types.add(event.type) });
  });
  expect(code).toBe(EXIT.met);
  expect([...types]).toEqual(expect.arrayContaining(['accepted', 'rank', 'curve', 'spectrum', 'cell', 'verdict', 'finished']));
  // Nobody hears of it, and nothing is left.
  expect(given).toMatchObject({ outFolder: null, workers: 0, report: false });
  expect([given?.write, given?.emit]).toEqual([undefined, undefined]);
});

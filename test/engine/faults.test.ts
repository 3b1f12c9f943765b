import fs from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporary } from '../faults/engineRun';
import { FAULTS, makeReference } from '../faults/faults';

// Each once; `npm run test:faults` tries them many times.
describe('a run that is hit by a fault loses nothing, says what is true and goes on', () => {
  let reference: Awaited<ReturnType<typeof makeReference>>;
  beforeAll(async () => void (reference = await makeReference()), 240_000);
  afterAll(() => reference?.remove());

  for (const { name, unavailable, attempt } of FAULTS)
    it(name, { timeout: 480_000 }, async (context) => {
      const why = await unavailable?.();
      if (why !== undefined) return context.skip(why);
      const folder = temporary();
      try {
        expect(await attempt({ ...reference, folder })).toEqual({ lost: 0, wrong: [] });
      } finally {
        fs.rmSync(folder, { recursive: true, force: true });
      }
    });
});

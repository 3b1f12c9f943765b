import { createHash } from 'node:crypto';
import { describe, expect, it, vi } from 'vitest';
import { thinCurve } from '../../../src/engine/report/thinCurve';
import { renderReport } from '../../../src/engine/report/report';
import { RunKeeper } from '../../../src/engine/report/runKeeper';
import { runSession } from '../../../src/engine/session';
import { packCell, unpackCell } from '../../../src/engine/studies/cellOutput';
import type { EngineEvent } from '../../../src/protocol/events';
import type { RunRecord } from '../../../src/protocol/record';
import { applyEvent, emptyRecord } from '../../../src/protocol/reduce';
import { matrixExperiment } from '../experiments';

vi.mock('../../../src/engine/report/assets', () => ({
  reportScript: 'document.title = "drawn </script><b>";',
  reportStyle: 'main { color: black }',
}));

async function record(title: string): Promise<RunRecord> {
  const events: EngineEvent[] = [];
  await runSession({
    text: JSON.stringify({
      ...matrixExperiment({ training: { trials: 2 }, hessian: 'full', expect: { recoveredFrom: 7 } }),
      title,
    }),
    fileName: 'x.recovery.json',
    outFolder: null,
    report: false,
    signal: new AbortController().signal,
    emit: (event) => events.push(event),
    log: () => undefined,
  });
  const folded = emptyRecord({ id: 'x', fileName: 'x.recovery.json', startedAt: 0 });
  for (const event of events) applyEvent(folded, event);
  return folded;
}

describe('renderReport', () => {
  it('holds the record, and nothing of it can end the element it stands in', async () => {
    const title = '</script><script>alert(1)</script><!-- "title" & more';
    const folded = await record(title);
    const html = renderReport(folded);
    const json = html.match(/<script type="application\/json" id="record">(.*?)<\/script>/s)![1];
    expect(json).not.toContain('<');
    const embedded = JSON.parse(json) as RunRecord;
    expect(embedded.accepted!.config.title).toBe(title);
    expect(Object.keys(embedded.cells)).toEqual(Object.keys(folded.cells));
    expect(embedded.finished!.summary.verdicts).toEqual(folded.finished!.summary.verdicts);
    for (const [id, curve] of Object.entries(embedded.curves)) {
      expect(curve.steps.at(-1)).toBe(folded.curves[id].steps.at(-1));
      expect(curve.losses.at(-1)! / folded.curves[id].losses.at(-1)!).toBeCloseTo(1, 4);
    }
    expect(html).toContain('<title>&lt;/script&gt;&lt;script&gt;alert(1)&lt;/script&gt;&lt;!-- &quot;title&quot; &amp; more');
    // The elements of the page itself: the record and the script.
    expect(html.match(/<script/g)).toHaveLength(2);
    expect(html.match(/<\/script>/g)).toHaveLength(2);
  });

  it('allows its own script and nothing else, least of all the network', async () => {
    const html = renderReport(await record('Title'));
    const script = html.match(/<script>(.*?)<\/script>/s)![1];
    const policy = html.match(/Content-Security-Policy" content="([^"]*)"/)![1];
    expect(policy).toContain(`script-src 'sha256-${createHash('sha256').update(script).digest('base64')}'`);
    expect(policy).toContain("default-src 'none'");
    expect(html).not.toMatch(/\b(src|href)=/);
  });

  it('is the same whether measurements stand in the record or come as lines', async () => {
    const folded = await record('Title');
    const keeper = new RunKeeper(folded);
    Object.assign(keeper.record, folded, { cells: {}, spectra: {} });
    Object.values(folded.cells).forEach((cell, index) => keeper.addCell(unpackCell(packCell(cell), cell), index));
    expect(Object.values(keeper.record.cells).some(({ empiricalRank, hessian }) => empiricalRank ?? hessian)).toBe(false);
    const embedded = (html: string) => JSON.parse(html.match(/id="record">(.*?)<\/script>/s)![1]) as RunRecord;
    const whole = embedded(renderReport(folded));
    expect(Object.values(whole.cells).every(({ solutionRank }) => solutionRank!.singularValues.length > 10)).toBe(true);
    expect(Object.keys(whole.spectra)).toHaveLength(4);
    expect(embedded(renderReport(keeper.record, keeper.measured))).toEqual(whole);
  });

  it('is readable without scripts', async () => {
    const html = renderReport(await record('Title'));
    const plain = html.match(/<noscript>(.*)<\/noscript>/s)![1];
    expect(plain).toContain('Predicted optimistic sample size 7');
    expect(plain).toMatch(/<tr><td>7<\/td><td>[\d.]+e-(9|10)<\/td>/);
    expect(plain).toMatch(/<td>recoveredFrom<\/td><td>met<\/td>/);
  });

  it('stays small however long the run was', async () => {
    const folded = await record('Title');
    const [cell] = Object.values(folded.cells);
    const [curve] = Object.values(folded.curves);
    for (let trial = 0; trial < 2000; trial++) {
      const steps = Array.from({ length: 250 }, (_, i) => i * i);
      folded.curves[`7/${trial}`] = { ...curve, trial, steps, losses: steps.map((step) => Math.exp(-step / 1000)) };
      folded.cells[`7/${trial}`] = { ...cell, trial };
    }
    const html = renderReport(folded);
    expect(html.length).toBeLessThan(2_000_000);
    // The page opens on the last trial, so that one is whole.
    const embedded = JSON.parse(html.match(/id="record">(.*?)<\/script>/s)![1]) as RunRecord;
    expect(embedded.curves['7/1999']?.steps.length).toBeGreaterThan(10);
    expect(embedded.cells['7/1999']?.solutionRank?.singularValues.length).toBeGreaterThan(10);
    expect(embedded.finished).toEqual(
      JSON.parse(JSON.stringify(folded.finished), (_key, value: unknown) =>
        typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(6)) : value,
      ),
    );
  });
});

describe('thinCurve', () => {
  it('keeps both ends and spreads the rest over the logarithm of the step', () => {
    const steps = Array.from({ length: 10_001 }, (_, i) => i);
    const thin = thinCurve({ sampleSize: 1, trial: 0, steps, losses: steps.map((step) => -step) }, 50);
    expect(thin.steps.length).toBeLessThanOrEqual(50);
    expect(thin.steps.length).toBeGreaterThan(30);
    expect([thin.steps[0], thin.steps.at(-1)]).toEqual([0, 10_000]);
    expect(thin.losses).toEqual(thin.steps.map((step) => -step));
    const late = thin.steps.filter((step) => step >= 1000).length;
    const earlier = thin.steps.filter((step) => step >= 100 && step < 1000).length;
    expect(Math.abs(late - earlier)).toBeLessThanOrEqual(2);
  });
});

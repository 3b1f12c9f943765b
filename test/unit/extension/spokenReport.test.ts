import { createHash } from 'node:crypto';
import { describe, expect, test, vi } from 'vitest';
import { renderReport } from '../../../src/engine/report/report';
import { spokenReport } from '../../../src/extension/reports/spokenReport';
import { SpokenWords } from '../../../src/extension/spokenWords';
import type { RunRecord } from '../../../src/protocol/record';
import { applyEvent, emptyRecord } from '../../../src/protocol/reduce';
import { matrixExperiment } from '../experiments';
import { eventsOf } from '../studies/runFile';
import { bundle } from './germanWords';

vi.mock('../../../src/engine/report/assets', () => ({ reportScript: 'document.title = "drawn";', reportStyle: 'main {}' }));

const spoken = (html: string) => spokenReport(html, new SpokenWords(bundle), bundle, 'de');

async function stored(title: string): Promise<string> {
  const text = JSON.stringify({
    ...matrixExperiment({ training: { trials: 2 }, expect: { recoveredFrom: 7, modelRank: 7 } }),
    title,
  });
  const record = emptyRecord({ id: 'x', fileName: 'x.recovery.json', startedAt: 0 });
  for (const event of (await eventsOf(text)).events) applyEvent(record, event);
  return renderReport(record);
}

const dataOf = (html: string, id: string) =>
  JSON.parse(new RegExp(`<script type="application/json" id="${id}">(.*?)</script>`, 's').exec(html)![1]) as unknown;

describe('a stored report', () => {
  test('is opened in German with the same numbers, and may still run its own script alone', async () => {
    const title = '</script>$& <b>Verdicts</b> & "more"';
    const before = await stored(title);
    const after = spoken(before)!;
    expect(after).toContain('<html lang="de">');
    expect(dataOf(after, 'l10n')).toMatchObject({ Verdicts: 'Urteile' });
    const [english, german] = [before, after].map((html) => dataOf(html, 'record') as RunRecord);
    expect(german.accepted!.predictions.source).not.toBe(english.accepted!.predictions.source);
    expect(german.accepted!.config.title).toBe(title);
    expect({ ...german, accepted: null, verdicts: [], tables: [], figures: [] }).toEqual({
      ...english,
      accepted: null,
      verdicts: [],
      tables: [],
      figures: [],
    });
    const script = /<script>(.*?)<\/script>/s.exec(after)![1];
    expect(after).toContain(`'sha256-${createHash('sha256').update(script, 'utf8').digest('base64')}'`);
    expect(after.match(/<script/g)).toHaveLength(3);
  });

  test('says its plain tables in German where scripts do not run', async () => {
    const plain = /<noscript>([^]*)<\/noscript>/.exec(spoken(await stored('Verdicts'))!)![1];
    expect(plain).toContain('<h1>Verdicts</h1>');
    expect(plain).toContain('<caption>Urteile</caption>');
    expect(plain).toMatch(/<p>Modellrang 7\.<\/p>\n<p>Wiedergewonnen ab n = \S+; linear stabil ab n = \S+<\/p>/);
    expect(plain).not.toMatch(/Reasons|Sample size|Recovered|Predicted/);
  });

  test('stays as it is where its record is of a form that is not known', () => {
    expect(spoken('<html lang="en">nothing</html>')).toBeUndefined();
    expect(spoken('<script type="application/json" id="record">{"verdicts":3}</script>')).toBeUndefined();
    expect(spoken('<script type="application/json" id="record">{</script>')).toBeUndefined();
  });
});

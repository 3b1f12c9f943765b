import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import type { TerminalStream } from '../../../src/engine/terminal/liveLine';
import { TerminalView } from '../../../src/engine/terminal/view';
import { exampleText, runText } from '../studies/runFile';

/** What stands on a terminal at the end of a run. */
async function printed(text: string): Promise<string> {
  const stream = new PassThrough() as PassThrough & TerminalStream;
  stream.columns = 160;
  const view = new TerminalView(stream, { name: 'file.recovery.json', text }, {});
  for (const event of (await runText(text)).events) view.take(event);
  return String(stream.read());
}

const withPublished = (text: string, published: unknown): string =>
  JSON.stringify({ ...(JSON.parse(text.replace(/^\s*\/\/.*$/gm, '')) as object), published });

test('published numbers stand beside what the run measured, once it has it', async () => {
  const text = withPublished(exampleText('quick-start'), [
    {
      source: 'arXiv 0000.00000',
      figure: 'Fig. 1',
      chart: 'testError',
      values: [
        { label: 'recovered from', x: 6, measured: 'recoveredFrom' },
        { label: 'never measured', x: 3, measured: 'nothingOfTheKind' },
      ],
    },
  ]);
  const lines = (await printed(text)).split('\n');
  const at = lines.indexOf('Published and measured');
  expect(at).toBeGreaterThan(0);
  expect(lines[at + 1].trim().split(/\s{2,}/)).toEqual(['Published in', 'Quantity', 'Published', 'Measured']);
  expect(lines[at + 2].trim().split(/\s{2,}/)).toEqual(['arXiv 0000.00000, Fig. 1', 'recovered from', '6', '5']);
  expect(lines[at + 3].trim().split(/\s{2,}/)).toEqual(['arXiv 0000.00000, Fig. 1', 'never measured', '3', '–']);
  expect(lines[at + 4]).toBe('The run has no result “nothingOfTheKind”.');
});

test('nothing is said of what was not published', async () => {
  expect(await printed(exampleText('quick-start'))).not.toContain('Published');
});

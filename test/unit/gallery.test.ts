import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');
const folder = path.join(root, 'examples');
const page = readFileSync(path.join(folder, 'README.md'), 'utf8');
const files = readdirSync(folder).filter((name) => name.endsWith('.recovery.json'));
/** By the file that each links to first. */
const sections = new Map(
  page.split(/^(?=#{2,4} )/m).flatMap((section) => {
    const file = /^#### .*\n\n\[([^\]]+)\]\(\1\)/.exec(section)?.[1];
    return file ? [[file, section] as const] : [];
  }),
);

describe('gallery', () => {
  test('has every example and no others; npm run gallery -- NAME --write adds one', () => {
    expect([...sections.keys()].sort()).toEqual(files.sort());
  });

  test.each(files)('%s stands there with its comment, its measured results and its picture', (file) => {
    const section = sections.get(file) ?? '';
    const text = readFileSync(path.join(folder, file), 'utf8');
    const comment = text.split('\n').filter((line) => line.startsWith('//'));
    expect(plain(section)).toContain(plain(comment.map((line) => line.slice(2).trim()).join('\n')));
    expect(section).not.toContain('Not run yet');
    if (text.includes('"expect"'))
      expect(section).toMatch(/^\| expectation +\| published or expected +\| measured +\| result +\|$/m);
    const picture = /!\[[^\n]+\]\((\.\.\/docs\/images\/gallery\/[^)]+\.png)\)/.exec(section)?.[1];
    expect(picture).toBeDefined();
    const image = path.join(folder, picture ?? '');
    expect(existsSync(image)).toBe(true);
    expect(statSync(image).size).toBeLessThan(60_000);
  });

  test('says nothing of the machine that made it', () => {
    expect(page).not.toContain(root);
    expect(page).not.toMatch(/(?:^|[\s(`"'])(?:\/(?:tmp|home|root|work|Users|var)\/|[A-Z]:\\)/m);
  });
});

interface Verdict {
  id: string;
  result: 'met' | 'failed' | 'inconclusive';
  expected: unknown;
  value: unknown;
  reasons: string[];
}

interface Results {
  resultRows(example: { expect: object }, found: { verdicts: Verdict[]; results: object }): string[][];
  reasonsOf(verdicts: Verdict[]): string[];
}

describe('rows of published against measured', async () => {
  const module = pathToFileURL(path.join(root, 'scripts/gallery/results.mjs')).href;
  const { resultRows, reasonsOf } = (await import(module)) as Results;
  const verdict = (id: string, result: Verdict['result'], expected: unknown, value: unknown): Verdict => {
    return { id, result, expected, value, reasons: [`reason of ${id}`] };
  };

  test('properties of one element share a row, and one that fails is named', () => {
    const verdicts = [
      verdict('total', 'met', 3, 3),
      verdict('branches[0].rank', 'met', 4, 4),
      verdict('branches[0].morseBott', 'failed', true, false),
      verdict('branches[1].rank', 'inconclusive', 5, undefined),
    ];
    expect(resultRows({ expect: {} }, { verdicts, results: {} })).toEqual([
      ['`total`', '3', '3', 'met'],
      ['`branches[0]`', 'rank 4, morseBott yes', 'rank 4, morseBott no', 'morseBott failed'],
      ['`branches[1]`', 'rank 5', 'rank –', 'rank inconclusive'],
    ]);
    expect(reasonsOf(verdicts)).toEqual([
      'branches[0].morseBott, failed: reason of branches[0].morseBott',
      'branches[1].rank, inconclusive: reason of branches[1].rank',
    ]);
  });

  test('a list is told by what the results hold, with one digit more than its tolerance', () => {
    const example = {
      expect: { limits: { points: [{ w: [1.1, 0.4], a: 2 }], within: 1e-3 }, slopes: [{ value: 0.5, within: 0.1 }] },
    };
    const results = { limits: [{ w: [1.10004, 0.39998], a: 2.00021, steps: 7 }], slopes: [0.5678] };
    const verdicts = [
      verdict('limits', 'met', 'a list of 1', 'a list of 1'),
      verdict('slopes', 'met', 'a list of 1', 'a list of 1'),
    ];
    expect(resultRows(example, { verdicts, results })).toEqual([
      ['`limits[0]`', 'w [1.1, 0.4] ± 0.001, a 2 ± 0.001', 'w [1.1, 0.4], a 2.0002', 'met'],
      ['`slopes[0]`', '0.5 ± 0.1', '0.57', 'met'],
    ]);
    const failed = [verdict('slopes', 'failed', 'a list of 1', 'a list of 1')];
    expect(resultRows(example, { verdicts: failed, results })).toEqual([['`slopes`', 'a list of 1', 'a list of 1', 'failed']]);
  });
});

/** Without the escapes of Markdown and its line breaks. */
function plain(text: string): string {
  return text
    .replace(/\\(?=[\\*_<])/g, '')
    .replace(/\s+/g, ' ')
    .trim();
}

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runLatex } from '../../src/webview/export/latex';
import { runMarkdown } from '../../src/webview/export/markdown';
import { reproduction } from '../../src/webview/export/reproduction';
import { recordOf, recoveryEvents } from './fixture';
import { studyEvents } from './studyFixture';

const record = () => recordOf(recoveryEvents());

/** Cells of a Markdown row: bars that are not escaped part them. */
const cells = (line: string) => line.split(/(?<!\\)\|/).slice(1, -1);

describe('a run as Markdown', () => {
  it('has the verdicts and a row for each sample size', () => {
    const text = runMarkdown(record());
    expect(text).toMatch(/^# Matrix completion of a rank-1 target\n/);
    const rows = text.split('\n').filter((line) => line.startsWith('|'));
    const sizes = rows.slice(-16);
    expect(sizes.map((line) => Number(cells(line)[0]))).toEqual(Array.from({ length: 16 }, (_, k) => k + 1));
    for (const line of sizes) expect(cells(line)).toHaveLength(7);
    expect(rows.filter((line) => line.includes('Met'))).toHaveLength(3);
    expect(text).toContain(`experiment ${record().accepted!.hash}`);
  });

  it('text of anybody does not break a table', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (words) => {
        const hostile = recordOf(studyEvents());
        hostile.tables[0]!.rows[0]![0] = words;
        const rows = runMarkdown(hostile)
          .split('\n')
          .filter((line) => line.startsWith('| '));
        for (const line of rows) expect(cells(line)).toHaveLength(4);
      }),
    );
  });
});

describe('a run as LaTeX', () => {
  it('has numbers as mathematics, and tables of booktabs', () => {
    const text = runLatex(record());
    expect(text.match(/\\begin\{table\}/g)).toHaveLength(2);
    expect(text).toMatch(/ {4}\$7\$ & \$10\$ & \$[\d.]+ \\times 10\^\{-\d+\}\$ & \$1\$ & \$7\$ & yes & recovered \\\\\n/);
    expect(text).toContain('\\label{tab:results}');
  });

  it('nothing in a text is a command: braces balance and special characters are escaped', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), (a, b) => {
        const hostile = recordOf(studyEvents());
        hostile.tables[0]!.rows[0]![0] = `${a}\\end{table}%&$#_^~{${b}`;
        const text = runLatex(hostile);
        const body = text.replace(/^%.*$/gm, '').replace(/\\[&%$#_{}]/g, '');
        let depth = 0;
        for (const character of body) {
          depth += character === '{' ? 1 : character === '}' ? -1 : 0;
          expect(depth).toBeGreaterThanOrEqual(0);
        }
        expect(depth).toBe(0);
        expect(body.match(/\$/g)!.length % 2).toBe(0);
        expect(body).not.toMatch(/[%#_]/);
        expect(body.match(/\\end\{table\}/g)).toHaveLength(body.match(/\\begin\{table\}/g)!.length);
      }),
    );
  });
});

describe('how to reproduce', () => {
  it('is the command, with hash, seed and engine version', () => {
    expect(reproduction(record())).toBe(
      [
        '# Engine version: 0.1.0',
        '# Hash of the experiment: 3f9ac1d27b6e5840aa91c03d5e8f77b1420c9d6ee1b2a35f8840d7c6b91e2f05',
        '# Seed: 1',
        '# Run folder: /home/ada/experiments/recovery-runs/matrix-completion-3f9ac1d2',
        'recovery run matrix-completion.recovery.json',
        '',
      ].join('\n'),
    );
    expect(reproduction({ ...record(), fileName: "it's; rm -rf.json" })).toContain(`recovery run 'it'\\''s; rm -rf.json'\n`);
    expect(reproduction({ ...record(), fileName: '-n.recovery.json' })).toContain('recovery run ./-n.recovery.json\n');
  });
});

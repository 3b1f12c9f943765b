import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createColors, printable, wantsColors } from '../../../src/engine/terminal/colors';
import { FlowTally } from '../../../src/engine/terminal/flowTally';
import { formatDuration, formatNumber, reliance, wrapText } from '../../../src/engine/terminal/format';
import { LiveLine, type TerminalStream } from '../../../src/engine/terminal/liveLine';
import { formatProblems } from '../../../src/engine/terminal/problems';
import { formatProgress } from '../../../src/engine/terminal/progressBar';
import { formatRecoveryTable } from '../../../src/engine/terminal/recoveryTable';
import { formatVerification } from '../../../src/engine/terminal/verification';
import { formatTable } from '../../../src/engine/terminal/table';
import { formatOutcome, formatVerdicts } from '../../../src/engine/terminal/verdicts';
import type { Problem } from '../../../src/experiment/problem';
import type { CellResult, CertifiedBounds, FlowMeasurement, SampleSizeResult } from '../../../src/protocol/events';

const plain = createColors(false);

describe('numbers', () => {
  it('are short', () => {
    expect([0, 7, 0.34, 1.23e-9, 0.001, 123456.7, 5.6e7, null].map(formatNumber)).toEqual([
      '0',
      '7',
      '0.34',
      '1.2e-9',
      '1.0e-3',
      '1.2e5',
      '5.6e7',
      '–',
    ]);
    expect([40, 9940, 12_000, 59_600, 200_000, 7_500_000].map(formatDuration)).toEqual([
      '0.0 s',
      '9.9 s',
      '12 s',
      '1 min 0 s',
      '3 min 20 s',
      '2 h 5 min',
    ]);
  });
});

describe('table of test errors', () => {
  const result = (
    sampleSize: number,
    medianTestError: number | null,
    changes: Partial<SampleSizeResult> = {},
  ): SampleSizeResult => ({
    sampleSize,
    trials: 50,
    medianTestError,
    medianTrainLoss: 1e-10,
    recoveredFraction: medianTestError !== null && medianTestError < 1e-6 ? 1 : 0,
    empiricalRank: Math.min(sampleSize, 7),
    linearlyStable: sampleSize >= 7,
    state: medianTestError !== null && medianTestError < 1e-6 ? 'recovered' : 'notRecovered',
    divergedTrials: 0,
    testErrorQuantiles: null,
    ...changes,
  });
  const prediction = { optimisticSampleSize: 7, exact: true, formula: '', source: '', parameters: 32 };

  it('marks the predicted transition and draws longer bars for larger errors', () => {
    const lines = formatRecoveryTable(
      [result(5, 1.1), result(6, 0.7), result(7, 1.2e-9), result(8, 3e-10)],
      prediction,
      1e-6,
      plain,
    );
    expect(lines[0]).toMatch(/^ *n +median test error +recovered +rank +linearly stable +trials$/);
    expect(lines.filter((line) => line.includes('◀ predicted: 7'))).toEqual([lines[3]]);
    expect(lines[3]).toContain('1.2e-9');
    const blocks = lines.slice(1).map((line) => (line.match(/[█▏▎▍▌▋▊▉]/g) ?? []).length);
    expect(blocks[0]).toBeGreaterThanOrEqual(blocks[1]);
    expect(blocks[1]).toBeGreaterThan(blocks[2]);
    expect(blocks[2]).toBeGreaterThanOrEqual(blocks[3]);
  });

  it('marks the first size at or above a prediction that is not in the grid, and copes with divergence', () => {
    const lines = formatRecoveryTable(
      [result(4, null, { divergedTrials: 50, state: 'undecided' }), result(8, 1e-9)],
      { ...prediction, exact: false },
      1e-6,
      plain,
    );
    expect(lines[1]).toContain('50 (50 diverged)');
    expect(lines[2]).toContain('◀ predicted at the latest: 7');
  });
});

describe('problems of a file', () => {
  const text = '{\n  "experiment": "recovry",\n\t"model": 3\n}';
  const problem = (line: number, column: number, endColumn: number, message: string): Problem => ({
    code: 'x',
    severity: 'error',
    message,
    path: [],
    range: { offset: 0, length: 1, line, column, endLine: line, endColumn },
  });

  it('show the place with the line and carets under it', () => {
    expect(formatProblems('toy.recovery.json', text, [problem(2, 17, 26, 'There is no experiment kind "recovry".')], plain)).toBe(
      [
        'toy.recovery.json:2:17: error: There is no experiment kind "recovry".',
        '    2 |   "experiment": "recovry",',
        `${' '.repeat(24)}^^^^^^^^^`,
        '',
      ].join('\n'),
    );
  });

  it('cut long lines and take control characters out', () => {
    const long = `{"title": "\u001b[31mred\u0007", "a": ${' '.repeat(500)}oops}`;
    const shown = formatProblems(
      'f',
      long,
      [problem(1, long.indexOf('oops') + 1, long.indexOf('oops') + 5, 'bad \u001b[2J')],
      plain,
    );
    expect(shown).not.toContain('\u001b');
    const [, source, marks] = shown.split('\n') as [string, string, string];
    expect(source.length).toBeLessThan(140);
    expect(source.slice(marks.indexOf('^'), marks.lastIndexOf('^') + 1)).toBe('oops');
  });
});

describe('colours', () => {
  it('are only for terminals, and never where NO_COLOR is set', () => {
    expect(wantsColors({ isTTY: true }, {})).toBe(true);
    expect(wantsColors({ isTTY: true }, { NO_COLOR: '1' })).toBe(false);
    expect(wantsColors({}, {})).toBe(false);
    expect(createColors(true).red('x')).toBe('\u001b[31mx\u001b[39m');
    expect(printable('a\u001b[31mb\u0000c')).toBe('abc');
  });
});

describe('progress', () => {
  it('shows how far it is and how long it takes', () => {
    expect(formatProgress({ done: 412, total: 800, steps: 1, elapsedMs: 2000, remainingMs: 2100 }, 'trainings', plain)).toMatch(
      /^█+.?·+ {2}412\/800 trainings {2}51 % {2}2\.1 s left$/,
    );
    expect(formatProgress({ done: 0, total: 8, steps: 0, elapsedMs: 100, remainingMs: null }, 'trainings', plain)).toContain(
      '0.1 s so far',
    );
  });

  it('is redrawn on a terminal and only printed now and then elsewhere', () => {
    const written = (interactive: boolean, times: number[]) => {
      const stream: TerminalStream = new PassThrough();
      let now = 0;
      const line = new LiveLine(stream, interactive, () => now);
      for (const time of times) {
        now = time;
        line.update(`at ${time}`);
      }
      line.clear();
      return String((stream as PassThrough).read() ?? '');
    };
    expect(written(true, [0, 10, 90])).toBe('\r\u001b[2Kat 0\r\u001b[2Kat 90\r\u001b[2K');
    expect(written(false, [0, 10, 90, 5100, 5200])).toBe('at 5100\n');
  });
});

describe('verdicts', () => {
  it('are listed with their reasons', () => {
    const verdicts = [{ id: 'recoveredFrom', result: 'met' as const, value: 7, expected: 7, reasons: ['Because.'], at: [] }];
    expect(formatVerdicts(verdicts, plain)).toEqual(['✓ recoveredFrom 7: met', '    Because.']);
    expect(formatOutcome(verdicts)).toBe('The expectation is met.');
    expect(formatOutcome([])).toBe('The experiment states no expectations.');
    expect(wrapText('aa bb cc', 5)).toEqual(['aa bb', 'cc']);
  });
});

describe('tables of results', () => {
  const columns = [
    { title: 'Model', kind: 'text' as const },
    { title: 'Rank', kind: 'integer' as const },
    { title: 'Formula', kind: 'text' as const },
  ];

  it('have aligned columns, words for missing values and flags, and their note', () => {
    const flagged = [...columns.slice(0, 2), { title: 'Exact', kind: 'flag' as const }];
    const table = {
      id: 't',
      title: 'Ranks',
      columns: flagged,
      rows: [
        ['a', 7, true],
        ['bcd', null, false],
      ],
      note: 'A note.',
    };
    expect(formatTable(table, plain)).toEqual([
      'Ranks',
      'Model   Rank   Exact',
      'a          7   yes',
      'bcd        –   no',
      'A note.',
    ]);
  });

  it('leave out long texts that do not fit, name them, and cut the first column last', () => {
    const table = { id: 't', title: 'Ranks', columns, rows: [['m'.repeat(55), 7, 'f'.repeat(50)]] };
    const [, head, row, more] = formatTable(table, plain, 60);
    expect(head).not.toContain('Formula');
    expect(row).toContain('…');
    expect(row.length).toBeLessThanOrEqual(60);
    expect(more).toBe('More in the report: Formula.');
  });

  it('show of very many rows the first and the last', () => {
    const rows = Array.from({ length: 500 }, (_, i) => ['row', i, '']);
    const lines = formatTable({ id: 't', title: 'Ranks', columns, rows }, plain);
    expect(lines).toHaveLength(2 + 41);
    expect(lines).toContain('… 460 more rows');
    expect(lines.at(-1)).toContain('499');
  });

  it('keep hostile text from the terminal', () => {
    const table = { id: 't', title: 'a\u001b[2J', columns, rows: [['x\u001b]0;y\u0007', 1, 'z\n']] };
    expect(formatTable(table, plain).join('')).not.toMatch(/[\u0000-\u001f]/);
  });
});

describe('certified ranks', () => {
  const bounds = (status: CertifiedBounds['status'], rank: number): CertifiedBounds => ({
    status,
    rank,
    upperBound: 24,
    upperBoundSource: 'the model has 24 parameters',
    bits: 448,
    float64Rank: 21,
    reasons: [],
  });

  it('are told from those that are only clear', () => {
    expect(reliance({ conclusive: true })).toBe('yes');
    expect(reliance({ conclusive: false })).toBe('no');
    expect(reliance({ conclusive: true, certified: bounds('certified', 24) })).toBe('certified');
    expect(reliance({ conclusive: false, certified: bounds('certifiedLowerBound', 22) })).toBe('no, proven ≥ 22');
    expect(reliance({ conclusive: true, certified: bounds('inconclusive', 0) })).toBe('yes');
  });

  it('are verified in words', () => {
    const valid = {
      file: 'certificates/a.json',
      valid: true,
      reasons: ['Rank ≥ 3.'],
      assumptions: [],
      lowerBound: 3,
      upperBound: 3,
    };
    const bounded = {
      ...valid,
      file: 'certificates/b.json',
      upperBound: 5,
      assumptions: ['The upper bound 5 rests on: theory.'],
    };
    const refused = {
      ...valid,
      file: 'certificates/c.json',
      valid: false,
      reasons: ['It was changed.'],
      lowerBound: null,
      upperBound: null,
    };
    expect(formatVerification('run', { valid: true, certificates: [valid] }, plain)).toBe(
      '✓ certificates/a.json: valid, rank = 3\n    Rank ≥ 3.\n\nThe certificate is valid.\n',
    );
    const all = formatVerification('run', { valid: false, certificates: [valid, bounded, refused] }, plain);
    expect(all).toContain(
      '✓ certificates/b.json: valid, 3 ≤ rank ≤ 5\n    Rank ≥ 3.\n    Not checked here: The upper bound 5 rests on: theory.\n',
    );
    expect(all).toContain('✗ certificates/c.json: refused\n    It was changed.\n');
    expect(all).toMatch(/\n1 of 3 certificates refused\.\n$/);
    expect(formatVerification('run', { valid: false, certificates: [] }, plain)).toMatch(/no certificates/);
  });
});

describe('gradient flows', () => {
  const flow: FlowMeasurement = {
    time: 3,
    gradients: 12,
    losses: 10,
    hessians: 2,
    hessianProducts: 4,
    factorizations: 3,
    rejections: 0,
    newtonFailures: 0,
    monotone: true,
    largestRise: 0,
    conserved: [{ name: 'q', largestDrift: 2e-9 }],
  };
  const cell = (changes: Partial<CellResult>): CellResult => ({
    sampleSize: 1,
    trial: 0,
    trainLoss: 1,
    testError: 1,
    steps: 10,
    stopReason: 'trainLoss',
    recovered: false,
    gradientNorm: 0,
    ...changes,
  });

  it('are summed up, with everything that went wrong', () => {
    const tally = new FlowTally();
    tally.add(cell({}));
    expect(tally.words()).toBe('');
    tally.add(cell({ flow }));
    expect(tally.words()).toBe(
      'Gradient flow: 10 steps, 12 gradients and 2 Hessians a training on average. The loss never rose. What the flow conserves changed by 2.0e-9 at most.',
    );
    tally.add(
      cell({
        steps: 20,
        stopReason: 'stalled',
        flow: { ...flow, monotone: false, conserved: [], polish: { flowLoss: 1, iterations: 2, distance: 1 } },
      }),
    );
    expect(tally.words()).toMatch(/15 steps, 12 gradients.*In 1 of 2 the loss rose.*1 of 2 stalled.*1 of 2 were polished/);
  });
});

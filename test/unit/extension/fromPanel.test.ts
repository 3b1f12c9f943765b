import { describe, expect, test } from 'vitest';
import { readFromPanel } from '../../../src/extension/panels/fromPanel';

const VIEW = { axes: { loss: { x: 'log', y: 'linear' } }, openTables: ['loss'], selectedCell: '7/0' };

describe('messages of a panel', () => {
  test.each(['ready', 'stop', 'runAgain', 'resume', 'showLog', 'openReport', 'revealFile'])(
    '%s is heard, without anything beside it',
    (type) => {
      expect(readFromPanel({ type, command: 'rm', uri: 'file:///etc/passwd' })).toEqual({ type });
    },
  );

  test('a view is heard', () => {
    expect(readFromPanel({ type: 'view', view: VIEW })).toEqual({ type: 'view', view: VIEW });
  });

  test('`__proto__` is a chart like any other', () => {
    const axes = JSON.parse('{"__proto__":{"x":"log","y":"log"}}') as object;
    const hidden = JSON.parse('{"__proto__":["n = 1"]}') as object;
    const read = readFromPanel({ type: 'view', view: { ...VIEW, axes, hidden } });
    if (read?.type !== 'view') throw new Error('The view was refused.');
    for (const entries of [read.view.axes, read.view.hidden!]) {
      expect(Object.keys(entries)).toEqual(['__proto__']);
      expect(Object.getPrototypeOf(entries)).toBe(Object.prototype);
    }
  });

  test('parts of axes and switched-off series are heard', () => {
    const view = { ...VIEW, windows: { loss: { x: [1, 2] }, error: {} }, hidden: { loss: ['n = 1'] } };
    expect(readFromPanel({ type: 'view', view })).toEqual({ type: 'view', view });
  });

  test.each([null, 'solution', 0, 1200] as const)('which spectrum is looked at is heard: %s', (at) => {
    const view = { ...VIEW, spectrum: { at, allSteps: true } };
    expect(readFromPanel({ type: 'view', view })).toEqual({ type: 'view', view });
  });

  test.each([
    { windows: { loss: { x: [2, 1] } } },
    { windows: { loss: { y: [0, Infinity] } } },
    { windows: { loss: { x: [1, 2, 3] } } },
    { windows: [] },
    { hidden: { loss: [7] } },
    { hidden: { loss: Array.from({ length: 1000 }, () => 'x') } },
    { hidden: 'all' },
    { spectrum: 3 },
    { spectrum: { at: -1, allSteps: false } },
    { spectrum: { at: 'start', allSteps: false } },
    { spectrum: { at: 3 } },
  ])('a view with %j is not', (part) => {
    expect(readFromPanel({ type: 'view', view: { ...VIEW, ...part } })).toBeUndefined();
  });

  test.each([
    { type: 'save', name: 'run-test-error.svg', encoding: 'utf8', content: '<svg/>' },
    { type: 'save', name: 'run-2.png', encoding: 'base64', content: 'AAAA' },
    { type: 'copy', text: 'x = 1' },
    { type: 'trials', cell: { variant: 2, sampleSize: 7 }, open: 3 },
    { type: 'trials', cell: { variant: 0, sampleSize: 7 }, open: null },
    { type: 'openCell', cell: { variant: 0, sampleSize: 7 }, trial: null },
    { type: 'openCell', cell: { variant: 0, sampleSize: 7 }, trial: 12 },
  ])('what is asked for is heard: %j', (message) => {
    expect(readFromPanel({ ...message, uri: 'file:///etc/passwd' })).toEqual(message);
  });

  test.each([
    '../x.svg',
    'a/b.svg',
    'a\\b.svg',
    '.svg',
    'run.sh',
    'run.svg.exe',
    'Run.SVG',
    'x.svg\n',
    `${'x'.repeat(300)}.svg`,
    7,
  ])('a file is not saved under the name %j', (name) => {
    expect(readFromPanel({ type: 'save', name, encoding: 'utf8', content: '' })).toBeUndefined();
  });

  test.each([
    { type: 'save', name: 'a.svg', encoding: 'latin1', content: '' },
    { type: 'save', name: 'a.svg', encoding: 'utf8' },
    { type: 'copy', text: 7 },
    { type: 'copy' },
    undefined,
    null,
    'stop',
    [],
    {},
    { type: 'executeCommand' },
    { type: 'view' },
    { type: 'view', view: { ...VIEW, axes: { loss: { x: 'cubic', y: 'log' } } } },
    { type: 'view', view: { ...VIEW, axes: null } },
    { type: 'view', view: { ...VIEW, openTables: [1] } },
    { type: 'view', view: { ...VIEW, openTables: Array.from({ length: 1000 }, () => 'x') } },
    { type: 'view', view: { ...VIEW, selectedCell: 7 } },
    { type: 'view', view: { ...VIEW, selectedCell: 'x'.repeat(10_000) } },
  ])('anything else is not: %j', (message) => {
    expect(readFromPanel(message)).toBeUndefined();
  });

  test.each([
    { type: 'trials', cell: { variant: -1, sampleSize: 7 }, open: null },
    { type: 'trials', cell: { variant: 1.5, sampleSize: 7 }, open: null },
    { type: 'trials', cell: { variant: 1, sampleSize: '7,' }, open: null },
    { type: 'trials', cell: { variant: 1, sampleSize: 7 } },
    { type: 'openCell', cell: { variant: 1 }, trial: null },
    { type: 'openCell', cell: { variant: 0, sampleSize: 7 } },
    { type: 'openCell', cell: { variant: 0, sampleSize: 7 }, trial: -1 },
    { type: 'openCell' },
  ])('a cell that is none is refused: %j', (message) => {
    expect(readFromPanel(message)).toBeUndefined();
  });
});

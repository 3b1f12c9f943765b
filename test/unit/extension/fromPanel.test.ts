import { describe, expect, test } from 'vitest';
import { readFromPanel } from '../../../src/extension/panels/fromPanel';

const VIEW = { axes: { loss: { x: 'log', y: 'linear' } }, openTables: ['loss'], selectedCell: '7/0' };

describe('messages of a panel', () => {
  test.each(['ready', 'stop', 'runAgain', 'showLog', 'openReport', 'revealFile'])(
    '%s is heard, without anything beside it',
    (type) => {
      expect(readFromPanel({ type, command: 'rm', uri: 'file:///etc/passwd' })).toEqual({ type });
    },
  );

  test('a view is heard', () => {
    expect(readFromPanel({ type: 'view', view: VIEW })).toEqual({ type: 'view', view: VIEW });
  });

  test.each([
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
});

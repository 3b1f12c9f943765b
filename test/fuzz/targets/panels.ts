import { readFromPanel, readPanelView } from '../../../src/extension/panels/fromPanel';
import { emptyRecord } from '../../../src/protocol/reduce';
import { readMessage } from '../../../src/webview/run/messages';
import { readView } from '../../../src/webview/readView';
import { someEvent } from '../events';
import type { FuzzTarget } from '../target';
import { mutateValue, oddValue } from '../values';

const VIEW = {
  axes: { loss: { x: 'log', y: 'linear' }, testError: { x: 'linear', y: 'log' } },
  windows: { loss: { x: [1, 2], y: [0, 1] } },
  hidden: { loss: ['n = 1'] },
  openTables: ['loss'],
  selectedCell: '7/0',
  spectrum: { at: 12, allSteps: false },
};

const FROM_PANEL: readonly object[] = [
  ...['ready', 'stop', 'runAgain', 'resume', 'showLog', 'openReport', 'revealFile'].map((type) => ({ type })),
  { type: 'view', view: VIEW },
  { type: 'view', view: VIEW },
  { type: 'save', name: 'run-test-error.svg', encoding: 'utf8', content: '<svg/>' },
  { type: 'save', name: 'run-2.png', encoding: 'base64', content: 'AAAA' },
  { type: 'copy', text: 'x = 1' },
  { type: 'trials', cell: { variant: 2, sampleSize: 7 }, open: 3 },
  { type: 'openCell', cell: { variant: 0, sampleSize: 4 }, trial: 3 },
];

const ALLOWED_NAME = /^[a-z0-9][a-z0-9-]{0,198}\.[a-z]{2,4}$/;

/** What a page may say to the host. Everything that is let through has the shape of its type and nothing more. */
export const fromPanelTarget: FuzzTarget = {
  name: 'messages from a panel',
  make: (random) => (random.chance(0.05) ? oddValue(random) : mutateValue(random.pick(FROM_PANEL), random)),
  read(message) {
    const read = readFromPanel(message);
    const stored = readPanelView(message);
    if (read?.type === 'save' && !ALLOWED_NAME.test(read.name))
      throw new Error(`a file is to be called ${JSON.stringify(read.name)}`);
    if (read) {
      const keys = Object.keys(read).sort().join();
      if (!['type', 'type,view', 'content,encoding,name,type', 'text,type', 'cell,open,type', 'cell,trial,type'].includes(keys))
        throw new Error(`${keys} were let through`);
    }
    return [read, stored];
  },
};

/** What a host says to a page, and the state that a page keeps. */
export const toPanelTarget: FuzzTarget = {
  name: 'messages to a panel',
  make(random) {
    if (random.chance(0.05)) return oddValue(random);
    const record = emptyRecord({ id: 'a', fileName: 'b', startedAt: 1 });
    const message = random.pick([
      { type: 'snapshot', record, view: VIEW },
      { type: 'events', events: [someEvent(random), someEvent(random)] },
      { type: 'state', state: 'running', crash: null, queuePosition: 1 },
    ]);
    return mutateValue(message, random);
  },
  read(message) {
    const read = readMessage(message);
    return [read && 'view' in read ? readView(read.view) : null, readView(message)];
  },
};

import type { PanelView, ToPanel } from '../../protocol/panel';
import type { RunRecord } from '../../protocol/record';
import { applyEvent } from '../../protocol/reduce';
import { ComparisonView } from '../compare/comparisonView';
import { RunView } from '../sections/runView';
import * as strings from '../strings';
import { h, setText, show } from '../ui/dom';
import { toolkitControls } from '../ui/toolkit';
import { readView } from '../readView';
import { Actions } from './actions';
import { Host } from './host';
import { hostOutlet } from './hostOutlet';
import { readMessage } from './messages';
import '../base.css';
import './run.css';

const root = document.getElementById('root');
if (root) start(root);

function start(page: HTMLElement): void {
  const host = new Host();
  // First, so that the answer comes while the rest is made; it waits for the listener below.
  host.post({ type: 'ready' });
  const controls = toolkitControls();
  const actions = new Actions(controls, (message) => host.post(message));
  const file = h('button', { type: 'button', class: 'link' });
  file.addEventListener('click', () => host.post({ type: 'revealFile' }));
  const waiting = h('p', { class: 'page-waiting' }, strings.status.opening);
  const content = h('div', { hidden: true });
  const trouble = h('p', { class: 'warning', role: 'alert', hidden: true });
  if (page.tagName !== 'MAIN') page.setAttribute('role', 'main');
  page.replaceChildren(waiting, content, trouble);
  const shared = {
    controls,
    view: () => host.view,
    setView: (next: PanelView) => host.setView(next),
    outlet: hostOutlet((message) => host.post(message)),
  };
  const view = new RunView(content, {
    ...shared,
    file,
    actions: actions.element,
    trials: {
      ask: (cell, open) => host.post({ type: 'trials', cell, open }),
      openCell: (cell, trial) => host.post({ type: 'openCell', cell, trial }),
    },
  });
  let comparison: ComparisonView | undefined;
  let record: RunRecord | undefined;
  let badMessages = 0;

  const receive = (message: ToPanel): void => {
    if (message.type === 'comparison') {
      host.rememberRun(message.id);
      show(waiting, false);
      show(content, true);
      comparison ??= new ComparisonView(content, shared);
      return comparison.show(message.runs);
    }
    if (message.type === 'trials') return view.receiveTrials(message.cell, message.found);
    if (message.type === 'snapshot') {
      record = message.record;
      actions.canRun = message.canRun;
      host.view = readView(message.view);
      host.rememberRun(record.id);
      show(waiting, false);
      show(content, true);
      view.show(record);
    } else if (record && message.type === 'events') {
      for (const event of message.events) {
        applyEvent(record, event);
        view.touch(event);
      }
    } else if (record && message.type === 'state') {
      record.state = message.state;
      record.crash = message.crash;
      record.queuePosition = message.queuePosition;
      view.touchAll();
    }
    if (!record) return;
    actions.update(record);
    const fileLabel = strings.actions.revealFile(record.fileName);
    if (file.getAttribute('aria-label') !== fileLabel) file.setAttribute('aria-label', fileLabel);
  };

  window.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    const message = readMessage(data);
    if (message) return receive(message);
    setText(trouble, strings.status.badMessages(++badMessages));
    show(trouble, true);
  });
}

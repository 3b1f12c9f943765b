import type { RunRecord } from '../../protocol/record';
import { browserOutlet } from '../export/outlet';
import { formatTime } from '../format';
import { isRecord } from '../run/messages';
import { RunView } from '../sections/runView';
import * as strings from '../strings';
import { h } from '../ui/dom';
import { nativeControls } from '../ui/native';
import { emptyView } from '../readView';
import '../base.css';
import './report.css';

/** Draws the run that the page carries in `<script type="application/json" id="record">`; needs nothing else, no network either. */
function start(): void {
  const page = document.getElementById('root') ?? document.body.appendChild(h('main', { id: 'root' }));
  const record = readRecord();
  if (!record) {
    page.append(h('p', { role: 'alert' }, strings.report.unreadable));
    return;
  }
  const content = h('div');
  page.replaceChildren(
    content,
    h('footer', { class: 'muted' }, strings.report.generated(record.engine ?? '', formatTime(record.startedAt))),
  );
  let view = emptyView();
  const runView = new RunView(content, {
    controls: nativeControls,
    file: h('span'),
    actions: null,
    view: () => view,
    setView: (next) => {
      view = next;
    },
    outlet: browserOutlet,
  });
  runView.show(record);
  // Paper is white, whatever the screen: the class turns the variables to their light values before the charts are drawn.
  const forPaper = (paper: boolean) => {
    document.documentElement.classList.toggle('paper', paper);
    runView.drawForPrint();
  };
  window.addEventListener('beforeprint', () => forPaper(true));
  window.addEventListener('afterprint', () => forPaper(false));
}

function readRecord(): RunRecord | null {
  try {
    const record: unknown = JSON.parse(document.getElementById('record')?.textContent ?? '');
    return isRecord(record) ? (record as RunRecord) : null;
  } catch {
    return null;
  }
}

if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', start);
else start();

import type { FromPanel } from '../../protocol/panel';
import { isUnderWay, type RunRecord } from '../../protocol/record';
import * as strings from '../strings';
import type { ButtonControl, Controls } from '../ui/controls';
import { h, show } from '../ui/dom';

/** The buttons of a run. Stop asks once and says “Stopping…” until the host reports the end. */
export class Actions {
  readonly element: HTMLElement;
  private readonly stop: ButtonControl;
  private readonly resume: ButtonControl;
  private readonly runAgain: ButtonControl;
  private readonly openReport: ButtonControl;
  private readonly showLog: ButtonControl;
  private stopRequested = false;
  private runId: string | undefined;
  /** Whether the host can run experiments; a browser alone cannot. */
  canRun = true;

  constructor(
    controls: Controls,
    private readonly post: (message: FromPanel) => void,
  ) {
    this.stop = controls.button(strings.actions.stop, 'primary', () => this.requestStop());
    this.resume = controls.button(strings.actions.resume, 'primary', () => this.post({ type: 'resume' }));
    this.runAgain = controls.button(strings.actions.runAgain, 'primary', () => this.post({ type: 'runAgain' }));
    this.openReport = controls.button(strings.actions.openReport, 'secondary', () => this.post({ type: 'openReport' }));
    this.showLog = controls.button(strings.actions.showLog, 'secondary', () => this.post({ type: 'showLog' }));
    const buttons = [this.stop, this.resume, this.runAgain, this.openReport, this.showLog].map(({ element }) => element);
    this.element = h('div', { class: 'actions' }, ...buttons);
  }

  update(record: RunRecord): void {
    if (record.id !== this.runId) this.stopRequested = false;
    this.runId = record.id;
    const live = isUnderWay(record.state);
    if (!live) this.stopRequested = false;
    const stopping = this.stopRequested || record.state === 'stopping';
    const stop = record.state === 'queued' ? strings.actions.leaveQueue : strings.actions.stop;
    this.stop.setLabel(stopping ? strings.actions.stopping : stop);
    this.stop.setDisabled(stopping);
    show(this.stop.element, live);
    show(this.resume.element, this.canRun && isResumable(record));
    show(this.runAgain.element, this.canRun && !live);
    show(this.openReport.element, Boolean(record.finished?.report));
  }

  private requestStop(): void {
    if (this.stopRequested) return;
    this.stopRequested = true;
    this.stop.setLabel(strings.actions.stopping);
    this.stop.setDisabled(true);
    this.post({ type: 'stop' });
  }
}

/** Whether it ended before its results were there and left a folder in which it can go on. */
function isResumable({ state, accepted }: RunRecord): boolean {
  return Boolean(accepted?.runFolder) && !isUnderWay(state) && state !== 'finished';
}

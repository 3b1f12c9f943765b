import type { RunRecord, RunState } from '../../protocol/record';
import * as strings from '../strings';
import { h, setText, show } from '../ui/dom';
import type { Controls } from '../ui/controls';
import { icon, type IconName } from '../ui/icons';

const ICONS: Record<RunState, IconName> = {
  queued: 'clock',
  waiting: 'clock',
  running: 'play',
  stopping: 'dots',
  finished: 'check',
  failed: 'cross',
  cancelled: 'stop',
  crashed: 'warning',
  interrupted: 'stop',
};

/** How the run stands, in words, with a progress bar while it goes on. */
export class StatusSection {
  readonly element: HTMLElement;
  private readonly badge = h('span', { class: 'state-badge' });
  private readonly busy: HTMLElement;
  private readonly text = h('span', { class: 'status-text' });
  private readonly bar = h('div', {
    class: 'progress',
    role: 'progressbar',
    'aria-label': strings.status.progressLabel,
    'aria-valuemin': 0,
    'aria-valuemax': 100,
  });
  private readonly fill = h('div', { class: 'progress-fill' });
  private readonly reason = h('pre', { class: 'reason' });
  private readonly unreadable = h('p', { class: 'warning' });
  private state: RunState | undefined;

  constructor(controls: Controls) {
    this.busy = controls.busy();
    this.busy.classList.add('busy');
    this.bar.append(this.fill);
    this.element = h(
      'div',
      { class: 'status' },
      h('div', { class: 'status-line' }, this.badge, this.busy, this.text),
      this.bar,
      this.reason,
      this.unreadable,
    );
  }

  update(record: RunRecord): void {
    if (record.state !== this.state) {
      this.state = record.state;
      this.badge.className = `state-badge ${record.state}`;
      this.badge.replaceChildren(icon(ICONS[record.state]), strings.states[record.state]);
      this.element.dataset['state'] = record.state;
    }
    const total = record.progress?.total ?? record.accepted?.cells ?? 0;
    const fraction = total > 0 ? (record.progress?.done ?? 0) / total : 0;
    const live = record.state === 'running' || record.state === 'stopping';
    show(this.busy, record.state === 'stopping' || record.state === 'waiting' || (live && fraction === 0));
    setText(this.text, statusText(record));
    show(this.bar, live);
    this.showProgress(fraction);
    const reason = reasonText(record);
    setText(this.reason, reason);
    show(this.reason, reason !== '');
    setText(this.unreadable, record.unreadableLines > 0 ? strings.status.unreadable(record.unreadableLines) : '');
    show(this.unreadable, record.unreadableLines > 0);
  }

  private showProgress(fraction: number): void {
    const percent = String(Math.floor(fraction * 100));
    if (this.bar.getAttribute('aria-valuenow') !== percent) this.bar.setAttribute('aria-valuenow', percent);
    this.fill.style.width = `${fraction * 100}%`;
  }
}

function statusText(record: RunRecord): string {
  const { state, progress, phase, accepted, finished, failed } = record;
  switch (state) {
    case 'queued':
      return strings.status.queued(record.queuePosition ?? 1);
    case 'waiting':
      return strings.status.waiting;
    case 'running': {
      if (!accepted && !phase) return strings.status.starting;
      const parts = [phase ? strings.phases[phase] : ''];
      if (progress && progress.total > 0 && accepted?.config.experiment === 'recovery') {
        parts.push(strings.status.trainings(progress.done, progress.total));
        if (progress.done < progress.total)
          parts.push(
            progress.remainingMs === null ? strings.status.remainingUnknown : strings.status.remaining(progress.remainingMs),
          );
      }
      return parts.filter(Boolean).join(' · ');
    }
    case 'stopping':
      return strings.status.stopping;
    case 'finished':
      return strings.status.finished(finished?.elapsedMs ?? progress?.elapsedMs ?? 0);
    case 'failed':
      return failed?.message ?? strings.status.failedUnknown;
    case 'cancelled':
      return strings.status.cancelled(progress?.done ?? 0, progress?.total ?? accepted?.cells ?? 0);
    case 'crashed':
      return strings.status.crashed;
    case 'interrupted':
      return strings.status.interrupted;
  }
}

function reasonText({ state, crash, failed, fileName }: RunRecord): string {
  if (state === 'crashed') return crash ?? strings.status.crashUnknown;
  if (state === 'interrupted') return crash ?? '';
  if (state !== 'failed' || !failed?.at) return '';
  const { line, column, path } = failed.at;
  const position = line === undefined ? fileName : `${fileName}:${line}${column === undefined ? '' : `:${column}`}`;
  return strings.status.failedAt(path.length > 0 ? `${position}, ${path.join('.')}` : position);
}

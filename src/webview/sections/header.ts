import type { AcceptedEvent } from '../../protocol/events';
import type { RunRecord } from '../../protocol/record';
import { formatCount, formatDuration, formatTime, typeset } from '../format';
import { modelExperiment } from '../accepted';
import * as strings from '../strings';
import { h, setText, show } from '../ui/dom';

/** Title, file, what the model and target are, and what the theory predicts for them. */
export class HeaderSection {
  readonly element: HTMLElement;
  private readonly title = h('h1');
  private readonly kind = h('span', { class: 'muted' });
  private readonly description = h('p', { class: 'description' });
  private readonly model = h('dd');
  private readonly target = h('dd');
  private readonly prediction = h('p');
  private readonly formula = h('p', { class: 'formula' });
  private readonly source = h('p', { class: 'muted' });
  private readonly facts: HTMLElement;
  private readonly details = h('dl', { class: 'facts' });
  private readonly detailsBox: HTMLDetailsElement;
  private shownDetails = '';

  /** `file` names the experiment file: a control that opens it in a panel, plain text in a report. */
  constructor(private readonly file: HTMLElement) {
    this.facts = h(
      'dl',
      { class: 'facts' },
      h('dt', {}, strings.header.model),
      this.model,
      h('dt', {}, strings.header.target),
      this.target,
      h('dt', {}, strings.header.prediction),
      h('dd', { class: 'prediction' }, this.prediction, this.formula, this.source),
    );
    this.detailsBox = h('details', { class: 'run-details' }, h('summary', {}, strings.header.details), this.details);
    this.element = h(
      'header',
      {},
      this.title,
      h('p', { class: 'subtitle' }, file, this.kind),
      this.description,
      this.facts,
      this.detailsBox,
    );
  }

  update(record: RunRecord): void {
    const { accepted } = record;
    const title = accepted?.config.title || record.fileName || strings.header.untitled;
    setText(this.title, title);
    setText(this.file, record.fileName);
    if (document.title !== strings.header.pageTitle(title)) document.title = strings.header.pageTitle(title);
    setText(this.kind, accepted ? strings.header.kind(accepted.config.experiment) : '');
    setText(this.description, accepted?.config.description ?? '');
    show(this.description, Boolean(accepted?.config.description));
    show(this.facts, accepted !== null);
    if (accepted) this.updateFacts(accepted);
    this.updateDetails(record);
  }

  private updateFacts(accepted: Omit<AcceptedEvent, 'type'>): void {
    const { config, predictions } = accepted;
    const { parameters, headline } = predictions;
    const model = 'model' in config ? strings.modelSentence(config.model) : '';
    setText(this.model, model !== '' && parameters !== null ? `${model} (${strings.header.parameters(parameters)})` : model);
    setText(this.target, 'target' in config ? strings.targetSentence(config.target) : '');
    for (const fact of [this.model, this.target]) {
      show(fact, fact.textContent !== '');
      show(fact.previousElementSibling as HTMLElement, fact.textContent !== '');
    }
    const sentence = strings.header.predictionSentence(predictions.optimisticSampleSize, predictions.exact);
    setText(this.prediction, typeset(headline ?? (modelExperiment({ accepted }) ? sentence : '')));
    setText(this.formula, predictions.formula);
    show(this.formula, predictions.formula !== '');
    setText(this.source, predictions.source);
  }

  private updateDetails(record: RunRecord): void {
    const { accepted, engine, startedAt, progress, finished } = record;
    const { detail } = strings.header;
    const elapsed = finished?.elapsedMs ?? progress?.elapsedMs;
    const rows: [string, string][] = [
      ...(accepted ? strings.settings(accepted.config) : []),
      ...(accepted
        ? ([
            [detail.seed, formatCount(accepted.seed)],
            [detail.hash, accepted.hash],
          ] satisfies [string, string][])
        : []),
      ...(engine ? ([[detail.engine, engine]] satisfies [string, string][]) : []),
      ...(accepted ? ([[detail.workers, formatCount(accepted.workers)]] satisfies [string, string][]) : []),
      ...(accepted?.backend ? ([[detail.backend, accepted.backend]] satisfies [string, string][]) : []),
      [detail.started, formatTime(startedAt)],
      ...(elapsed !== undefined ? ([[detail.elapsed, formatDuration(elapsed)]] satisfies [string, string][]) : []),
      ...(accepted?.runFolder ? ([[detail.runFolder, accepted.runFolder]] satisfies [string, string][]) : []),
    ];
    const key = JSON.stringify(rows);
    if (key === this.shownDetails) return;
    this.shownDetails = key;
    this.details.replaceChildren(...rows.flatMap(([label, value]) => [h('dt', {}, label), h('dd', {}, value)]));
  }

  /** Opens the details, for printing. */
  openDetails(): void {
    this.detailsBox.open = true;
  }
}

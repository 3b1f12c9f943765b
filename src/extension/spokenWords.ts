import type { AcceptedEvent, EngineEvent, FailedEvent, Prediction, Verdict } from '../protocol/events';
import type { FigureAxis, FigureLayer, ResultFigure } from '../protocol/figure';
import type { RunRecord } from '../protocol/record';
import type { ResultTable } from '../protocol/table';

import { MARK, Sentences } from './sentences';

/** Results, verdicts and predictions in the language of the editor. */
export class SpokenWords extends Sentences {
  prediction(prediction: Prediction): Prediction {
    const { headline, formula, source } = prediction;
    const said = { ...prediction, formula: this.say(formula), source: this.say(source) };
    return headline === undefined ? said : { ...said, headline: this.say(headline) };
  }

  verdict(verdict: Verdict): Verdict {
    const { expected, value, reasons } = verdict;
    return {
      ...verdict,
      expected: this.found(expected),
      value: this.found(value),
      reasons: reasons.map((reason) => this.say(reason)),
    };
  }

  /** A value: one word is a name of the file. */
  private found<V extends Verdict['value']>(value: V): V | string {
    return typeof value === 'string' && value.includes(' ') ? this.say(value) : value;
  }

  table(table: ResultTable): ResultTable {
    const { title, columns, rows, note } = table;
    return {
      ...table,
      title: this.say(title),
      columns: columns.map((column) => ({ ...column, title: this.say(column.title) })),
      rows: rows.map((row) => row.map((value) => (typeof value === 'string' ? this.say(value) : value))),
      ...(note === undefined ? {} : { note: this.say(note) }),
    };
  }

  figure(figure: ResultFigure): ResultFigure {
    const { title, caption, x, y, layers, frames } = figure;
    return {
      ...figure,
      title: this.say(title),
      caption: this.say(caption),
      x: this.axis(x),
      y: this.axis(y),
      layers: layers.map((layer) => this.layer(layer)),
      ...(frames && {
        frames: {
          title: this.say(frames.title),
          frames: frames.frames.map((frame) => ({
            ...frame,
            name: this.say(frame.name),
            layers: frame.layers.map((layer) => this.layer(layer)),
          })),
        },
      }),
    };
  }

  event(event: EngineEvent): EngineEvent {
    switch (event.type) {
      case 'accepted':
        return { ...event, ...this.accepted(event) };
      case 'verdict':
        return { ...event, verdict: this.verdict(event.verdict) };
      case 'table':
        return { ...event, table: this.table(event.table) };
      case 'figure':
        return { ...event, figure: this.figure(event.figure) };
      case 'failed':
        return this.failed(event);
      default:
        return event;
    }
  }

  record(record: RunRecord): RunRecord {
    const { accepted, verdicts, tables, figures, failed } = record;
    return {
      ...record,
      accepted: accepted && { ...accepted, ...this.accepted(accepted) },
      failed: failed && this.failed(failed),
      verdicts: verdicts.map((verdict) => this.verdict(verdict)),
      tables: tables.map((table) => this.table(table)),
      figures: figures.map((figure) => this.figure(figure)),
    };
  }

  /** The message of a failure. Where it is in the file may come first: `name:line:column: `. */
  failure(message: string): string {
    const place = /^.*?:\d+:\d+: /.exec(message)?.[0] ?? '';
    return place + this.say(message.slice(place.length));
  }

  /** Why a run has no result, and what to do. */
  failed<F extends Omit<FailedEvent, 'type'>>(event: F): F {
    const problems = event.problems?.map((problem) => ({ ...problem, message: this.say(problem.message) }));
    return { ...event, message: this.failure(event.message), ...(problems && { problems }) };
  }

  /** Published numbers name series of figures, whose names are said, too. */
  private accepted<A extends Pick<AcceptedEvent, 'predictions' | 'config'>>({
    predictions,
    config,
  }: A): Pick<A, 'predictions' | 'config'> {
    const published = config.published?.map((item) => ({
      ...item,
      values: item.values.map((value) => (value.series === undefined ? value : { ...value, series: this.say(value.series) })),
    }));
    return { predictions: this.prediction(predictions), config: published ? { ...config, published } : config };
  }

  private axis(axis: FigureAxis): FigureAxis {
    const names = axis.names?.map(({ value, name }) => ({ value, name: this.say(name) }));
    return { ...axis, title: this.say(axis.title), ...(names && { names }) };
  }

  private layer(layer: FigureLayer): FigureLayer {
    const all = (names: readonly string[] | undefined) => names?.map((name) => this.say(name));
    switch (layer.kind) {
      case 'points':
        return { ...layer, label: this.say(layer.label), ...(layer.names && { names: all(layer.names) }) };
      case 'heatMap':
        return { ...layer, label: this.say(layer.label), ...(layer.rowNames && { rowNames: all(layer.rowNames) }) };
      case 'graph':
        return {
          ...layer,
          nodes: layer.nodes.map((node) => ({ ...node, label: this.say(node.label), detail: this.say(node.detail) })),
        };
      default:
        return { ...layer, label: this.say(layer.label) };
    }
  }
}

/** What a page needs of a bundle: what theory and engine say comes to it translated. */
export function pageWords(bundle: Readonly<Record<string, string>> | undefined): Record<string, string> {
  return Object.fromEntries(Object.entries(bundle ?? {}).filter(([key]) => !key.endsWith(MARK)));
}

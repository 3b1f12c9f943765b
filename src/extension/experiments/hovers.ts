import * as vscode from 'vscode';
import type { JsonPath } from '../../experiment';
import { toRange } from './diagnosticList';
import type { ExperimentDocuments } from './experimentDocuments';
import { EXPERIMENT_SELECTOR } from './experimentFile';
import { predictionPath } from './facts';
import { predictionMarkdown } from './predictionMarkdown';

/** The prediction with formula and source, at the property that it is about. What the property means, the schema says beside it. */
export class PredictionHovers implements vscode.HoverProvider {
  constructor(private readonly experiments: ExperimentDocuments) {}

  static register(experiments: ExperimentDocuments): vscode.Disposable {
    return vscode.languages.registerHoverProvider(EXPERIMENT_SELECTOR, new PredictionHovers(experiments));
  }

  provideHover(document: vscode.TextDocument, position: vscode.Position): vscode.Hover | undefined {
    const { analysis } = this.experiments.of(document);
    const { prediction, parsed } = analysis;
    if (!prediction) return undefined;
    const path = predictionPath(analysis);
    const range = hoverRange(toRange(parsed.keyRangeOf(path)), path);
    return range.contains(position) ? new vscode.Hover(predictionMarkdown(prediction), range) : undefined;
  }
}

/** Sample sizes as a whole; of anything else the name alone, since inside of it other things are asked about. */
function hoverRange(property: vscode.Range, path: JsonPath): vscode.Range {
  const name = String(path.at(-1));
  return name === 'sampleSizes' ? property : property.with({ end: property.start.translate(0, name.length + 2) });
}

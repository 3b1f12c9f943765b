import type { ResolvedExperiment } from '../experiment/resolved';
import type { ExperimentResults, Prediction, Summary } from '../protocol/events';
import { judgeStudy } from './studies/registry';
import { stepBackend } from './studies/stepBackend';
import { ENGINE_VERSION } from './version';

/** What a run comes to: its results, judged. */
export function concludeStudy(
  experiment: ResolvedExperiment,
  hash: string,
  predictions: Prediction,
  results: ExperimentResults,
): Summary {
  const backend = stepBackend(experiment);
  // The results are those of the kind: its study made them.
  return {
    experiment: experiment.experiment,
    title: experiment.title,
    hash,
    engine: ENGINE_VERSION,
    ...(backend && !backend.exact ? { backend: backend.name } : {}),
    predictions,
    results,
    verdicts: judgeStudy(experiment, results, predictions),
  } as Summary;
}

/** Text of `summary.json`: the same bytes for the same experiment and engine, however it was run. */
export function summaryText(summary: Summary): string {
  return `${JSON.stringify(summary, null, 2)}\n`;
}

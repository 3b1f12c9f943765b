import type { ModelExperimentFile, RecoveryExperimentFile } from '../schema';
import { hasSampleSize, parameterCountOf } from '../sizes';
import type { Report } from './check';

/** Fits solve dense systems of at most so many unknowns. */
const MOST_PARAMETERS = 1000;

/** Fits from near points are small enough, their ε descend, and what is expected of them is made. */
export function checkLocalRecovery(file: ModelExperimentFile, report: Report): void {
  const { model, data, analysis, expect } = file;
  if (file.experiment === 'recovery') checkRecovery(file, report);
  const perturbation = analysis?.localRecovery?.perturbation;
  const at = ['analysis', 'localRecovery', 'perturbation'];
  if (perturbation) {
    const parameters = parameterCountOf(model);
    if (parameters > MOST_PARAMETERS) {
      const message = `Fits from near points are made up to ${MOST_PARAMETERS} parameters; the model has ${parameters}.`;
      report('too-large', at, message, { at: 'key' });
    }
    const { epsilons = [] } = perturbation;
    const place = epsilons.findIndex((value, i) => i > 0 && value >= epsilons[i - 1]);
    if (place >= 0) {
      const message =
        'Epsilons come in descending order, each once: the order of the error is taken from the first and the last.';
      report('epsilon-order', [...at, 'epsilons', place], message);
    }
  }
  expect?.localRecovery?.forEach(({ perturbation: expected }, i) => {
    if (!expected) return;
    const path = ['expect', 'localRecovery', i, 'perturbation'];
    if (!perturbation) {
      const message =
        'Fits from near the point are expected, but not made: "localRecovery" in "analysis" has no "perturbation". Add it, or leave the expectation out.';
      report('expectation-not-analysed', path, message, { at: 'key' });
      return;
    }
    const sizes = data?.sampleSizes;
    if (sizes === undefined) return;
    expected.forEach(({ sampleSize }, j) => {
      if (hasSampleSize(sizes, sampleSize)) return;
      const message = `The sample size ${sampleSize} is not run: it is not among "sampleSizes" in "data".`;
      report('expectation-outside-grid', [...path, j, 'sampleSize'], message);
    });
  });
}

/** Beside a training: taken of a single experiment, and the points of the file are for it alone. */
function checkRecovery({ analysis, points, vary, data, expect }: RecoveryExperimentFile, report: Report): void {
  const asked = analysis?.localRecovery !== undefined;
  if (asked && (vary !== undefined || data.search !== undefined)) {
    const message = `Local recovery has no effect here: of the trainings of ${vary === undefined ? 'a search' : '"vary"'} only losses, errors and ranks are told. Leave it out, or take it in a "rank" experiment.`;
    report('no-effect', ['analysis', 'localRecovery'], message, { severity: 'warning' });
  }
  if (points?.length && !asked) {
    const message = 'The points are for "localRecovery" in "analysis", which is not asked for. Add it, or leave the points out.';
    report('no-effect', ['points'], message, { at: 'key', severity: 'warning' });
  }
  if (expect?.localRecovery && !asked) {
    const message =
      '"localRecovery" is expected, but not taken: "analysis" has no "localRecovery". Add it, or leave the expectation out.';
    report('expectation-not-analysed', ['expect', 'localRecovery'], message, { at: 'key' });
  }
}

import type { RankExperimentFile } from '../schema';
import { hasSampleSize, parameterCountOf } from '../sizes';
import type { Report } from './check';

/** Fits solve dense systems of at most so many unknowns. */
const MOST_PARAMETERS = 1000;

/** Fits from near points are small enough, their ε descend, and what is expected of them is made. */
export function checkLocalRecovery({ model, data, analysis, expect }: RankExperimentFile, report: Report): void {
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

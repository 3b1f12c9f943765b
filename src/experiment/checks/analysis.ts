import type { RecoveryExperimentFile } from '../schema';
import type { Check, Report } from './check';

/** What is to be certified, or followed, is measured. */
export const checkAnalysis: Check = (file, report) => {
  if (file.experiment !== 'recovery' || !file.analysis) return;
  const { rank, certify, hessian = 'none', hessianEvery } = file.analysis;
  if (rank === false && certify === 'always') {
    const message =
      '"certify" asks for proofs of ranks, but ranks are not taken: "rank" is false in "analysis". Set it to true, or leave "certify" out.';
    report('nothing-to-certify', ['analysis', 'certify'], message);
  }
  if (hessianEvery !== undefined && hessian === 'none') {
    const message =
      '"hessianEvery" asks for spectra during training, but "hessian" in "analysis" says which, and it is "none". Set it to "auto", or leave "hessianEvery" out.';
    report('nothing-to-follow', ['analysis', 'hessianEvery'], message);
  }
  if (file.analysis.solutionSingularValues) checkSolutions(file, report);
  if (file.analysis.solutionParameters) checkParameters(file, report);
  if (hessian !== 'none' && (file.vary !== undefined || file.data.search !== undefined)) {
    const message = `Spectra have no effect here: of the trainings of ${file.vary === undefined ? 'a search' : '"vary"'} only losses, errors and ranks are told. Leave "hessian" out.`;
    report('no-effect', ['analysis', 'hessian'], message, { severity: 'warning' });
  }
};

function checkSolutions({ model, vary, data }: RecoveryExperimentFile, report: Report): void {
  const path = ['analysis', 'solutionSingularValues'];
  if (model.kind !== 'matrixFactorization') {
    report('solutions-of-matrices', path, 'Only a model of kind "matrixFactorization" recovers a matrix.');
  } else if (vary !== undefined || data.search !== undefined) {
    const message = `Singular values of solutions have no effect here: of the trainings of ${vary === undefined ? 'a search' : '"vary"'} only losses, errors and ranks are told. Leave them out.`;
    report('no-effect', path, message, { severity: 'warning' });
  }
}

function checkParameters({ model, vary, data }: RecoveryExperimentFile, report: Report): void {
  const path = ['analysis', 'solutionParameters'];
  if (model.kind !== 'formula') {
    const message =
      'Only the parameters of a model of kind "formula" are told: the symmetries of other models leave means over trainings without a meaning.';
    report('parameters-of-formulas', path, message);
  } else if (vary !== undefined || data.search !== undefined) {
    const message = `Parameters have no effect here: of the trainings of ${vary === undefined ? 'a search' : '"vary"'} only losses, errors and ranks are told. Leave them out.`;
    report('no-effect', path, message, { severity: 'warning' });
  }
}

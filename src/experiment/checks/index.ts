import type { ModelExperimentFile } from '../schema';
import { checkAnalysis } from './analysis';
import type { Check, Report } from './check';
import { checkExpectations } from './expectations';
import { checkExpressions } from './expressions';
import { checkInputs } from './inputs';
import { checkModel } from './model';
import { checkPoints } from './points';
import { checkSampleSizes } from './sampleSizes';
import { checkSizes } from './sizes';
import { checkTarget } from './target';
import { checkTraining } from './training';
import { checkVariants } from './variants';
import { checkVary } from './vary';

const CHECKS: readonly Check[] = [
  checkTarget,
  checkExpressions,
  checkInputs,
  checkTraining,
  checkAnalysis,
  checkPoints,
  checkVary,
];

/** Checks that count with the sample sizes, and say nothing of use when there are none. */
const GRID_CHECKS: readonly Check[] = [checkSizes, checkExpectations];

/** All checks of an experiment about a model, a target function and samples. */
export function checkModelExperiment(file: ModelExperimentFile, report: Report): void {
  let isRight = true;
  checkOne(file, (code, path, message, options) => {
    if (options?.severity !== 'warning') isRight = false;
    report(code, path, message, options);
  });
  if (isRight) checkVariants(file, report, checkOne);
}

function checkOne(file: ModelExperimentFile, report: Report): void {
  const codes = new Set<string>();
  const listen: Report = (code, ...rest) => {
    codes.add(code);
    report(code, ...rest);
  };
  checkModel(file, listen);
  // The others count with the sizes of the model.
  if (codes.size > 0) return;
  for (const check of CHECKS) check(file, listen);
  checkSampleSizes(file, listen);
  if (!codes.has('empty-range')) GRID_CHECKS.forEach((check) => check(file, listen));
}

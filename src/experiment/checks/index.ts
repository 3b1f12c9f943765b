import type { Finding } from '../finding';
import type { ExperimentFile } from '../schema';
import { PROBLEM_LIMIT } from '../syntax';
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

const CHECKS: readonly Check[] = [checkTarget, checkExpressions, checkInputs, checkTraining, checkAnalysis, checkPoints];

/** Checks that count with the sample sizes, and say nothing of use when there are none. */
const GRID_CHECKS: readonly Check[] = [checkSizes, checkExpectations];

/** All that is wrong with a file that is right by the schema. Allocates nothing that grows with the sizes in it. */
export function checkMeaning(file: ExperimentFile): Finding[] {
  const findings: Finding[] = [];
  const report: Report = (code, path, message, options) => {
    if (findings.length < PROBLEM_LIMIT) findings.push({ code, path, message, ...options });
  };
  checkModel(file, report);
  // The others count with the sizes of the model.
  if (findings.length > 0) return findings;
  for (const check of CHECKS) check(file, report);
  checkSampleSizes(file, report);
  if (findings.every(({ code }) => code !== 'empty-range')) GRID_CHECKS.forEach((check) => check(file, report));
  return findings;
}

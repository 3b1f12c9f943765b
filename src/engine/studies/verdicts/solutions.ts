import type { RecoveryExpectationsConfig } from '../../../experiment/schema';
import { counted } from '../../../experiment/words';
import type { SolutionResults, Verdict } from '../../../protocol/events';
import { judgeNumber } from './expected';

/** A verdict for each singular value of recovered matrices that the file expects: means over the trainings. */
export function judgeSolutions(
  expected: RecoveryExpectationsConfig['solutions'] = [],
  results: SolutionResults | undefined,
): Verdict[] {
  return expected.flatMap(({ sampleSize, singularValues }, i) => {
    const found = results?.sampleSizes.find((each) => each.sampleSize === sampleSize);
    const reasons = [`Mean over ${counted(found?.trials ?? 0, 'training')} that did not diverge, at n = ${sampleSize}.`];
    return singularValues.map((value, k) =>
      judgeNumber(['solutions', i, 'singularValues', k], value, { value: found?.mean?.matrix[k] ?? null, reasons }),
    );
  });
}

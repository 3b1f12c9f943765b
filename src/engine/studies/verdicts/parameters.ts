import type { RecoveryExpectationsConfig } from '../../../experiment/schema';
import { counted } from '../../../experiment/words';
import type { ParameterResults, Verdict } from '../../../protocol/events';
import { judgeNumber } from './expected';

/** A verdict for each mean and standard deviation of a parameter that the file expects. */
export function judgeParameters(
  expected: RecoveryExpectationsConfig['solutionParameters'] = [],
  results: ParameterResults | undefined,
): Verdict[] {
  return expected.flatMap((row, i) => {
    const found = results?.sampleSizes.find(({ sampleSize }) => sampleSize === row.sampleSize);
    const reasons = [`Over ${counted(found?.trials ?? 0, 'training')} that did not diverge, at n = ${row.sampleSize}.`];
    return (['mean', 'standardDeviation'] as const).flatMap((name) =>
      (row[name] ?? []).map((value, k) =>
        judgeNumber(['solutionParameters', i, name, k], value, { value: found?.[name]?.[k] ?? null, reasons }),
      ),
    );
  });
}

import type { ResolvedRecoveryExperiment } from '../../../experiment/resolved';
import { variantsOf } from '../../../experiment/variants';
import type { Prediction, RecoveryResults, VariantResult, Verdict } from '../../../protocol/events';
import { predict } from '../../theory';

/** What is expected of one value, or of all of them, a verdict for each value. */
export function judgeVariants(
  experiment: ResolvedRecoveryExperiment,
  variants: readonly VariantResult[],
  judgeOne: (experiment: ResolvedRecoveryExperiment, results: RecoveryResults, prediction: Prediction) => Verdict[],
): Verdict[] {
  return variantsOf(experiment).flatMap((variant, index) => {
    const found = variants[index];
    const own = experiment.expect.variants?.[index] ?? {};
    return judgeOne(variant.experiment, found, predict(variant.experiment)).map((verdict): Verdict => {
      const [, name, ...rest] = verdict.at;
      const isOwn = typeof name === 'string' && name in own;
      return {
        ...verdict,
        id: `${verdict.id} (${variant.name})`,
        at: isOwn ? ['expect', 'variants', index, name, ...rest] : verdict.at,
      };
    });
  });
}

import { isModelExperiment, modelOf, type ResolvedExperiment, type ResolvedRecoveryExperiment } from '../../experiment/resolved';
import type { OptimizerConfig } from '../../experiment/schema';
import { counted } from '../../experiment/words';
import type { Prediction } from '../../protocol/events';
import { modelWords } from '../models/words';
import { printable, type Colors } from './colors';
import { formatNumber, wrapText } from './format';

const INDENT = 14;

/** What an experiment is and what the theory says about it, before anything runs. */
export function describeExperiment(
  experiment: ResolvedExperiment,
  prediction: Prediction,
  cells: number,
  colors: Colors,
): string[] {
  const line = (name: string, text: string) => {
    const [first, ...rest] = wrapText(text, 100);
    return [`${colors.dim(name.padEnd(INDENT))}${first}`, ...rest.map((more) => ' '.repeat(INDENT) + more)];
  };
  const model = modelOf(experiment);
  const lines = line('experiment', experiment.experiment);
  if (model) {
    const parameters = prediction.parameters === null ? '' : `, ${prediction.parameters} parameters`;
    lines.push(...line('model', printable(modelWords(model)) + parameters));
  }
  const { optimisticSampleSize, headline, exact, formula, source } = prediction;
  const predicted =
    headline ??
    (optimisticSampleSize === null
      ? undefined
      : `optimistic sample size ${exact ? '' : 'at most '}${colors.bold(String(optimisticSampleSize))}`);
  if (predicted === undefined) lines.push(...line('prediction', `none: ${source}`));
  else {
    lines.push(...line('prediction', predicted));
    for (const words of [formula, source]) if (words !== '') lines.push(...line('', words));
  }
  if (!isModelExperiment(experiment)) return lines;
  const sizes = experiment.data.sampleSizes;
  if (experiment.experiment === 'recovery') {
    lines.push(
      ...line('training', optimizerWords(experiment.training.optimizer)),
      ...hessianWords(experiment.analysis).flatMap((words) => line('Hessian', words)),
      ...line(
        'grid',
        `${counted(sizes.length, 'sample size')} × ${counted(experiment.training.trials, 'trial')} = ${counted(cells, 'training')}, seed ${experiment.training.seed}`,
      ),
    );
  } else {
    lines.push(
      ...line(
        'measures',
        `model rank, ${counted(experiment.points.length, 'further point')}, ${counted(sizes.length, 'sample size')}`,
      ),
    );
  }
  return lines;
}

/** Nothing where there is nothing to say. */
function hessianWords({ hessian, hessianEvery: every }: ResolvedRecoveryExperiment['analysis']): string[] {
  if (hessian === 'none') return [];
  const during =
    every === undefined
      ? 'at the solutions'
      : typeof every === 'number'
        ? `every ${every} steps and at the solutions`
        : `${every.perDecade} times in every decade of steps and at the solutions`;
  if (hessian === 'full') return [`all eigenvalues, ${during}`];
  const ends = `${hessian.count} eigenvalues at each end`;
  if (hessian.kind === 'extremal') return [`${ends}, ${during}`];
  return [`density by ${hessian.probes} probes × ${hessian.steps} Lanczos steps, ${ends}, ${during}`];
}

function optimizerWords(optimizer: OptimizerConfig): string {
  if (optimizer.kind === 'gradientFlow') {
    const { relativeTolerance, time, polish } = optimizer;
    return [
      'gradient flow',
      ...(relativeTolerance === undefined ? [] : [`relative tolerance ${formatNumber(relativeTolerance)}`]),
      ...(time === undefined ? [] : [`to time ${formatNumber(time)}`]),
      ...(polish === true ? ['then polished'] : []),
    ].join(', ');
  }
  const { learningRate: rate } = optimizer;
  const name = optimizer.kind === 'adam' ? 'Adam' : 'gradient descent';
  if (typeof rate === 'number') return `${name}, learning rate ${formatNumber(rate)}`;
  return `${name}, learning rate ${formatNumber(rate.initial)}, times ${formatNumber(rate.factor)} every ${rate.every} steps`;
}

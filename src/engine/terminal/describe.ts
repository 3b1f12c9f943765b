import type { ResolvedExperiment, ResolvedModel } from '../../experiment/resolved';
import type { Prediction } from '../../protocol/events';
import { printable, type Colors } from './colors';
import { wrapText } from './format';

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
  const lines = line('model', `${modelWords(experiment.model)}, ${prediction.parameters} parameters`);
  const { optimisticSampleSize, exact, formula, source } = prediction;
  if (optimisticSampleSize === null) lines.push(...line('prediction', `none: ${source}`));
  else {
    lines.push(
      ...line('prediction', `optimistic sample size ${exact ? '' : 'at most '}${colors.bold(String(optimisticSampleSize))}`),
    );
    lines.push(...line('', formula), ...line('', source));
  }
  const sizes = experiment.data.sampleSizes;
  if (experiment.experiment === 'recovery') {
    lines.push(
      ...line(
        'grid',
        `${sizes.length} sample sizes × ${experiment.training.trials} trials = ${cells} trainings, seed ${experiment.training.seed}`,
      ),
    );
  } else {
    lines.push(...line('measures', `model rank, ${experiment.points.length} further points, ${sizes.length} sample sizes`));
  }
  return lines;
}

function modelWords(model: ResolvedModel): string {
  switch (model.kind) {
    case 'matrixFactorization':
      return `matrix factorization ${model.rows} × ${model.inner} × ${model.columns}`;
    case 'twoLayer': {
      const activation = typeof model.activation === 'string' ? model.activation : `tanh(z + ${model.activation.shift})`;
      const biases = [...(model.hiddenBias ? ['hidden biases'] : []), ...(model.outputBias ? ['output bias'] : [])];
      return `two-layer ${activation} network, ${model.inputs} inputs, width ${model.width}${biases.length > 0 ? `, ${biases.join(', ')}` : ''}`;
    }
    case 'formula':
      return printable(`formula ${model.expression.length > 60 ? `${model.expression.slice(0, 60)}…` : model.expression}`);
  }
}

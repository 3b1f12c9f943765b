import { experimentHash } from '../../experiment';
import { EngineError, EXIT } from '../errors';
import { cellCount } from '../plan';
import { createColors, printable, wantsColors } from '../terminal/colors';
import { describeExperiment } from '../terminal/describe';
import { formatProblems } from '../terminal/problems';
import { predict } from '../theory';
import { validate } from '../validate';
import { ENGINE_VERSION } from '../version';
import { readExperiment } from './readExperiment';

/** `recovery check`: validates and predicts, trains nothing. */
export function checkCommand(file: string, json: boolean): number {
  let text: string;
  try {
    text = readExperiment(file);
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    process.stderr.write(`recovery: ${error.message}\n`);
    return error.exitCode;
  }
  const { problems, experiment } = validate(text, file);
  if (problems.length > 0)
    process.stderr.write(formatProblems(file, text, problems, createColors(wantsColors(process.stderr, process.env))));
  if (!experiment) {
    if (json) printJson({ valid: false, problems });
    return EXIT.invalid;
  }
  const predictions = predict(experiment);
  const cells = cellCount(experiment);
  if (json) {
    printJson({
      valid: true,
      problems,
      experiment: experiment.experiment,
      title: experiment.title,
      hash: experimentHash(experiment),
      engine: ENGINE_VERSION,
      cells,
      predictions,
    });
    return EXIT.met;
  }
  const colors = createColors(wantsColors(process.stdout, process.env));
  const lines = [
    colors.bold(printable(experiment.title || file)),
    ...describeExperiment(experiment, predictions, cells, colors),
    '',
    colors.green('The experiment is valid.'),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
  return EXIT.met;
}

function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}

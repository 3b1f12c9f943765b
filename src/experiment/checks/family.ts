import type { JsonPath } from '../problem';
import { LIMITS, type ModelConfig, type RankExperimentFile } from '../schema';
import { convolutionShapeOf, parameterCountOf } from '../sizes';
import type { Report } from './check';
import { checkExpressions } from './expressions';
import { checkModel } from './model';
import { checkTarget } from './target';

/** Rows of the largest table. */
const MOST_ROWS = 5000;

/** A target that is too large for some model of a family is a row without a rank, and no mistake. */
const TOO_LARGE: ReadonlySet<string> = new Set(['target-rank', 'teacher-width']);

/** Models and targets of a family are right each, go together, and are not too large or too many. */
export function checkFamily(file: RankExperimentFile, report: Report): void {
  const { family } = file;
  if (!family) {
    checkExpected(file, report);
    return;
  }
  const models = family.models ?? [file.model];
  const targets = family.targets ?? [file.target];
  const modelPath = (i: number): JsonPath => (family.models ? ['family', 'models', i] : ['model']);
  const told = new Set<string>();
  const once: Report = (code, path, ...rest) => {
    const key = JSON.stringify([code, path]);
    if (TOO_LARGE.has(code) || told.has(key)) return;
    told.add(key);
    report(code, path, ...rest);
  };
  if (models.length * targets.length * (family.connections ? 3 : 1) > MOST_ROWS) {
    report('too-many-rows', ['family'], `The table would have more than ${MOST_ROWS} rows.`, { at: 'key' });
    return;
  }
  models.forEach((model, i) => {
    const path = modelPath(i);
    checkModel({ model }, (code, at, ...rest) => once(code, [...path, ...at.slice(1)], ...rest));
    const parameters = largestCount(model, family.connections === true);
    if (parameters > LIMITS.parameters) {
      const message = `A model of the family would have ${parameters} parameters. The most is ${LIMITS.parameters}.`;
      once('too-many-parameters', [...path, 'kind'], message);
    }
  });
  if (told.size > 0) return;
  models.forEach((model, i) =>
    targets.forEach((target, j) => {
      const targetPath: JsonPath = family.targets ? ['family', 'targets', j] : modelPath(i);
      const within: Report = (code, at, ...rest) =>
        once(
          code,
          at[0] === 'target' ? [...targetPath, ...(family.targets ? at.slice(1) : [])] : [...modelPath(i), ...at.slice(1)],
          ...rest,
        );
      checkTarget({ model, target }, within);
      checkExpressions({ model, target }, within);
    }),
  );
}

/** Without a family there is a table of one row, and nothing is measured for it beside the model rank. */
function checkExpected(file: RankExperimentFile, report: Report): void {
  const rows = file.expect?.table;
  if (rows === undefined || rows.length === 1) return;
  const message = `Without "family" the table has one row, the experiment's own, not ${rows.length}.`;
  report('expectation-not-analysed', ['expect', 'table'], message, { at: 'key' });
}

/** Parameters of the largest of a convolution and its counterparts. */
function largestCount(model: ModelConfig, connections: boolean): number {
  const own = parameterCountOf(model);
  if (!connections || model.kind !== 'convolution') return own;
  const { positions, inputs } = convolutionShapeOf(model);
  return Math.max(own, model.kernels * positions * (inputs + 1 + (model.hiddenBias ? 1 : 0)));
}

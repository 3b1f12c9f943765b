import type { JsonPath } from '../problem';
import type { ModelExperimentFile } from '../schema';
import { withWidth } from '../variants';
import type { Report } from './check';

/**
 * Checks every experiment that a file with `vary` stands for, where its value could make it wrong: other widths, targets and models.
 * Problems are told at the value; of each only the first, since the others mostly follow from it.
 */
export function checkVariants(
  file: ModelExperimentFile,
  report: Report,
  checkOne: (file: ModelExperimentFile, report: Report) => void,
): void {
  if (file.experiment !== 'recovery') return;
  const { vary } = file;
  if (vary?.kind !== 'width' && vary?.kind !== 'target' && vary?.kind !== 'model') return;
  // Expectations of all values and of each are checked with the file.
  const plain = { ...file };
  delete plain.vary;
  delete plain.expect;
  vary.values.forEach((value: (typeof vary.values)[number], index) => {
    const at: JsonPath = ['vary', 'values', index];
    const variant =
      typeof value === 'number'
        ? { ...plain, model: withWidth(plain.model, value) ?? plain.model }
        : { ...plain, ...(value.target ? { target: value.target } : {}), ...('model' in value ? { model: value.model } : {}) };
    let told = false;
    checkOne(variant, (code, path, message, options) => {
      // A warning is about all values, and told of the file.
      if (told || options?.severity === 'warning') return;
      told = true;
      const own = typeof value === 'object' && Object.hasOwn(value, String(path[0]));
      if (own) report(code, [...at, ...path], message, options);
      else report(code, at, message);
    });
  });
}

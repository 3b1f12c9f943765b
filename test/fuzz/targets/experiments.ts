import { isQuick, obstacles, predict } from '../../../src/engine/theory';
import { experimentHash, parseExperiment } from '../../../src/experiment';
import { ExperimentSchema } from '../../../src/experiment/kinds';
import { formatPath } from '../../../src/experiment/problem';
import { experimentTexts } from '../examples';
import { fromSchema } from '../fromSchema';
import type { FuzzTarget } from '../target';
import { mutateText } from '../texts';
import { mutateValue } from '../values';

/** What the editor does at every key stroke. */
function readExperiment(text: string): unknown {
  const parsed = parseExperiment(text);
  for (const { range, path, message } of parsed.problems) {
    if (message.length > 20_000)
      throw new Error(`a message of ${message.length} characters at ${formatPath(path).slice(0, 200)}`);
    if (range.offset < 0 || range.offset + range.length > Math.max(text.length, 1))
      throw new Error(`a problem outside of the text: ${message}`);
  }
  if (!parsed.resolved) {
    if (!parsed.problems.some(({ severity }) => severity === 'error')) throw new Error('neither an experiment nor an error');
    return parsed.file;
  }
  experimentHash(parsed.resolved);
  // The editor asks a thread of its own for what may take longer.
  if (isQuick(parsed.resolved)) {
    obstacles(parsed.resolved);
    predict(parsed.resolved);
  }
  return parsed.resolved;
}

let texts: string[] | undefined;
const someText = () => (texts ??= experimentTexts());

export const experimentTextTarget: FuzzTarget<string> = {
  name: 'experiment texts',
  make(random) {
    const text = random.pick(someText());
    return random.chance(0.1) ? mutateText(text + random.pick(someText()), random) : mutateText(text, random);
  },
  read: readExperiment,
};

let values: unknown[] | undefined;
const someValue = () =>
  (values ??= someText().flatMap((text) => {
    const { file } = parseExperiment(text);
    return file ? [file] : [];
  }));

export const experimentValueTarget: FuzzTarget<string> = {
  name: 'experiment values',
  make(random) {
    const value = random.chance(0.4)
      ? mutateValue(random.pick(someValue()), random)
      : fromSchema(ExperimentSchema, random, random.pick([0, 0, 0.01]));
    return JSON.stringify(value);
  },
  read: readExperiment,
};

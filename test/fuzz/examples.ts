import fs from 'node:fs';
import path from 'node:path';

/** Texts of experiment files to begin from: the examples and the files of the tests, right and wrong ones. From the repository root. */
export function experimentTexts(): string[] {
  return ['examples', 'test/fixtures/experiments/good', 'test/fixtures/experiments/bad'].flatMap((folder) =>
    fs
      .readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .sort()
      .map((name) => fs.readFileSync(path.join(folder, name), 'utf8')),
  );
}

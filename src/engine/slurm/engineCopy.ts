import { createHash, randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

/** What tasks need of the engine: the program, and what its worker threads load. */
const FILES = ['engine.js', 'worker.js'];

/**
 * Copies the engine into a run's folder under the hash of its bytes, so that an update of the extension cannot change tasks that
 * wait. A copy that is there is used only if its bytes are those of this engine: a run folder brings no program with it.
 *
 * @param engineFile the bundled engine that runs this
 * @returns the program for tasks
 */
export function copyEngine(slurmFolder: string, engineFile: string): string {
  const hash = createHash('sha256');
  const bytes = FILES.map((name) => fs.readFileSync(path.join(path.dirname(engineFile), name)));
  for (const each of bytes) hash.update(each);
  const folder = path.join(slurmFolder, `engine-${hash.digest('hex').slice(0, 16)}`);
  fs.mkdirSync(folder, { recursive: true });
  FILES.forEach((name, index) => {
    const file = path.join(folder, name);
    if (fs.existsSync(file) && fs.readFileSync(file).equals(bytes[index])) return;
    const temporary = `${file}.${randomUUID()}.partial`;
    fs.writeFileSync(temporary, bytes[index], { flush: true });
    fs.renameSync(temporary, file);
  });
  return path.join(folder, FILES[0]);
}

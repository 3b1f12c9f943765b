import fs from 'node:fs';
import { LIMITS } from '../../experiment/schema/common';
import { EngineError, errorMessage, EXIT, systemErrorCode } from '../errors';

/** Text of an experiment file. A file that is far too large is refused before it is read. */
export function readExperiment(file: string): string {
  try {
    const { size } = fs.statSync(file);
    if (size > LIMITS.fileBytes) {
      throw new EngineError(
        'file-too-large',
        `${file} has ${(size / 1024 / 1024).toFixed(1)} MB; an experiment file may have at most ${LIMITS.fileBytes / 1024 / 1024} MB.`,
        EXIT.invalid,
      );
    }
    return fs.readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof EngineError) throw error;
    const reason = { ENOENT: 'there is no such file', EISDIR: 'it is a folder', EACCES: 'it may not be read' }[
      systemErrorCode(error) ?? ''
    ];
    throw new EngineError('unreadable-file', `Cannot read ${file}: ${reason ?? errorMessage(error)}.`, EXIT.invalid);
  }
}

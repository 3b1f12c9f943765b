import { EngineError, errorMessage, systemErrorCode } from '../errors';

/** What a failed write means for the person whose run it is. */
export function storeError(error: unknown, folder: string): EngineError {
  if (error instanceof EngineError) return error;
  switch (systemErrorCode(error)) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new EngineError(
        'disk-full',
        `The disk is full: the run could not be written to ${folder}. Make room and go on with recovery resume ${folder}, or choose another folder with --out.`,
      );
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return runFolderError(folder, 'it may not be written to');
    case 'ENOTDIR':
    case 'EEXIST':
      return runFolderError(folder, 'a part of this path is a file');
    case 'ENAMETOOLONG':
      return runFolderError(folder, 'its name is too long');
    default:
      return runFolderError(folder, errorMessage(error));
  }
}

function runFolderError(folder: string, reason: string): EngineError {
  return new EngineError(
    'run-folder',
    `The run folder ${folder} cannot be used: ${reason}. Choose another one with --out; a run that had begun goes on with recovery resume once that is mended.`,
  );
}

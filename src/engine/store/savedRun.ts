import fs from 'node:fs';
import path from 'node:path';
import { EngineError, errorMessage, EXIT, fileValue } from '../errors';
import { ENGINE_VERSION } from '../version';
import { requireOwnFiles } from './ownFiles';
import { RUN_FILES } from './runFiles';

/** Version of run folders. Before there were versions there was no journal. */
export const RUN_FORMAT = 2;

/** What a run needs to be done again: the same text, told as being the same file, begun at the same time. */
export interface RunOrigin {
  /** Text of the experiment file. */
  text: string;
  /** Absolute path that it was read from; files that it names lie beside it. */
  fileName: string;
  /** Milliseconds since 1970. */
  startedAt: number;
  /** Whether there is to be an HTML report. */
  report: boolean;
}

/** What the `experiment.json` of a run folder says. */
export interface SavedRun {
  /** Absolute path of the run folder. */
  readonly folder: string;
  readonly format: number;
  /** Of the experiment. */
  readonly hash: string;
  readonly engine: string;
  readonly experiment: { readonly model?: unknown };
  /** Undefined in folders of the first format. */
  readonly origin: RunOrigin | undefined;
}

/** @throws EngineError when there is no run in the folder, or one of a format that this engine does not know. */
export function readSavedRun(folder: string): SavedRun {
  const refuse = (message: string) => new EngineError('no-run-folder', message, EXIT.invalid);
  if (!fs.statSync(folder, { throwIfNoEntry: false })?.isDirectory()) throw refuse(`There is no run folder ${folder}.`);
  requireOwnFiles(folder);
  let content: unknown;
  let trouble = '';
  try {
    content = JSON.parse(fs.readFileSync(path.join(folder, RUN_FILES.experiment), 'utf8'));
  } catch (error) {
    content = undefined;
    trouble = ` (${errorMessage(error)})`;
  }
  if (!isRecord(content) || !isRecord(content['experiment']))
    throw refuse(`${folder} is no run folder: it has no ${RUN_FILES.experiment} with an experiment${trouble}.`);
  const { format = 1, hash, engine, experiment } = content;
  if (typeof format !== 'number' || format > RUN_FORMAT)
    throw refuse(
      `The run folder ${folder} has format ${fileValue(format)}, but this engine (${ENGINE_VERSION}) reads formats up to ${RUN_FORMAT}. Update Recovery Lab.`,
    );
  return {
    folder: path.resolve(folder),
    format,
    hash: fileValue(hash),
    engine: fileValue(engine),
    experiment,
    origin: readOrigin(content),
  };
}

function readOrigin({ text, fileName, startedAt, report }: Record<string, unknown>): RunOrigin | undefined {
  if (typeof text !== 'string' || typeof fileName !== 'string' || typeof startedAt !== 'number') return undefined;
  return { text, fileName, startedAt, report: report !== false };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * The origin of a run that can go on.
 *
 * @throws EngineError that says why it cannot
 */
export function resumableOrigin({ folder, format, engine, origin }: SavedRun): RunOrigin {
  const refuse = (reason: string) =>
    new EngineError('not-resumable', `The run in ${folder} cannot be resumed: ${reason}.`, EXIT.invalid);
  if (format < RUN_FORMAT)
    throw refuse(`its folder has format ${format}, of a time before runs could be. Run the experiment again`);
  if (engine !== ENGINE_VERSION)
    throw refuse(
      `it was begun by engine ${engine}, and this is ${ENGINE_VERSION}, whose numbers may be others. Use that engine, or run the experiment again`,
    );
  if (!origin) throw refuse(`its ${RUN_FILES.experiment} does not say what it was begun with. Run the experiment again`);
  return origin;
}

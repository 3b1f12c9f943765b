import { createHash } from 'node:crypto';
import type { JsonPath } from '../../experiment/problem';
import { isModelExperiment, type ResolvedExperiment, type ResolvedFilePoint } from '../../experiment/resolved';
import { EngineError } from '../errors';
import { readFileBeside } from '../fileBeside';
import { createModel } from '../models/registry';
import type { Model } from '../models/model';
import { arrangeParameters, readWeights } from './index';

/** Largest file of weights: 32-bit numbers of many more parameters than a rank can be taken of. */
const LARGEST_FILE = 64 * 1024 * 1024;

export interface FileFailure {
  code: string;
  message: string;
  path: JsonPath;
}

/** The experiment with the numbers of every point that stands in a file, and what is wrong with those files. */
export function readFilePoints(
  experiment: ResolvedExperiment,
  folder: string,
): { experiment: ResolvedExperiment; failures: FileFailure[] } {
  const failures: FileFailure[] = [];
  if (!isModelExperiment(experiment) || !experiment.points?.some(({ kind }) => kind === 'file')) return { experiment, failures };
  const model = createModel(experiment.model);
  const points = experiment.points.map((point, i) => {
    if (point.kind !== 'file' || point.parameters) return point;
    try {
      return readPoint(point, model, folder);
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      failures.push({ code: error.code, message: `${point.file}: ${error.message}`, path: ['points', i, 'file'] });
      return point;
    }
  });
  return { experiment: { ...experiment, points }, failures };
}

function readPoint(point: ResolvedFilePoint, model: Model, folder: string): ResolvedFilePoint {
  const bytes = readFileBeside(folder, point.file, LARGEST_FILE);
  const parameters = Array.from(arrangeParameters(readWeights(bytes, point.file), model.layout));
  return { ...point, parameters, sha256: createHash('sha256').update(bytes).digest('hex') };
}

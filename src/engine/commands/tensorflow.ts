import { errorMessage, EXIT } from '../errors';
import { installTensorFlow } from '../tensorflow/install';
import { loadTensorFlow, prepareTensorFlow } from '../tensorflow/load';
import { findTensorFlow, installFolder, PACKAGE } from '../tensorflow/location';
import { cancelOnSignals } from './signals';

/** `recovery tensorflow`: whether there is TensorFlow, and where. */
export function tensorFlowStatusCommand(): number {
  const location = findTensorFlow(process.env);
  process.stdout.write(`${location.folder === undefined ? absence(location.reason) : presence(location.folder)}\n`);
  return EXIT.met;
}

/** `recovery tensorflow install`: installs it for this user. */
export async function tensorFlowInstallCommand(): Promise<number> {
  const folder = installFolder(process.env);
  process.stdout.write(`Installing ${PACKAGE} into ${folder}. It takes some minutes and about 1 GB.\n`);
  await installTensorFlow(folder, process.env, cancelOnSignals());
  const location = findTensorFlow(process.env);
  if (location.folder === undefined) {
    process.stdout.write(`${absence(location.reason)}\n`);
    return EXIT.failure;
  }
  process.stdout.write(`${presence(location.folder)}\n`);
  return EXIT.met;
}

function absence(reason: string): string {
  return `TensorFlow: none, ${reason}.\n"recovery tensorflow install" installs it. Trainings run in float64 kernels without it.`;
}

/** Loads it, so that it is not called there when it does not run. */
function presence(folder: string): string {
  try {
    prepareTensorFlow(process.env, 1);
    const { version } = loadTensorFlow();
    return `TensorFlow: ${PACKAGE} ${version['tfjs-node']}, for trainings in float32 that ask for it.\n${folder}`;
  } catch (error) {
    return errorMessage(error);
  }
}

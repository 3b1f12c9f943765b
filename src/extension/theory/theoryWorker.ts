// The theory on a thread of its own, for experiments about which it has to think longer: dist/theory.js.
import { parentPort, workerData } from 'node:worker_threads';
import type { ResolvedExperiment } from '../../experiment';
import { askTheory } from './theoryAnswer';

parentPort?.postMessage(askTheory(workerData as ResolvedExperiment));

// A worker thread of the engine, as a bundle of its own: dist/worker.js starts sooner than the whole engine does.
import { parentPort, workerData } from 'node:worker_threads';
import { isWorkerStart, serveJobs } from './schedule/worker';

if (parentPort && isWorkerStart(workerData)) serveJobs(parentPort, workerData);

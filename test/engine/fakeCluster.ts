import path from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { fakeJobs, fakeSlurm } from '../fixtures/slurm/fakePrograms';
import { temporaryFolder, until } from './engine';

/** Gives each test of a file a folder, and programs of Slurm without a cluster; both go when no task of theirs is left. */
export function fakeCluster() {
  const cluster = {} as { folder: ReturnType<typeof temporaryFolder>; slurm: ReturnType<typeof fakeSlurm> };
  beforeEach(() => {
    cluster.folder = temporaryFolder();
    cluster.slurm = fakeSlurm(path.resolve('test/fixtures/slurm/fakeSlurm.mjs'), cluster.folder.path);
  });
  afterEach(async () => {
    await until(() => fakeJobs(cluster.slurm.SLURM_CONF).every(({ end }) => end !== 'queued'), 20_000);
    cluster.folder.remove();
  });
  return cluster;
}

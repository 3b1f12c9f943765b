import fs from 'node:fs';
import path from 'node:path';
import { CHECKPOINTS, checkpointName, listCheckpoints, removeCheckpoints } from './checkpoint';

/** Which jobs of a run have a checkpoint file, and when that goes. Threads write the files; this process removes them. */
export class CheckpointFiles {
  /** Names. */
  private readonly files = new Set<string>();
  /** Of earlier sessions, by list of jobs. */
  private readonly early = new Map<number, number[]>();

  /** Those of earlier sessions; what they did not write whole is removed. */
  constructor(private readonly runFolder: string) {
    for (const { name, run, place, partial } of listCheckpoints(runFolder)) {
      if (partial) this.unlink(name);
      else {
        this.files.add(name);
        this.early.set(run, [...(this.early.get(run) ?? []), place]);
      }
    }
  }

  get count(): number {
    return this.files.size;
  }

  /** Places of the jobs of a list that earlier sessions saved. */
  earlier(run: number): readonly number[] {
    return this.early.get(run) ?? [];
  }

  written(run: number, place: number): void {
    this.files.add(checkpointName({ run, place }));
  }

  has(run: number, place: number): boolean {
    return this.files.size > 0 && this.files.has(checkpointName({ run, place }));
  }

  /** Of a job whose result is on the disk. */
  remove(run: number, place: number): void {
    const name = checkpointName({ run, place });
    if (this.files.delete(name)) this.unlink(name);
  }

  removeAll(): void {
    this.files.clear();
    removeCheckpoints(this.runFolder);
  }

  /** What cannot be removed now is removed at the end, or by `recovery gc`. */
  private unlink(name: string): void {
    try {
      fs.rmSync(path.join(this.runFolder, CHECKPOINTS, name), { force: true });
    } catch {
      // It is read by nobody any more.
    }
  }
}

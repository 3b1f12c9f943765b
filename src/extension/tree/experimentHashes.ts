import * as vscode from 'vscode';
import { experimentHash, parseExperiment } from '../../experiment';
import type { ExperimentDocuments } from '../experiments/experimentDocuments';
import { readText } from '../files';

/** Hashes of experiment files as they are now: as in the editor, else as on disk. */
export class ExperimentHashes {
  private readonly onDisk = new Map</* uri */ string, { mtime: number; hash: string | undefined }>();

  constructor(private readonly experiments: ExperimentDocuments) {}

  /** Undefined for a file with errors, which has none, and for one that cannot be read. */
  async of(uri: vscode.Uri): Promise<string | undefined> {
    const open = this.experiments.get(uri);
    if (open) {
      const { resolved } = open.analysis.parsed;
      return resolved && experimentHash(resolved);
    }
    try {
      const { mtime } = await vscode.workspace.fs.stat(uri);
      const known = this.onDisk.get(uri.toString());
      if (known?.mtime === mtime) return known.hash;
      const { resolved } = parseExperiment(await readText(uri));
      const hash = resolved && experimentHash(resolved);
      this.onDisk.set(uri.toString(), { mtime, hash });
      return hash;
    } catch {
      return undefined;
    }
  }
}

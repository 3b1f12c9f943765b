import * as path from 'node:path';
import type * as vscode from 'vscode';
import type { EngineProgram } from './runs/engineProcess';

/** Where the engine lies, and where it finds what this extension has installed for it. */
export class EngineLocation {
  constructor(
    /** The engine's file; tests put another one in its place. */
    public program: string,
    private readonly storage: vscode.Uri,
  ) {}

  /** Here the command that installs TensorFlow puts it. */
  get tensorFlowFolder(): string {
    return path.join(this.storage.fsPath, 'tensorflow');
  }

  start(args: readonly string[], cwd: string): EngineProgram {
    return {
      executable: process.execPath,
      arguments: [this.program, ...args],
      cwd,
      environment: { RECOVERY_TENSORFLOW: this.tensorFlowFolder },
    };
  }
}

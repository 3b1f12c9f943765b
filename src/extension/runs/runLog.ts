import * as vscode from 'vscode';
import type { AcceptedEvent, HelloEvent } from '../../protocol/events';
import { shellWord } from '../../protocol/reproduce';
import type { EngineProgram } from './engineProcess';
import type { EngineExit } from './stopLadder';

/** Longest part of an unreadable line that is worth keeping. */
const EXCERPT = 500;

/** The output channel: what was run, exactly, and everything the engine said besides events. */
export class RunLog implements vscode.Disposable {
  private readonly channel = vscode.window.createOutputChannel('Recovery Lab', { log: true });

  show(): void {
    this.channel.show(true);
  }

  command(fileName: string, { executable, arguments: args, cwd }: EngineProgram): void {
    const words = [executable, ...args].map(shellWord).join(' ');
    this.channel.info(`${fileName}: cd ${shellWord(cwd)} && ELECTRON_RUN_AS_NODE=1 ${words}`);
  }

  information(line: string): void {
    this.channel.info(line);
  }

  hello(fileName: string, { engine, protocol, pid }: HelloEvent): void {
    this.channel.info(`${fileName}: engine ${engine}, protocol ${protocol}, process ${pid}`);
  }

  accepted(fileName: string, { hash, seed, cells, workers, runFolder }: AcceptedEvent): void {
    this.channel.info(
      `${fileName}: hash ${hash}, seed ${seed}, ${cells} cells, ${workers} workers, run folder ${runFolder ?? 'none'}`,
    );
  }

  stderr(fileName: string, line: string): void {
    this.channel.warn(`${fileName}: ${line}`);
  }

  unreadable(fileName: string, line: string): void {
    const excerpt = line.length > EXCERPT ? `${line.slice(0, EXCERPT)}… (${line.length} characters)` : line;
    this.channel.warn(`${fileName}: unreadable line from the engine: ${excerpt}`);
  }

  ended(fileName: string, state: string, { code, signal }: EngineExit): void {
    this.channel.info(`${fileName}: ${state} (${signal ?? `exit code ${String(code)}`})`);
  }

  error(error: unknown): void {
    this.channel.error(error instanceof Error ? error : String(error));
  }

  dispose(): void {
    this.channel.dispose();
  }
}

import { PROTOCOL_VERSION, type EngineCommand, type EngineEvent } from '../../protocol/events';
import { decodeEvent } from '../../protocol/lines';
import { isUnderWay, type RunRecord } from '../../protocol/record';
import { applyEvent } from '../../protocol/reduce';
import { crashWords, STDERR_LINES } from './crashWords';
import { DetailLimit } from './detailLimit';
import type { EngineListener, EngineProcess } from './engineProcess';
import type { RunLog } from './runLog';
import { endsWithin, stopByLadder, type EngineExit } from './stopLadder';
import { protocolWords } from './protocolWords';

/** Time that an engine with a result has to write its files and go. */
const WRAP_UP_MS = 30_000;

/** How a run begins: anew, or where it was stopped. */
export type BeginCommand = Exclude<EngineCommand, { type: 'cancel' }>;

/** What a run tells the one who started it. */
export interface RunListener {
  /** Events that are already part of the record. */
  onEvent(event: EngineEvent): void;
  onState(): void;
}

/** One run of one experiment: the engine's process and the record folded from what it says. */
export class Run {
  /** Settles when the engine's process is gone and the record is complete; never rejects. */
  readonly ended: Promise<void>;
  private settle: () => void = () => undefined;
  private engine: EngineProcess | undefined;
  private readonly details = new DetailLimit();
  private readonly lastStderr: string[] = [];
  private stopping: Promise<EngineExit> | undefined;
  private greeted = false;
  private gone = false;

  constructor(
    readonly record: RunRecord,
    /** The text of the editor that this run is about; verdicts hold for it alone. Undefined when only a part was run. */
    readonly judgedText: string | undefined,
    private readonly start: () => EngineProcess,
    private readonly begin: BeginCommand,
    private readonly log: RunLog,
    private readonly listener: RunListener,
  ) {
    record.state = 'queued';
    this.ended = new Promise((resolve) => (this.settle = resolve));
  }

  /** Starts the engine; until then the run is queued. */
  launch(): void {
    this.record.state = 'waiting';
    this.record.startedAt = Date.now();
    delete this.record.queuePosition;
    this.engine = this.start();
    this.log.command(this.record.fileName, this.engine.program);
    this.engine.listen(this.engineListener());
    this.engine.send(this.begin);
    void this.engine.stopped.then((exit) => this.finish(exit));
    this.listener.onState();
  }

  /** Tells where in the queue it stands. */
  queuedAt(position: number | undefined): void {
    this.record.queuePosition = position;
    this.listener.onState();
  }

  /** Whether the engine's process is still to come or still there. A run is over only when it is gone. */
  get activity(): 'queued' | 'running' | 'stopping' | 'idle' {
    if (this.gone) return 'idle';
    if (!this.engine) return 'queued';
    return this.stopping && this.record.state === 'stopping' ? 'stopping' : 'running';
  }

  /** Whether it was ever more than queued. */
  get hasBegun(): boolean {
    return this.engine !== undefined;
  }

  /** Process id of the engine; undefined before it starts, and when it could not be started. */
  get pid(): number | undefined {
    return this.engine?.pid;
  }

  /** Stops by the ladder; settles when the process is gone. A queued run ends without having begun. */
  async stop(): Promise<void> {
    if (!this.engine) this.withdraw();
    else if (!this.stopping) {
      if (!hasOutcome(this.record)) this.record.state = 'stopping';
      this.stopping = stopByLadder(this.engine);
      this.listener.onState();
    }
    await this.ended;
  }

  dispose(): void {
    if (!this.gone) this.engine?.dispose();
  }

  private withdraw(): void {
    if (this.gone) return;
    this.record.state = 'cancelled';
    delete this.record.queuePosition;
    this.gone = true;
    this.listener.onState();
    this.settle();
  }

  private engineListener(): EngineListener {
    const { fileName } = this.record;
    return {
      onValue: (value) => this.take(value),
      onUnreadable: (line) => this.countUnreadable(line),
      onStderr: (line) => {
        this.log.stderr(fileName, line);
        this.lastStderr.push(line);
        if (this.lastStderr.length > STDERR_LINES) this.lastStderr.shift();
      },
    };
  }

  private take(value: unknown): void {
    const event = decodeEvent(value);
    if (!event) this.countUnreadable(JSON.stringify(value));
    // After a fatal misunderstanding nothing that the engine says can be trusted.
    else if (!hasOutcome(this.record)) {
      const kept = this.details.limit(event);
      if (kept) this.apply(kept);
    }
  }

  private countUnreadable(line: string): void {
    this.record.unreadableLines++;
    this.log.unreadable(this.record.fileName, line);
  }

  private apply(event: EngineEvent): void {
    if (event.type === 'hello') {
      this.greeted = true;
      this.log.hello(this.record.fileName, event);
      if (event.protocol !== PROTOCOL_VERSION) return this.refuse(protocolWords(event.protocol));
    } else if (!this.greeted) {
      return this.refuse(protocolWords(undefined));
    }
    if (event.type === 'accepted') this.log.accepted(this.record.fileName, event);
    const { state } = this.record;
    applyEvent(this.record, event);
    // A stop that was asked for stays visible until the engine has answered it.
    if (state === 'stopping' && !hasOutcome(this.record)) this.record.state = 'stopping';
    this.listener.onEvent(event);
    if (this.record.state !== state) this.listener.onState();
    if (hasOutcome(this.record)) void this.wrapUp();
  }

  /** Ends a conversation that cannot go on, with words. */
  private refuse(message: string): void {
    this.recordFailure(message);
    this.engine?.closeInput();
    void this.stop();
  }

  private recordFailure(message: string): void {
    const event: EngineEvent = { type: 'failed', code: 'protocol', message, exitCode: 3 };
    applyEvent(this.record, event);
    this.log.error(message);
    this.listener.onEvent(event);
    this.listener.onState();
  }

  /** An engine with a result has nothing more to do; one that stays all the same is helped out. */
  private async wrapUp(): Promise<void> {
    this.engine?.closeInput();
    if (this.engine && !(await endsWithin(this.engine.stopped, WRAP_UP_MS))) await this.stop();
  }

  private finish(exit: EngineExit): void {
    if (!hasOutcome(this.record)) {
      // An engine that had to be killed after a stop did what was wanted, if not in the way that was wanted.
      this.record.state = this.stopping ? 'cancelled' : 'crashed';
      if (!this.stopping) this.record.crash = crashWords(exit, this.lastStderr);
    }
    this.gone = true;
    this.log.ended(this.record.fileName, this.record.state, exit);
    if (this.record.crash) this.log.error(this.record.crash);
    this.listener.onState();
    this.settle();
  }
}

const hasOutcome = ({ state }: RunRecord): boolean => !isUnderWay(state);

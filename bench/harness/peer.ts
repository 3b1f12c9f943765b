import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { pythons, type PythonKind } from './pythons';

type Message = { versions: Record<string, string> } | { absent: string } | { answer: unknown } | { error: string };

export interface PeerOptions {
  python: PythonKind;
  threads: number;
  environment?: Record<string, string>;
}

/** A Python process that does on request what we do: one JSON line a request, one an answer (peers/peer.py). */
export class Peer {
  readonly versions: Record<string, string>;

  private constructor(
    private readonly child: ChildProcessWithoutNullStreams,
    private readonly lines: AsyncIterator<string>,
    private readonly errors: () => string,
    versions: Record<string, string>,
  ) {
    this.versions = versions;
  }

  /** Starts peers/SCRIPT.py with the first Python that has what it needs; a string says why there is none. */
  static async start(script: string, options: PeerOptions): Promise<Peer | string> {
    let words: string | undefined;
    for (const python of pythons(options.python)) {
      const peer = await Peer.startWith(python, script, options);
      if (peer instanceof Peer) return peer;
      words ??= peer;
    }
    return words ?? 'no Python was found';
  }

  private static async startWith(python: string, script: string, options: PeerOptions): Promise<Peer | string> {
    const threads = String(options.threads);
    const file = path.join(process.env.BENCH_ROOT ?? '.', 'peers', `${script}.py`);
    const child = spawn(python, [file], {
      env: {
        ...process.env,
        PYTHONDONTWRITEBYTECODE: '1',
        BENCH_THREADS: threads,
        OMP_NUM_THREADS: threads,
        OPENBLAS_NUM_THREADS: threads,
        MKL_NUM_THREADS: threads,
        // Threads that wait must not spin on the core that another contender computes on.
        OMP_WAIT_POLICY: 'passive',
        KMP_BLOCKTIME: '0',
        JAX_PLATFORMS: 'cpu',
        JAX_ENABLE_X64: '1',
        ...options.environment,
      },
    });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr = (stderr + chunk).slice(-4000)));
    child.on('error', (error) => (stderr += error.message));
    child.stdin.on('error', () => undefined);
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const first = await lines.next();
    if (first.done) return lastLine(stderr) || `${python} ended without a word`;
    const hello = JSON.parse(first.value) as Message;
    if (!('versions' in hello)) return 'absent' in hello ? hello.absent : `${script}.py does not speak the protocol`;
    return new Peer(child, lines, () => stderr, hello.versions);
  }

  async call<Answer>(call: string, request: Record<string, unknown> = {}): Promise<Answer> {
    this.child.stdin.write(`${JSON.stringify({ call, ...request })}\n`);
    const line = await this.lines.next();
    if (line.done) throw new Error(`the peer ended: ${lastLine(this.errors())}`);
    const message = JSON.parse(line.value) as Message;
    if ('error' in message) throw new Error(message.error);
    return (message as { answer: Answer }).answer;
  }

  close(): void {
    this.child.stdin.end();
    this.child.kill();
  }
}

function lastLine(text: string): string {
  return text.trim().split('\n').pop() ?? '';
}

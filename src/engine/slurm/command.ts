import { execFile } from 'node:child_process';
import { systemErrorCode } from '../errors';

/** No other program is ever started from here. */
export type SlurmProgram = 'sbatch' | 'squeue' | 'scancel' | 'scontrol';

/** What a program of Slurm said. */
export interface Answer {
  /** Exit code; null where it gave none. */
  code: number | null;
  stdout: string;
  stderr: string;
  /** It did not answer in time and was ended: what it was asked may have been done. */
  late: boolean;
  /** There is no such program. */
  missing: boolean;
}

/** Variables that programs of Slurm may see, and with them the jobs that they submit. */
const ALLOWED = new Set(['HOME', 'USER', 'LOGNAME', 'PATH', 'LANG', 'TMPDIR', 'SLURM_CONF', 'MODULEPATH', 'LD_LIBRARY_PATH']);

/**
 * `sbatch` hands its environment to the job, and takes options from it: NODE_OPTIONS, ELECTRON_RUN_AS_NODE, SLURM_CPU_BIND or
 * SBATCH_PARTITION of an editor or of another job must not get there.
 */
export function slurmEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const allowed = Object.entries(environment).filter(([name]) => ALLOWED.has(name) || name.startsWith('LC_'));
  // squeue cuts lists of array tasks after 64 characters otherwise.
  return { ...Object.fromEntries(allowed), SLURM_BITSTR_LEN: '0' };
}

/** Asks a program of Slurm, without a shell. Never throws: without a controller they block for some 10 s, so each has its time. */
export function askSlurm(
  program: SlurmProgram,
  args: readonly string[],
  { timeoutMs, signal }: { timeoutMs: number; signal?: AbortSignal },
): Promise<Answer> {
  return new Promise((resolve) => {
    const options = {
      env: slurmEnvironment(process.env),
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
      maxBuffer: 64 * 1024 * 1024,
      ...(signal ? { signal } : {}),
    } as const;
    execFile(program, args, options, (error, stdout, stderr) => {
      const { code, killed } = (error ?? {}) as { code?: unknown; killed?: boolean };
      resolve({
        code: error ? (typeof code === 'number' ? code : null) : 0,
        stdout,
        stderr,
        late: killed === true || signal?.aborted === true,
        missing: systemErrorCode(error) === 'ENOENT',
      });
    });
  });
}

import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { missingPrograms } from '../debian.mjs';

const PROGRAMS = ['munged', 'slurmctld', 'slurmd', 'sbatch', 'squeue', 'scontrol', 'scancel', 'sinfo'];
const PACKAGES = ['slurmctld', 'slurmd', 'slurm-client', 'munge'];
const NODES = ['n1', 'n2', 'n3'];

/** @returns why there can be no cluster; undefined when all programs are there, installed from Debian's packages if need be. */
export const missingSlurm = (): string | undefined => missingPrograms(PROGRAMS, PACKAGES);

/** A Slurm of its own on 127.0.0.1, with three nodes of two cores, nothing of it outside of one folder. */
export class Cluster {
  readonly conf: string;
  private readonly daemons = new Map<string, ChildProcess>();

  private constructor(
    private readonly folder: string,
    private readonly port: number,
  ) {
    this.conf = path.join(folder, 'slurm.conf');
  }

  static async up(options: { maxArray?: number } = {}): Promise<Cluster> {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'recovery-slurm-'));
    const cluster = new Cluster(folder, 17_100 + Math.floor(Math.random() * 2000) * 4);
    try {
      await cluster.start(options.maxArray ?? 1001);
    } catch (error) {
      await cluster.down();
      throw error;
    }
    return cluster;
  }

  /** As a user of the cluster has it. */
  get environment(): NodeJS.ProcessEnv {
    return { ...process.env, SLURM_CONF: this.conf, RECOVERY_NATIVE: 'off' };
  }

  ask(program: string, ...args: string[]): string {
    return execFileSync(program, args, {
      env: { ...process.env, SLURM_CONF: this.conf, SLURM_BITSTR_LEN: '0' },
      timeout: 20_000,
    }).toString();
  }

  /** The node is lost: its daemon, those of its steps, and its tasks. */
  killNode(name: string): void {
    const victims = new Set<number>();
    for (const entry of fs.readdirSync('/proc')) {
      if (!/^\d+$/.test(entry)) continue;
      let variables: string[];
      try {
        variables = fs.readFileSync(`/proc/${entry}/environ`, 'latin1').split('\0');
      } catch {
        continue;
      }
      if (!variables.includes(`SLURMD_NODENAME=${name}`) || !variables.includes(`SLURM_CONF=${this.conf}`)) continue;
      victims.add(Number(entry));
      const parent = parentOf(Number(entry));
      if (parent !== undefined && commandOf(parent).startsWith('slurmstepd')) victims.add(parent);
    }
    this.daemons.get(name)?.kill('SIGKILL');
    for (const pid of victims) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It is gone already.
      }
    }
  }

  /** Only the daemon of the node: its tasks live on, and Slurm starts them elsewhere too. */
  partNode(name: string): void {
    this.daemons.get(name)?.kill('SIGKILL');
  }

  startNode(name: string): void {
    this.daemon(name, 'slurmd', '-D', '-N', name);
  }

  killController(): void {
    this.daemons.get('slurmctld')?.kill('SIGKILL');
  }

  startController(): void {
    this.daemon('slurmctld', 'slurmctld', '-D');
  }

  idleNodes(): number {
    return this.ask('sinfo', '-h', '-N', '-o', '%t')
      .split('\n')
      .filter((state) => /^(idle|mix|alloc)$/.test(state)).length;
  }

  async allIdle(): Promise<void> {
    try {
      await eventually('all nodes are up', 120_000, () => this.idleNodes() === NODES.length);
    } catch (error) {
      throw new Error(`${(error as Error).message}: ${this.ask('sinfo', '-N', '-o', '%N %T %E').replaceAll('\n', '; ')}`);
    }
  }

  async down(): Promise<void> {
    try {
      if (alive(this.daemons.get('slurmctld'))) {
        this.ask('scancel', '--state=PENDING', `--user=${os.userInfo().username}`);
        this.ask('scancel', `--user=${os.userInfo().username}`);
        await eventually('the queue is empty', 15_000, () => this.ask('squeue', '-h') === '');
      }
    } catch {
      // Daemons are ended all the same.
    }
    for (const child of [...this.daemons.values()].reverse()) {
      if (!alive(child)) continue;
      child.kill('SIGTERM');
      await eventually('a daemon ends', 6000, () => !alive(child)).catch(() => child.kill('SIGKILL'));
    }
    fs.rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  private async start(maxArray: number): Promise<void> {
    const at = (...parts: string[]) => path.join(this.folder, ...parts);
    for (const name of ['munge', 'state', 'spool', 'log']) fs.mkdirSync(at(name), { mode: 0o755 });
    fs.chmodSync(this.folder, 0o755);
    fs.writeFileSync(at('munge', 'key'), crypto.getRandomValues(new Uint8Array(128)), { mode: 0o600 });
    this.daemon(
      'munged',
      'munged',
      '--foreground',
      '--num-threads=2',
      `--key-file=${at('munge', 'key')}`,
      `--socket=${at('munge', 'sock')}`,
      `--pid-file=${at('munge', 'pid')}`,
      `--seed-file=${at('munge', 'seed')}`,
      `--log-file=${at('log', 'munged.log')}`,
    );
    const host = os.hostname().split('.')[0];
    const user = os.userInfo().username;
    const lines = [
      'ClusterName=test',
      `SlurmctldHost=${host}(127.0.0.1)`,
      `SlurmctldPort=${this.port}`,
      `SlurmUser=${user}`,
      `SlurmdUser=${user}`,
      'AuthType=auth/munge',
      // Also how long a task waits that is queued again.
      `AuthInfo=socket=${at('munge', 'sock')},cred_expire=10`,
      // Both, or the controller listens on all addresses.
      'CommunicationParameters=NoInAddrAny,NoCtldInAddrAny',
      `StateSaveLocation=${at('state')}`,
      `SlurmdSpoolDir=${at('spool')}/%n`,
      `SlurmctldPidFile=${at('slurmctld.pid')}`,
      `SlurmdPidFile=${at('slurmd.%n.pid')}`,
      `SlurmctldLogFile=${at('log', 'slurmctld.log')}`,
      `SlurmdLogFile=${at('log')}/slurmd.%n.log`,
      'ProctrackType=proctrack/linuxproc',
      'TaskPlugin=task/none',
      'SwitchType=switch/none',
      'MpiDefault=none',
      'MailProg=/bin/true',
      'JobAcctGatherType=jobacct_gather/none',
      'AccountingStorageType=accounting_storage/none',
      'SelectType=select/cons_tres',
      'SelectTypeParameters=CR_CPU',
      'SlurmdParameters=config_overrides',
      'SchedulerType=sched/backfill',
      'SchedulerParameters=batch_sched_delay=0,sched_interval=1,bf_interval=1',
      'ReturnToService=2',
      'SlurmctldTimeout=30',
      'SlurmdTimeout=10',
      'KillWait=5',
      `MaxArraySize=${maxArray}`,
      ...NODES.map(
        (name, index) =>
          `NodeName=${name} NodeHostname=${host} NodeAddr=127.0.0.1 Port=${this.port + 1 + index} CPUs=2 RealMemory=1000 State=UNKNOWN`,
      ),
      'PartitionName=main Nodes=n[1-3] Default=YES MaxTime=1-0 DefaultTime=10 State=UP',
    ];
    fs.writeFileSync(this.conf, `${lines.join('\n')}\n`);
    await eventually('munge is up', 15_000, () => fs.existsSync(at('munge', 'sock')));
    this.startController();
    await eventually('the controller is up', 20_000, () => this.ask('scontrol', 'ping').includes('is UP'));
    for (const name of NODES) {
      fs.mkdirSync(at('spool', name));
      this.startNode(name);
    }
    await this.allIdle();
  }

  private daemon(name: string, program: string, ...args: string[]): void {
    const log = fs.openSync(path.join(this.folder, 'log', `${name}.out`), 'a');
    const env = { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin`, SLURM_CONF: this.conf };
    this.daemons.set(name, spawn(program, args, { stdio: ['ignore', log, log], detached: true, env }));
    fs.closeSync(log);
  }
}

function alive(child: ChildProcess | undefined): boolean {
  return child !== undefined && child.exitCode === null && child.signalCode === null;
}

function parentOf(pid: number): number | undefined {
  try {
    const match = /^PPid:\s*(\d+)/m.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'));
    return match ? Number(match[1]) : undefined;
  } catch {
    return undefined;
  }
}

function commandOf(pid: number): string {
  try {
    return fs.readFileSync(`/proc/${pid}/comm`, 'utf8');
  } catch {
    return '';
  }
}

/** @throws when it does not become true in time */
export async function eventually(what: string, milliseconds: number, holds: () => boolean): Promise<void> {
  const end = Date.now() + milliseconds;
  for (;;) {
    try {
      if (holds()) return;
    } catch {
      // Not yet.
    }
    if (Date.now() > end) throw new Error(`not in ${milliseconds / 1000} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

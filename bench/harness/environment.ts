import os from 'node:os';

/** Load averages over 1, 5 and 15 minutes. */
export function load(): string {
  return os
    .loadavg()
    .map((value) => value.toFixed(2))
    .join(' ');
}

/** Processor and Node, in one line. */
export function machine(): string {
  const cpus = os.cpus();
  const memory = (os.totalmem() / 1024 ** 3).toFixed(0);
  return `${cpus[0]?.model.trim() ?? 'unknown processor'}, ${cpus.length} cores, ${memory} GiB, ${os.type()} ${os.release()}; Node ${process.versions.node}, V8 ${process.versions.v8}`;
}

// What runs below a process, from /proc.
import fs from 'node:fs';

function read(pid) {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { pid, state, parent: Number(parent), command: fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0') };
  } catch {
    return undefined; // It ended while it was read.
  }
}

export const isAlive = (pid) => (read(pid)?.state ?? 'Z') !== 'Z';

/** All living descendants of a process. */
export function descendants(root) {
  const all = fs
    .readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => read(Number(name)))
    .filter((entry) => entry && entry.state !== 'Z');
  const parents = new Map(all.map(({ pid, parent }) => [pid, parent]));
  const isBelow = (pid) => {
    for (let at = parents.get(pid); at !== undefined && at > 1; at = parents.get(at)) if (at === root) return true;
    return false;
  };
  return all.filter(({ pid }) => isBelow(pid));
}

/** Engines below a process: those at work, or else the one that may wait for the next run. */
export const engines = (root) =>
  descendants(root).filter(({ command }) => command.some((word) => word.endsWith('recovery.js')) && command.includes('serve'));

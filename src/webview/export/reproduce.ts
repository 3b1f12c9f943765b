import type { RunRecord } from '../../protocol/record';
import * as strings from '../strings';

/** The command that gives the same numbers again, and what to compare: they depend on the experiment and the engine version alone. */
export function howToReproduce({ fileName, accepted, engine }: RunRecord): string {
  const { detail } = strings.header;
  const facts: [string, string | null | undefined][] = [
    [detail.engine, engine],
    [detail.hash, accepted?.hash],
    [detail.seed, accepted && String(accepted.seed)],
    [detail.runFolder, accepted?.runFolder],
  ];
  const lines = facts.flatMap(([label, value]) => (value ? [`# ${label}: ${value.replace(/\s+/g, ' ')}`] : []));
  return [...lines, `recovery run ${quoted(fileName)}`, ''].join('\n');
}

/** A name as a shell reads it. */
function quoted(name: string): string {
  return /^[\w.+-]+$/.test(name) && !name.startsWith('-') ? name : `'./${name.replaceAll("'", `'\\''`)}'`;
}

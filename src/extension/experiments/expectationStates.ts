import type { JsonPath } from '../../experiment';
import type { Verdict } from '../../protocol/events';
import type { ExperimentAnalysis } from './experimentDocument';
import type { Judged } from './experimentDiagnostics';

/** How an expectation of the file stands. */
export interface ExpectationState {
  id: string;
  path: JsonPath;
  /** Of the last run that judged it. */
  verdict: Verdict | undefined;
  /** The file has changed since. */
  isStale: boolean;
}

/** Every expectation of a file in the order of the text: by its verdict where there is one, else as the property that it is. */
export function expectationStates({ parsed, text }: ExperimentAnalysis, judged: Judged | undefined): ExpectationState[] {
  const isStale = judged !== undefined && judged.text !== text;
  const verdicts = (judged?.verdicts ?? []).filter(({ at }) => parsed.has(at));
  const judgedStates = verdicts.map((verdict) => ({ id: verdict.id, path: verdict.at, verdict, isStale }));
  const names = Object.keys(parsed.file?.expect ?? {}).filter((name) => verdicts.every(({ at }) => at[1] !== name));
  const others = names.map((name) => ({ id: name, path: ['expect', name], verdict: undefined, isStale: false }));
  return [...judgedStates, ...others].sort((a, b) => parsed.rangeOf(a.path).offset - parsed.rangeOf(b.path).offset);
}

/** States by the line that they stand on, since lenses of one line stand beside each other. */
export function byLine(states: readonly ExpectationState[], { parsed }: ExperimentAnalysis): Map<number, ExpectationState[]> {
  const lines = new Map<number, ExpectationState[]>();
  for (const state of states) {
    const { line } = parsed.keyRangeOf(state.path);
    lines.set(line, [...(lines.get(line) ?? []), state]);
  }
  return lines;
}

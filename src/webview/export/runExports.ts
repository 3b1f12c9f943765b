import type { RunRecord } from '../../protocol/record';
import * as strings from '../strings';
import type { MenuItem } from '../ui/menu';
import { runLatex } from './latex';
import { runMarkdown } from './markdown';
import { exportName, originOf } from './origin';
import type { Outlet } from './outlet';
import { reproduction } from './reproduction';

/** Ways to take a whole run away. */
export function runExports(record: () => RunRecord | undefined, outlet: Outlet): MenuItem[] {
  const words = strings.exports;
  const whenShown = (act: (shown: RunRecord) => Promise<void>) => () => {
    const shown = record();
    return shown ? act(shown) : Promise.resolve();
  };
  const save = (extension: string, write: (shown: RunRecord) => string) =>
    whenShown((shown) => outlet.save({ name: exportName(originOf(shown), '', extension), content: write(shown) }));
  return [
    { label: words.markdown, run: save('md', runMarkdown) },
    { label: words.latex, run: save('tex', runLatex) },
    { label: words.copyReproduce, done: strings.tables.copied, run: whenShown((shown) => outlet.copy(reproduction(shown))) },
  ];
}

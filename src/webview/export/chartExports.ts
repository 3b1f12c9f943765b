import * as strings from '../strings';
import type { MenuItem } from '../ui/menu';
import { chartScene, type Picture } from './chartScene';
import { chartCsv, chartJson } from './data';
import { exportName, originSentence, type Origin } from './origin';
import type { Outlet } from './outlet';
import { scenePng } from './png';
import { chartPython } from './python';
import { sceneSvg } from './svg';

/** What a page needs to let things out: the way and the words on where they come from. */
export interface Takeaway {
  outlet: Outlet;
  origin: () => Origin;
}

/** Ways to take a chart away, as it is shown now. `id` names the files. */
export function chartExports(id: string, picture: () => Omit<Picture, 'origin'>, { outlet, origin }: Takeaway): MenuItem[] {
  const words = strings.exports;
  const scene = () => chartScene({ ...picture(), origin: originSentence(origin()) });
  const name = (extension: string) => exportName(origin(), id, extension);
  return [
    { label: words.svg, run: () => outlet.save({ name: name('svg'), content: sceneSvg(scene()) }) },
    { label: words.png, run: async () => outlet.save({ name: name('png'), content: await scenePng(scene()) }) },
    { label: words.csv, run: () => outlet.save({ name: name('csv'), content: chartCsv(picture().model) }) },
    { label: words.json, run: () => outlet.save({ name: name('json'), content: chartJson(picture(), origin()) }) },
    { label: words.copyCsv, done: strings.tables.copied, run: () => outlet.copy(chartCsv(picture().model)) },
    {
      label: words.copyPython,
      done: strings.tables.copied,
      run: () => outlet.copy(chartPython({ ...picture(), origin: originSentence(origin()) })),
    },
  ];
}

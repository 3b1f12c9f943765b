// The short recording at the top of the README: frames of the session that the tests run, with a line of words under each.
import fs from 'node:fs';
import { openWorkbench } from '../../test/vscode/session.mjs';
import { WHOLE_SESSION } from '../../test/vscode/wholeSession.mjs';
import { workbench } from '../../test/host/workbench.mjs';
import { animation } from './webp.mjs';

const SIZE = { width: 1280, height: 760 };
/** A README shows it no wider than this makes it. */
const SCALE = 0.8;
const BAND = 36;
const QUALITY = 0.8;
/** What the README shows loads in a moment. */
export const MOST_BYTES = 1_000_000;

/** Words, frames, milliseconds of each, and what of the panel is in sight. */
const FRAMES = {
  new: ['A published experiment; the prediction stands in the file', 1, 2200],
  misspelt: ['A wrong name is underlined …', 1, 1300],
  'quick fix': ['… and its quick fix knows the right one', 1, 1700],
  mended: ['80,000 trainings, and about how long they take', 1, 1600],
  running: ['Run from the lens: points arrive while it trains', 3, 600, '[data-chart="testError"]'],
  stopped: ['Stop: the process is gone, what has finished is kept', 1, 1700],
  resumed: ['Resume: it goes on where it was', 2, 700, '[data-chart="testError"]'],
  reloaded: ['The window was reloaded in the middle: everything is there again', 1, 2300],
  'resumed again': ['Resume, once more', 2, 700, '[data-chart="testError"]'],
  finished: ['Verdicts, with their reasons', 1, 2200, '.verdicts'],
  published: ['The published figure beside what was measured', 1, 2600, '[data-chart="testError"]'],
  exported: ['The chart as SVG, its numbers as CSV', 1, 2200],
};

/** Runs the session and writes what it looked like; `trouble` is a file for a picture of what went wrong. */
export async function record(file, encoder, trouble) {
  const session = await openWorkbench(
    {},
    { size: SIZE, settings: { 'workbench.colorTheme': 'Default Dark Modern', 'editor.minimap.enabled': false } },
  );
  const frames = [];
  const { page } = session;
  const seen = async (words) => {
    const [caption, count, ms, place] = FRAMES[words];
    if (place)
      await workbench
        .webview(page)
        .locator(place)
        .first()
        .evaluate((element) => element.scrollIntoView({ block: 'start' }));
    for (let k = 0; k < count; k++) {
      await page.waitForTimeout(k === 0 ? 400 : 900);
      const part = await encoder.frame(await page.screenshot(), caption, { band: BAND, quality: QUALITY, scale: SCALE });
      if (part) frames.push({ ...part, ms });
      else frames.at(-1).ms += ms;
    }
  };
  try {
    for (const { title, act } of WHOLE_SESSION) {
      console.log(`  ${title}`);
      await act(session, seen);
    }
  } catch (error) {
    await page.screenshot({ path: trouble });
    throw error;
  } finally {
    await session.close();
  }
  const bytes = animation(SIZE.width * SCALE, SIZE.height * SCALE + BAND, frames);
  if (bytes.length > MOST_BYTES) throw new Error(`The recording has ${bytes.length} bytes, more than ${MOST_BYTES}.`);
  fs.writeFileSync(file, bytes);
  return { frames: frames.length, bytes: bytes.length };
}

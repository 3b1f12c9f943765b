// A whole session with one experiment, from its first line to the figure for the paper, through a stop and a reload of the window.
import fs from 'node:fs';
import path from 'node:path';
import { isFolder, openWorkbench, pictureOfFailure, SCREENSHOTS } from './session.mjs';
import { WHOLE_SESSION } from './wholeSession.mjs';

if (isFolder) {
  suite('a whole session', function () {
    this.timeout(1_200_000);
    this.bail(true);
    let session;
    let taken = 0;
    suiteSetup(async () => {
      fs.mkdirSync(SCREENSHOTS, { recursive: true });
      session = await openWorkbench({}, { size: { width: 1440, height: 900 } });
    });
    suiteTeardown(() => session.close());
    teardown(function () {
      return pictureOfFailure(session.page, this.currentTest);
    });
    const seen = (words) => {
      const name = `session-${String(++taken).padStart(2, '0')}-${words.replace(/\W+/g, '-')}.png`;
      return session.page.screenshot({ path: path.join(SCREENSHOTS, name) });
    };

    for (const { title, act } of WHOLE_SESSION) test(title, () => act(session, seen));
  });
}

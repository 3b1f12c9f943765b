import Mocha from 'mocha';
import { format } from 'node:util';

/**
 * Runs the whole suite in an extension host, in desktop VS Code and in the served one alike, and closes with the line
 * `N passed, N failed, N skipped`.
 */
export async function run(): Promise<void> {
  const mocha = new Mocha({
    ui: 'tdd',
    timeout: 120_000,
    slow: 5_000,
    color: false,
    reporter: 'spec',
    grep: process.env.MOCHA_GREP,
  });
  const mark = process.env.EXTENSION_TEST_MARK ?? ''; // the served host prints marked lines only
  Mocha.reporters.Base.consoleLog = (...words: unknown[]) => console.log('%s', mark + format(...words));
  // The suites are part of this bundle, so they are loaded here and not found by mocha in a folder.
  mocha.suite.emit('pre-require', globalThis, '', mocha);
  await import('./suite/activation.test');
  await import('./suite/diagnostics.test');
  await import('./suite/schema.test');
  await import('./suite/codeLens.test');
  await import('./suite/prediction.test');
  await import('./suite/quickFixes.test');
  await import('./suite/runs.test');
  await import('./suite/queue.test');
  await import('./suite/brokenEngines.test');
  await import('./suite/panels.test');
  await import('./suite/runsView.test');
  await import('./suite/expectationTests.test');
  await import('./suite/realEngine.test');
  await import('./suite/slurm.test');
  await import('./suite/tensorFlow.test');
  await new Promise<void>((resolve, reject) => {
    const runner = mocha.run((failures) => {
      const { passes = 0, pending = 0 } = runner.stats ?? {};
      Mocha.reporters.Base.consoleLog(`${passes} passed, ${failures} failed, ${pending} skipped`);
      if (failures > 0) reject(new Error(`${failures} tests failed.`));
      else resolve();
    });
  });
}

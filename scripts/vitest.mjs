// Runs vitest and closes with its counts in the one form that all checks share.
import { startVitest } from 'vitest/node';

const vitest = await startVitest('test', process.argv.slice(2), { watch: false, reporters: ['dot'] });
const counts = { passed: 0, failed: 0, skipped: 0 };
for (const file of vitest.state.getTestModules()) {
  if (file.errors().length > 0) counts.failed++;
  for (const test of file.children.allTests()) counts[test.result().state === 'pending' ? 'skipped' : test.result().state]++;
}
counts.failed += vitest.state.getUnhandledErrors().length;
await vitest.close();
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exit(counts.failed > 0 ? 1 : 0);

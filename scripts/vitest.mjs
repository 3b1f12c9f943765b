// Runs vitest and closes with its counts in the one form that all checks share.
import { startVitest } from 'vitest/node';
import { endChildren, HungTests } from './hungTests.mjs';

const hung = new HungTests((message) => {
  console.log(`\n${message}\nWhat was to come after it was not run.`);
  endChildren();
  console.log('0 passed, 1 failed, 0 skipped');
  process.exit(1);
});
const vitest = await startVitest('test', process.argv.slice(2), { watch: false, reporters: ['dot', hung] });
const counts = { passed: 0, failed: 0, skipped: 0 };
for (const file of vitest.state.getTestModules()) {
  if (file.errors().length > 0) counts.failed++;
  for (const test of file.children.allTests()) counts[test.result().state === 'pending' ? 'skipped' : test.result().state]++;
}
counts.failed += vitest.state.getUnhandledErrors().length;
await vitest.close();
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exit(counts.failed > 0 ? 1 : 0);

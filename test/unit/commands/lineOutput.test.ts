import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { LineOutput } from '../../../src/engine/commands/lineOutput';

/** A stream whose reader takes a piece when it is told to. */
class SlowReader extends Writable {
  private readonly taken: (() => void)[] = [];
  override _write(_chunk: unknown, _encoding: string, callback: () => void): void {
    this.taken.push(callback);
  }
  async takeAll(): Promise<void> {
    while (this.taken.length > 0) {
      this.taken.shift()!();
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}

describe('LineOutput', () => {
  it('says when its reader is behind, and when it has caught up', async () => {
    const stream = new SlowReader({ highWaterMark: 10 });
    const output = new LineOutput(stream, 1000);
    output.write('x'.repeat(900));
    expect(output.caughtUp()).toBeUndefined();
    output.write('x'.repeat(900));
    const caughtUp = output.caughtUp();
    expect(caughtUp).toBeInstanceOf(Promise);
    expect(output.caughtUp(), 'one promise for all who wait').toBe(caughtUp);
    let settled = false;
    void caughtUp!.then(() => (settled = true));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(settled).toBe(false);
    await stream.takeAll();
    await caughtUp;
    expect(output.caughtUp()).toBeUndefined();
  });

  it('waits for ever for a stream that has failed: whoever watches the stream ends the run', async () => {
    const stream = new SlowReader({ highWaterMark: 10 });
    stream.on('error', () => undefined);
    const output = new LineOutput(stream, 10);
    output.write('x'.repeat(100));
    const caughtUp = output.caughtUp()!;
    stream.destroy(new Error('EPIPE'));
    const first = await Promise.race([
      caughtUp.then(() => 'resolved'),
      new Promise((resolve) => setTimeout(resolve, 50, 'waits')),
    ]);
    expect(first).toBe('waits');
  });
});

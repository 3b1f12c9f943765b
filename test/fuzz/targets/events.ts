import { DetailLimit } from '../../../src/extension/runs/detailLimit';
import { decodeEvent, LineDecoder } from '../../../src/protocol/lines';
import { applyEvent, emptyRecord } from '../../../src/protocol/reduce';
import { readMessage } from '../../../src/webview/run/messages';
import { someEvent } from '../events';
import type { FuzzRandom } from '../random';
import type { FuzzTarget } from '../target';
import { mutateText } from '../texts';
import { mutateValue, oddValue } from '../values';

interface Stream {
  text: string;
  /** Where the stream is cut into chunks. */
  chunk: number;
}

function line(random: FuzzRandom): string {
  if (random.chance(0.1)) return JSON.stringify(oddValue(random));
  const event = someEvent(random);
  if (random.chance(0.02)) {
    // Very many points at once, with steps that go anywhere.
    const from = random.pick([-5, 0, 1, 1e300, 0.5]);
    const count = random.pick([3000, 30_000]);
    return JSON.stringify({
      type: 'curve',
      sampleSize: 1,
      trial: 0,
      steps: Array.from({ length: count }, (_, i) => from + i),
      losses: new Array<number>(count).fill(1),
    });
  }
  return JSON.stringify(random.chance(0.6) ? mutateValue(event, random) : event);
}

/** What the host makes of what an engine, or the `events.jsonl` of a run folder, says; and what it makes a panel of. */
export const eventStreamTarget: FuzzTarget<Stream> = {
  name: 'event streams',
  make(random) {
    const text = Array.from({ length: 1 + random.below(8) }, () => line(random)).join(
      random.pick(['\n', '\n', '\n', '\r\n', '\n\n', '']),
    );
    return { text: random.chance(0.3) ? mutateText(text, random) : text, chunk: random.pick([1, 7, 4096, 1e9]) };
  },
  read({ text, chunk }) {
    const size = text.length > 20_000 ? Math.max(chunk, 4096) : chunk;
    const decoder = new LineDecoder(100_000);
    const details = new DetailLimit();
    const record = emptyRecord({ id: 'id', fileName: 'a.recovery.json', startedAt: 0 });
    const take = (lines: ReturnType<LineDecoder['push']>): void => {
      for (const each of lines) {
        const event = 'value' in each ? decodeEvent(each.value) : undefined;
        if (!event) {
          record.unreadableLines++;
          continue;
        }
        const kept = details.limit(event);
        if (kept) applyEvent(record, kept);
      }
    };
    for (let at = 0; at < text.length; at += size) take(decoder.push(text.slice(at, at + size)));
    take(decoder.end());
    for (const curve of Object.values(record.curves))
      if (curve.steps.length > 2001) throw new Error(`a curve of ${curve.steps.length} points`);
    if (!readMessage({ type: 'snapshot', record, view: {}, canRun: true }))
      throw new Error('a panel refuses the record of its own host');
    return record;
  },
};

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RunQueue } from '../../../../src/extension/queue/runQueue';

function queueOf(limit: () => number) {
  const started: string[] = [];
  const moves: [string, number | undefined][] = [];
  const queue = new RunQueue<string>(limit, {
    start: (item) => started.push(item),
    moved: (item) => moves.push([item, queue.position(item)]),
  });
  return { queue, started, moves };
}

describe('the queue of runs', () => {
  test('lets no more at work than the limit, and the next in when one is over', () => {
    const { queue, started, moves } = queueOf(() => 2);
    ['a', 'b', 'c', 'd'].forEach((item) => queue.add(item));
    expect(started).toEqual(['a', 'b']);
    expect(['a', 'c', 'd'].map((item) => queue.position(item))).toEqual([undefined, 1, 2]);
    queue.leave('a');
    expect(started).toEqual(['a', 'b', 'c']);
    expect(moves).toEqual([
      ['c', 1],
      ['d', 2],
      ['d', 1],
    ]);
  });

  test('one that leaves while it waits never starts, and those behind it move up', () => {
    const { queue, started, moves } = queueOf(() => 1);
    ['a', 'b', 'c'].forEach((item) => queue.add(item));
    queue.leave('b');
    expect(moves.at(-1)).toEqual(['c', 1]);
    queue.leave('a');
    expect(started).toEqual(['a', 'c']);
    queue.leave('b');
    expect(started).toEqual(['a', 'c']);
  });

  test('a greater limit starts more at once; a smaller one lets those at work finish', () => {
    let limit = 1;
    const { queue, started } = queueOf(() => limit);
    ['a', 'b', 'c', 'd'].forEach((item) => queue.add(item));
    limit = 3;
    queue.fill();
    expect(started).toEqual(['a', 'b', 'c']);
    limit = 1;
    queue.leave('a');
    queue.leave('b');
    expect(started).toEqual(['a', 'b', 'c']);
    queue.leave('c');
    expect(started).toEqual(['a', 'b', 'c', 'd']);
  });

  test('whatever comes and goes: order of arrival, never more than the limit, nobody forgotten', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }), fc.array(fc.nat({ max: 9 }), { maxLength: 60 }), (limit, moves) => {
        const { queue, started } = queueOf(() => limit);
        const present: string[] = [];
        const withdrawn = new Set<string>();
        const working = () => present.filter((item) => started.includes(item));
        let count = 0;
        for (const move of moves) {
          if (move < 5 || present.length === 0) {
            present.push(`run ${count}`);
            queue.add(`run ${count++}`);
          } else {
            const [gone] = present.splice(move % present.length, 1);
            if (gone === undefined) throw new Error('nobody there');
            if (!started.includes(gone)) withdrawn.add(gone);
            queue.leave(gone);
          }
          expect(working().length).toBe(Math.min(limit, present.length));
        }
        while (present.length > 0) queue.leave(present.shift() ?? '');
        expect(started.filter((item) => withdrawn.has(item))).toEqual([]);
        const arrival = started.map((item) => Number(item.slice(4)));
        expect(arrival).toEqual([...arrival].sort((a, b) => a - b));
        expect(started.length + withdrawn.size).toBe(count);
      }),
    );
  });
});

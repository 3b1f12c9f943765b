import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LineBatch } from '../../src/engine/lineBatch';

describe('LineBatch', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function batch(write: (lines: string) => void = () => undefined) {
    const written: string[] = [];
    const errors: unknown[] = [];
    const lines = new LineBatch(
      (text) => {
        write(text);
        written.push(text);
      },
      (error) => errors.push(error),
    );
    return { lines, written, errors };
  }

  it('passes on the first lines soon, and then many at a time, in order', () => {
    const { lines, written } = batch();
    lines.add('first\n');
    for (let i = 0; i < 100; i++) lines.add(`${i}\n`);
    expect(written).toEqual([]);
    vi.advanceTimersByTime(2);
    expect(written).toEqual([`first\n${Array.from({ length: 100 }, (_, i) => `${i}\n`).join('')}`]);
    for (let i = 0; i < 10; i++) {
      lines.add(`${i}\n`);
      vi.advanceTimersByTime(3);
    }
    expect(written).toHaveLength(1);
    vi.advanceTimersByTime(10);
    expect(written[1]).toBe(Array.from({ length: 10 }, (_, i) => `${i}\n`).join(''));
    vi.advanceTimersByTime(1000);
    expect(written).toHaveLength(2);
    lines.add('later\n');
    vi.advanceTimersByTime(2);
    expect(written[2]).toBe('later\n');
  });

  it('does not gather more than a bounded amount', () => {
    const { lines, written } = batch();
    const line = `${'x'.repeat(999)}\n`;
    for (let i = 0; i < 1000; i++) lines.add(line);
    expect(written.length).toBeGreaterThan(2);
    expect(Math.max(...written.map((text) => text.length))).toBeLessThan(300_000);
    lines.flush();
    expect(written.join('')).toBe(line.repeat(1000));
  });

  it('passes on at once what is asked for, and nothing when there is nothing', () => {
    const { lines, written } = batch();
    lines.flush();
    lines.add('a\n');
    lines.flush();
    vi.advanceTimersByTime(100);
    expect(written).toEqual(['a\n']);
  });

  it('throws where it is called and tells of what fails later', () => {
    const full = new Error('disk full');
    const { lines, errors } = batch(() => {
      throw full;
    });
    lines.add('a\n');
    expect(() => lines.flush()).toThrow(full);
    expect(errors).toEqual([]);
    lines.add('b\n');
    vi.advanceTimersByTime(100);
    expect(errors).toEqual([full]);
  });
});

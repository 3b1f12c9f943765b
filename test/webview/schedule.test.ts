import { beforeEach, describe, expect, it } from 'vitest';
import { RedrawScheduler, type FrameSource } from '../../src/webview/charts/schedule';

/** A page whose frames come when the test says so, and whose time passes only in its work and between frames. */
class FakePage implements FrameSource {
  now = 0;
  private readonly frames: (() => void)[] = [];
  private timers: { at: number; run: () => void }[] = [];

  readonly performance = { now: () => this.now };
  readonly requestAnimationFrame = (run: () => void) => this.frames.push(run);
  readonly cancelAnimationFrame = () => this.frames.splice(0);
  readonly setTimeout = (run: () => void, ms: number) => this.timers.push({ at: this.now + ms, run });
  readonly clearTimeout = () => this.timers.splice(0);

  /** Runs what is due, as a browser with 60 frames a second does. */
  frame(): void {
    this.now += 1000 / 60;
    const due = this.timers.filter(({ at }) => at <= this.now);
    this.timers = this.timers.filter(({ at }) => at > this.now);
    due.forEach(({ run }) => run());
    this.frames.splice(0).forEach((run) => run());
  }
}

describe('redraws', () => {
  let page: FakePage;
  const root = { dataset: {} as Record<string, string> };
  const behind = () => 'pending' in root.dataset;
  beforeEach(() => (page = new FakePage()));

  /** Work of so many parts, each of which takes so long and says that it was done. */
  function scheduler(parts: number, ms: number) {
    const done: string[] = [];
    let drawings = 0;
    const redraws = new RedrawScheduler(page, root, function* () {
      const drawing = ++drawings;
      for (let part = 1; part <= parts; part++) {
        page.now += ms;
        done.push(`${drawing}.${part}`);
        yield;
      }
    });
    return { redraws, done };
  }

  it('of little work are done in one frame', () => {
    const { redraws, done } = scheduler(3, 2);
    redraws.request();
    expect([done, behind()]).toEqual([[], true]);
    page.frame();
    expect([done, behind()]).toEqual([['1.1', '1.2', '1.3'], false]);
  });

  it('of much work leave the page to the person between their parts', () => {
    const { redraws, done } = scheduler(3, 30);
    redraws.request();
    page.frame();
    expect([done, behind()]).toEqual([['1.1'], true]);
    page.frame();
    expect([done, behind()]).toEqual([['1.1', '1.2'], true]);
    for (let i = 0; i < 3; i++) page.frame();
    expect([done, behind()]).toEqual([['1.1', '1.2', '1.3'], false]);
  });

  it('that are asked for meanwhile begin when the one before is complete', () => {
    const { redraws, done } = scheduler(2, 30);
    redraws.request();
    page.frame();
    redraws.request();
    for (let i = 0; i < 60; i++) page.frame();
    expect([done, behind()]).toEqual([['1.1', '1.2', '2.1', '2.2'], false]);
  });

  it('take a third of the time at most, and come ten times a second at most', () => {
    for (const [parts, ms, most] of [
      [1, 0, 100],
      [4, 20, 42],
    ] as const) {
      const { redraws, done } = scheduler(parts, ms);
      const from = page.now;
      while (page.now < from + 10_000) {
        redraws.request();
        page.frame();
      }
      expect(done.length / parts).toBeLessThanOrEqual(most);
      expect(done.length / parts).toBeGreaterThan(most / 2);
      redraws.dispose();
    }
  });

  it('that somebody waits for come with the next frame, also after what is being drawn', () => {
    const { redraws, done } = scheduler(2, 30);
    redraws.request();
    page.frame();
    redraws.request(true);
    // The rest of the one before, its end, the parts of this one, its end.
    for (let i = 0; i < 5; i++) page.frame();
    expect([done, behind()]).toEqual([['1.1', '1.2', '2.1', '2.2'], false]);
    redraws.request();
    page.frame();
    expect(done).toHaveLength(4);
    redraws.request(true);
    for (let i = 0; i < 3; i++) page.frame();
    expect([done.slice(4), behind()]).toEqual([['3.1', '3.2'], false]);
    // The one after them has no such haste.
    redraws.request();
    for (let i = 0; i < 3; i++) page.frame();
    expect(done).toHaveLength(6);
  });

  it('that somebody waits for are spread over fewer frames', () => {
    const { redraws, done } = scheduler(3, 20);
    redraws.request(true);
    page.frame();
    expect([done, behind()]).toEqual([['1.1', '1.2', '1.3'], true]);
    page.frame();
    // Nobody waits for those after it: a part in each frame.
    redraws.request();
    for (let i = 0; i < 10; i++) page.frame();
    expect(done.slice(3)).toEqual(['2.1', '2.2', '2.3']);
    redraws.request();
    for (let frames = 0; done.length < 7 && frames < 60; frames++) page.frame();
    expect(done.slice(6)).toEqual(['3.1']);
  });

  it('of something else are abandoned', () => {
    const { redraws, done } = scheduler(3, 30);
    redraws.request();
    page.frame();
    redraws.abandon();
    redraws.request();
    for (let i = 0; i < 60; i++) page.frame();
    expect([done, behind()]).toEqual([['1.1', '2.1', '2.2', '2.3'], false]);
  });
});

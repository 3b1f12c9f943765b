/** Numbers that look random and are the same for the same words: an input is made again from its target, seed and place. */
export class FuzzRandom {
  private state: number;

  constructor(seed: number, word: string, place: number) {
    let hash = (seed ^ 0x9e3779b9) >>> 0;
    for (const letter of `${word}/${place}`) hash = Math.imul(hash ^ letter.charCodeAt(0), 0x01000193) >>> 0;
    this.state = hash;
    // Neighbouring places differ in few bits of the hash.
    for (let i = 0; i < 4; i++) this.next();
  }

  /** In [0, 2³²): mulberry32. */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return (t ^ (t >>> 14)) >>> 0;
  }

  /** In [0, bound). */
  below(bound: number): number {
    return Math.floor((this.next() / 0x1_0000_0000) * bound);
  }

  chance(probability: number): boolean {
    return this.next() < probability * 0x1_0000_0000;
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)];
  }
}

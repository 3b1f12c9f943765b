/** What a queue tells the one who owns it. */
export interface QueueListener<T> {
  /** An item has its turn. */
  start(item: T): void;
  /** The position of a waiting item changed. */
  moved(item: T): void;
}

/** Items in the order of their arrival, of which at most `limit()` are at work at the same time. */
export class RunQueue<T> {
  private waiting: T[] = [];
  private readonly working = new Set<T>();

  constructor(
    private readonly limit: () => number,
    private readonly listener: QueueListener<T>,
  ) {}

  /** Starts an item, or lets it wait behind those that wait already. */
  add(item: T): void {
    this.waiting.push(item);
    this.fill();
    if (!this.working.has(item)) this.listener.moved(item);
  }

  /** An item is over, or does not want to wait any longer; whoever is next has its turn. */
  leave(item: T): void {
    const place = this.waiting.indexOf(item);
    if (place >= 0) {
      this.waiting.splice(place, 1);
      this.waiting.slice(place).forEach((each) => this.listener.moved(each));
    }
    if (this.working.delete(item)) this.fill();
  }

  /** Starts what may start; call when the limit has grown. */
  fill(): void {
    const before = this.waiting.length;
    for (let next = this.next(); next !== undefined; next = this.next()) {
      this.working.add(next);
      this.listener.start(next);
    }
    if (this.waiting.length < before) [...this.waiting].forEach((each) => this.listener.moved(each));
  }

  /** 1 for the item that is next; undefined for one that does not wait. */
  position(item: T): number | undefined {
    const place = this.waiting.indexOf(item);
    return place < 0 ? undefined : place + 1;
  }

  /** Forgets who waits: nothing starts any more. */
  clear(): void {
    this.waiting = [];
  }

  private next(): T | undefined {
    return this.working.size < Math.max(1, this.limit()) ? this.waiting.shift() : undefined;
  }
}

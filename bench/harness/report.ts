import type { Timing } from './contender';
import { load, machine } from './environment';
import { duration, markdownTable, ratio } from './markdown';
import { Peer, type PeerOptions } from './peer';

/** What was to be reached, as a ratio or a value that may not be exceeded or fallen short of. */
export interface Goal {
  what: string;
  wanted: string;
  reached: string;
  met: boolean;
}

/** Gathers what a table says and writes it as Markdown. */
export class Report {
  private readonly startedAt = new Date();
  private readonly loadBefore = load();
  private readonly parts: string[] = [];
  private readonly goals: Goal[] = [];
  private readonly notes: string[] = [];
  private readonly versions = new Map<string, string>();
  private readonly peers: Peer[] = [];

  constructor(
    private readonly title: string,
    private readonly quick: boolean,
  ) {}

  /** Starts a peer; when it is absent the report says so and nobody takes its place. */
  async peer(script: string, options: PeerOptions): Promise<Peer | null> {
    const peer = await Peer.start(script, options);
    if (typeof peer === 'string') {
      this.note(`Peer \`${script}\` was left out: ${peer}.`);
      return null;
    }
    for (const [name, version] of Object.entries(peer.versions)) this.versions.set(name, version);
    this.peers.push(peer);
    return peer;
  }

  section(title: string, text = ''): void {
    this.parts.push(`## ${title}`);
    if (text !== '') this.parts.push(text);
    progress(title);
  }

  text(text: string): void {
    this.parts.push(text);
  }

  table(header: readonly string[], rows: readonly (readonly string[])[]): void {
    this.parts.push(markdownTable(header, rows));
  }

  /** Medians, best times and what they are of the first contender's. */
  timings(timings: readonly Timing[], unit: string, check: string): void {
    const [ours] = timings;
    this.table(
      ['who', unit, 'best', 'of ours', 'best of ours', check],
      timings.map((timing) => [
        timing.name,
        duration(timing.median),
        duration(timing.best),
        ratio(timing.median / ours.median),
        ratio(timing.best / ours.best),
        timing.failure === null ? timing.result : 'failed',
      ]),
    );
    for (const { name, failure } of timings) if (failure !== null) this.note(`${name} failed: ${failure}.`);
  }

  goal(what: string, wanted: string, reached: string, met: boolean): void {
    this.goals.push({ what, wanted, reached, met });
  }

  /** A goal that a peer's time is at least this many times ours. */
  goalFaster(what: string, ours: Timing | undefined, peer: Timing | undefined, factor: number): void {
    const reached = ours && peer ? peer.median / ours.median : NaN;
    if (Number.isFinite(reached)) this.goal(what, `at least ${factor}×`, ratio(reached), reached >= factor);
  }

  /** A goal that a value does not exceed a limit. */
  goalBelow(what: string, value: number, limit: number, format: (value: number) => string): void {
    this.goal(what, `at most ${format(limit)}`, format(value), value <= limit);
  }

  note(text: string): void {
    if (!this.notes.includes(text)) this.notes.push(text);
  }

  close(): void {
    for (const peer of this.peers) peer.close();
  }

  markdown(): string {
    const head = [
      `# ${this.title}`,
      [
        `- ${this.startedAt.toISOString().slice(0, 16).replace('T', ' ')} UTC${this.quick ? ', **quick run: too few repetitions for conclusions**' : ''}`,
        `- ${machine()}`,
        `- ${[...this.versions].map(([name, version]) => `${name} ${version}`).join(', ') || 'no peers'}`,
        `- Load average before ${this.loadBefore}, after ${load()}`,
      ].join('\n'),
    ];
    const goals = this.goals.map(({ what, wanted, reached, met }) => [what, wanted, reached, met ? 'yes' : 'no']);
    const tail = goals.length > 0 ? ['## Goals', markdownTable(['goal', 'wanted', 'reached', 'met'], goals)] : [];
    if (this.notes.length > 0) tail.push(this.notes.map((note) => `- ${note}`).join('\n'));
    return `${[...head, ...this.parts, ...tail].join('\n\n')}\n`;
  }
}

/** What goes on, for whoever waits. */
export function progress(text: string): void {
  process.stderr.write(`  ${text}\n`);
}

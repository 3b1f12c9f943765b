import type { CellResult } from '../../protocol/events';
import { formatNumber } from './format';

/** What the gradient flows of a run took together. */
export class FlowTally {
  private count = 0;
  private steps = 0;
  private gradients = 0;
  private hessians = 0;
  private rose = 0;
  private stalled = 0;
  private polished = 0;
  private drift: number | null = null;

  add({ flow, steps, stopReason }: CellResult): void {
    if (!flow) return;
    this.count++;
    this.steps += steps;
    this.gradients += flow.gradients;
    this.hessians += flow.hessians;
    if (!flow.monotone) this.rose++;
    if (stopReason === 'stalled') this.stalled++;
    if (flow.polish) this.polished++;
    for (const { largestDrift } of flow.conserved) this.drift = Math.max(this.drift ?? 0, largestDrift ?? Infinity);
  }

  /** In a few sentences; empty where there was no gradient flow. */
  words(): string {
    const { count, drift } = this;
    if (count === 0) return '';
    const mean = (sum: number) => formatNumber(Math.round(sum / count));
    const parts = [
      `Gradient flow: ${mean(this.steps)} steps, ${mean(this.gradients)} gradients and ${mean(this.hessians)} Hessians a training on average.`,
      this.rose === 0 ? 'The loss never rose.' : `In ${this.rose} of ${count} the loss rose by more than the tolerances allow.`,
    ];
    if (drift !== null) parts.push(`What the flow conserves changed by ${formatNumber(drift)} at most.`);
    if (this.stalled > 0) parts.push(`${this.stalled} of ${count} stalled before a stop rule held.`);
    if (this.polished > 0) parts.push(`${this.polished} of ${count} were polished: their ends are no longer on the flow.`);
    return parts.join(' ');
  }
}

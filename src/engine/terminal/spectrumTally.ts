import type { CellResult } from '../../protocol/events';
import { formatNumber } from './format';

/** The Hessian spectra at the solutions of a run together. */
export class SpectrumTally {
  private count = 0;
  private converged = 0;
  private smallest = Infinity;
  private largest = -Infinity;
  private residual = 0;

  add({ hessianFacts: facts }: CellResult): void {
    if (!facts) return;
    this.count++;
    if (facts.converged) this.converged++;
    this.smallest = Math.min(this.smallest, facts.smallest);
    this.largest = Math.max(this.largest, facts.largest);
    this.residual = Math.max(this.residual, facts.residual);
  }

  /** In a few sentences; empty where there was no spectrum. */
  words(): string {
    const { count, converged } = this;
    if (count === 0) return '';
    const residual = `relative residual ${formatNumber(this.residual)} at most`;
    const all =
      converged === count
        ? `all converged, ${residual}`
        : `${count - converged} of ${count} spectra did not converge, ${residual}`;
    return `Hessians: eigenvalues from ${formatNumber(this.smallest)} to ${formatNumber(this.largest)} over all trainings; ${all}.`;
  }
}

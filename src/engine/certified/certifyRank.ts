import type { ResolvedModel } from '../../experiment/resolved';
import { UndecidedError } from './arithmetic';
import { BallArithmetic, type Ball } from './ball';
import { makeCertificate, type CertificationStatus, type LowerBoundProof, type RankCertificate } from './certificate';
import { isCertifiable, notCovered } from './coverage';
import { decimalBall, decimalUpperBound } from './decimal';
import { bitLength } from './dyadic';
import { screenRank, type Screening } from './doubleDouble';
import { eliminate, type Elimination } from './elimination';
import { exactRank, type ExactRank } from './exactRank';
import type { NeuronList } from './neuronList';
import { DEFAULT_LIMITS, checkRequest, type CertificationLimits, type RankRequest } from './request';
import { structuralBound, type UpperBound } from './structure';
import { doubleDoubles, scaled, scalingOf, subscaling, type Scaling } from './scaling';
import { integerTangentMatrix, smallnessBits, tangentMatrix } from './tangentBalls';

export interface CertifyRequest extends Omit<RankRequest, 'model'> {
  readonly model: ResolvedModel | NeuronList;
  /** What the theory says, at these parameters. It is believed, and named in the certificate as an assumption. */
  readonly upperBound?: { readonly value: number; readonly source: string };
  readonly limits?: Partial<CertificationLimits>;
}

export interface CertifiedRank {
  readonly status: CertificationStatus;
  /** Proven: the rank is at least this. */
  readonly rank: number;
  readonly upperBound: UpperBound;
  readonly proof: LowerBoundProof;
  /** Upper bound of everything left after the last pivot, rows and columns scaled to 1, as `1.2e-130`; null where that was not looked at. */
  readonly remainder: string | null;
  /** Rank in double-double arithmetic: a hint, no proof. */
  readonly screening: { readonly rank: number; readonly gap: number } | null;
  /** What was found, in words. */
  readonly reasons: readonly string[];
  /** Null when nothing was proven. */
  readonly certificate: RankCertificate | null;
}

/** Elimination modulo primes stops here and leaves the matter to balls. */
const EXACT_WORK = 6e8;
/** Bits of the entries that choose pivots, where a matrix has many more rows than its rank. */
const SCREENING_BITS = 192;

/**
 * The rank of the tangent matrix J_ij = ∂f(x_i; θ)/∂θ_j at exact parameters and inputs, proven from below by pivots in
 * ball arithmetic that exclude 0, and from above by the shape of the matrix, by exact relations between its columns, by
 * exact elimination where its entries are rational, or by what the caller knows from theory.
 *
 * @throws NumericalError when sizes do not fit or a number is not finite.
 */
export function certifyRank(request: CertifyRequest): CertifiedRank {
  const { model } = request;
  if (!isCertifiable(model)) return notCovered(model, request.inputs.count, request.parameters.length);
  const covered = { ...request, model };
  checkRequest(covered);
  return new Certification(covered).run();
}

class Certification {
  private readonly limits: CertificationLimits;
  private readonly reasons: string[] = [];
  private readonly structural: UpperBound;
  private readonly exact: ExactRank | undefined;
  private screening: Screening | null = null;
  private best: { elimination: ScaledElimination; bits: number } | undefined;
  private remainder: string | null = null;
  private workLeft: number;
  /** Whether something was left out because it was too much work. */
  private exhausted = false;

  constructor(private readonly request: CertifyRequest & RankRequest) {
    this.limits = { ...DEFAULT_LIMITS, ...request.limits };
    this.workLeft = this.limits.work;
    this.structural = structuralBound(request.model, request.parameters, request.inputs);
    this.exact = this.exactRank();
  }

  run(): CertifiedRank {
    const proven = this.provenBound();
    try {
      this.raiseUntilDecided(proven.value);
    } catch (error) {
      if (!(error instanceof UndecidedError)) throw error;
      this.reasons.push(`The tangent matrix cannot be enclosed: ${error.message}.`);
    }
    const proof = this.lowerBoundProof();
    const rank = proof.rowOrder.length;
    const upperBound = this.upperBound(proven, rank);
    const known = this.best !== undefined || this.exact !== undefined;
    const status = rank === upperBound.value ? 'certified' : known && rank > 0 ? 'certifiedLowerBound' : 'inconclusive';
    this.reasons.unshift(
      status === 'certified'
        ? `The rank is ${rank}: proven from below, and from above because ${upperBound.source}.`
        : `The rank is at least ${rank} and at most ${upperBound.value}, because ${upperBound.source}.`,
    );
    const certificate =
      status === 'inconclusive' ? null : makeCertificate(this.request, { status, lowerBound: rank, upperBound }, proof);
    const screening = this.screening && { rank: this.screening.rank, gap: this.screening.gap };
    return { status, rank, upperBound, proof, remainder: this.remainder, screening, reasons: this.reasons, certificate };
  }

  private exactRank(): ExactRank | undefined {
    const { inputs, parameters } = this.request;
    if (inputs.count * parameters.length > 1e6) return undefined;
    const matrix = integerTangentMatrix(this.request);
    return matrix && exactRank(matrix, EXACT_WORK);
  }

  /** The best upper bound that does not rest on the caller's word. */
  private provenBound(): UpperBound {
    if (!this.exact || this.exact.rank >= this.structural.value) return this.structural;
    return { value: this.exact.rank, kind: 'exact', source: 'the entries are rational and were eliminated exactly' };
  }

  private upperBound(proven: UpperBound, rank: number): UpperBound {
    const theory = this.request.upperBound;
    if (!theory || theory.value >= proven.value) return proven;
    if (theory.value < rank) {
      this.reasons.push(`The upper bound ${theory.value} (${theory.source}) is refuted: the rank is at least ${rank}.`);
      return proven;
    }
    return { value: theory.value, kind: 'theory', source: theory.source };
  }

  private raiseUntilDecided(bound: number): void {
    const theory = this.request.upperBound?.value ?? bound;
    let bits = this.limits.bits + 64 * Math.ceil(smallnessBits(this.request) / 64);
    for (let previous = -1; ; bits *= 2) {
      const elimination = this.attempt(bits, bound, theory);
      if (elimination) {
        if (!this.best || elimination.rank > this.best.elimination.rank) this.best = { elimination, bits };
        if (elimination.rank >= Math.min(bound, theory)) return;
        this.remainder = decimalUpperBound(elimination.remainder, bits);
        // Twice the same rank, and what is left has shrunk with the precision: more bits would show the same.
        if (elimination.rank === previous && bitLength(elimination.remainder) < bits / 2) {
          this.reasons.push(
            `Everything left after ${elimination.rank} pivots is below ${this.remainder}: probably 0, which no precision can prove.`,
          );
          return;
        }
        previous = elimination.rank;
      }
      // (An elimination that was left out at this precision would cost more at the next.)
      if (2 * bits > this.limits.maximumBits) {
        this.reasons.push(`The limit of ${this.limits.maximumBits} bits was reached.`);
        return;
      }
      if (this.exhausted) {
        this.reasons.push('The limit of work was reached.');
        return;
      }
    }
  }

  /** One precision. Undefined when it was too low to tell what the entries are, or too much work. */
  private attempt(bits: number, bound: number, theory: number): ScaledElimination | undefined {
    const { inputs, parameters } = this.request;
    const tall = inputs.count > 1.5 * bound;
    try {
      const coarse = tall ? SCREENING_BITS + bits - this.limits.bits : bits;
      const matrix = this.matrix(coarse);
      const scaling = scalingOf(matrix, coarse);
      this.screening ??= screenRank(doubleDoubles(scaled(matrix, scaling), coarse));
      // A screening beyond the bound of the theory would refute it, so it is tried.
      const target = Math.min(bound, Math.max(theory, this.screening.rank));
      const full = coarse === bits ? matrix : undefined;
      const quick = this.screening.rank >= target ? this.ordered(full, scaling, bits, target) : undefined;
      if (quick && quick.rank >= target) return quick;
      if (this.spend(inputs.count, parameters.length, bound, bits))
        return unscaled(eliminate(scaled(full ?? this.matrix(bits), scaling), bits), scaling);
      return quick ?? this.ordered(full, scaling, bits, Math.min(target, this.screening.rank));
    } catch (error) {
      if (error instanceof UndecidedError && !error.hopeless && 2 * bits <= this.limits.maximumBits) return undefined;
      throw error;
    }
  }

  /** The pivots that the screening chose: only their rows and columns are computed and eliminated. */
  private ordered(full: Ball[][] | undefined, scaling: Scaling, bits: number, target: number): ScaledElimination | undefined {
    const screening = this.screening;
    if (!screening || !this.spend(target, target, target, bits)) return undefined;
    const order = { rows: screening.rowOrder.slice(0, target), columns: screening.columnOrder.slice(0, target) };
    const matrix = full
      ? order.rows.map((i) => order.columns.map((j) => full[i][j]))
      : tangentMatrix(new BallArithmetic(bits), this.request, order);
    const places = Array.from({ length: target }, (_, i) => i);
    const elimination = eliminate(scaled(matrix, subscaling(scaling, order)), bits, { rows: places, columns: places });
    const inFull = {
      ...elimination,
      rowOrder: elimination.rowOrder.map((i) => order.rows[i]),
      columnOrder: elimination.columnOrder.map((j) => order.columns[j]),
    };
    return unscaled(inFull, scaling);
  }

  private matrix(bits: number): Ball[][] {
    return tangentMatrix(new BallArithmetic(bits), this.request);
  }

  /** Takes an elimination of `steps` pivots from the work that is left; false, and nothing taken, when it is more than that. */
  private spend(rows: number, columns: number, steps: number, bits: number): boolean {
    const updates = steps * (rows * columns - (steps * (rows + columns)) / 2 + (steps * steps) / 3);
    const digits = Math.ceil(bits / 64);
    const cost = updates * (30 + digits * digits);
    this.exhausted ||= cost > this.workLeft;
    if (cost > this.workLeft) return false;
    this.workLeft -= cost;
    return true;
  }

  private lowerBoundProof(): LowerBoundProof {
    const balls = this.best;
    const reached = balls?.elimination.rank ?? 0;
    if (this.exact && this.exact.rank > reached) {
      return { method: 'exact', bits: 0, rowOrder: this.exact.rowOrder, columnOrder: this.exact.columnOrder, pivots: [] };
    }
    if (!balls) return { method: 'pivots', bits: 0, rowOrder: [], columnOrder: [], pivots: [] };
    const { pivots, shifts, rowOrder, columnOrder } = balls.elimination;
    const decimals = pivots.map((pivot, i) => decimalBall(pivot, balls.bits + shifts[i]));
    return { method: 'pivots', bits: balls.bits, rowOrder, columnOrder, pivots: decimals };
  }
}

/** An elimination of the scaled matrix: a pivot of the matrix itself is 2^-shift times the one here. */
interface ScaledElimination extends Elimination {
  readonly shifts: readonly number[];
}

function unscaled(elimination: Elimination, { rows, columns }: Scaling): ScaledElimination {
  return { ...elimination, shifts: elimination.rowOrder.map((row, i) => rows[row] + columns[elimination.columnOrder[i]]) };
}

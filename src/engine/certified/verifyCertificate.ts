import { UndecidedError } from './arithmetic';
import type { RankCertificate } from './certificate';
import { fraction, parseDecimal, type DecimalBall } from './decimal';
import { bareissRank, exactRank } from './exactRank';
import { IntervalArithmetic, type Interval } from './interval';
import { intervalPivots } from './intervalPivots';
import { CertificateError, readCertificate } from './readCertificate';
import type { RankRequest } from './request';
import { structuralBound } from './structure';
import { tangentRows } from './tangent';
import { integerTangentMatrix } from './tangentBalls';

export interface CertificateVerdict {
  readonly valid: boolean;
  /** What was checked and holds, or why the certificate is refused. */
  readonly reasons: readonly string[];
  /** What the certificate takes from elsewhere: upper bounds that only the theory gives. */
  readonly assumptions: readonly string[];
  /** Claimed bounds; null when the certificate could not be read. */
  readonly lowerBound: number | null;
  readonly upperBound: number | null;
}

/** More bits than the proof used, and not a multiple of the same digits. */
const EXTRA_BITS = 104;
const BAREISS_WORK = 4e8;
const MODULAR_WORK = 2e9;

/**
 * Checks a certificate from its JSON alone, apart from how it was made: entries anew at another precision, in intervals
 * instead of balls with functions computed another way, formulas differentiated forward instead of in reverse, pivots by
 * Crout's elimination, exact ranks by Bareiss' instead of modulo primes.
 */
export function verifyCertificate(json: unknown): CertificateVerdict {
  try {
    const { certificate, request } = readCertificate(json);
    const { lowerBound, upperBound } = certificate.claim;
    const reasons = [checkLowerBound(certificate, request)];
    const assumptions: string[] = [];
    if (upperBound.kind === 'theory') {
      assumptions.push(`The upper bound ${upperBound.value} rests on: ${upperBound.source}.`);
    } else {
      reasons.push(checkUpperBound(certificate, request));
    }
    return { valid: true, reasons, assumptions, lowerBound, upperBound: upperBound.value };
  } catch (error) {
    if (!(error instanceof CertificateError)) throw error;
    return { valid: false, reasons: [error.message], assumptions: [], lowerBound: null, upperBound: null };
  }
}

function checkLowerBound(certificate: RankCertificate, request: RankRequest): string {
  const { lowerBound } = certificate.claim;
  const { method, bits, rowOrder, columnOrder, pivots } = certificate.proof;
  if (rowOrder.length !== lowerBound)
    throw new CertificateError(`The proof has ${rowOrder.length} pivots for a claimed lower bound of ${lowerBound}.`);
  if (method === 'exact') {
    const matrix = integerTangentMatrix(request);
    if (!matrix) throw new CertificateError('The tangent matrix is not rational, so there is no exact elimination of it.');
    const submatrix = rowOrder.map((i) => columnOrder.map((j) => matrix[i][j]));
    if (independentRank(submatrix) !== lowerBound) throw new CertificateError('The submatrix that the proof names is singular.');
    return `Rank ≥ ${lowerBound}: the ${lowerBound} × ${lowerBound} submatrix is regular, by exact elimination.`;
  }
  let proven: Interval[] = [];
  let precision = bits + EXTRA_BITS;
  for (let round = 0; round < 2 && proven.length < lowerBound; round++, precision *= 2) {
    const arithmetic = new IntervalArithmetic(precision);
    proven = pivotsAgain(arithmetic, request, rowOrder, columnOrder);
    proven.forEach((pivot, i) => checkPivot(pivot, precision, pivots[i], i));
  }
  if (proven.length < lowerBound) throw new CertificateError(`Pivot ${proven.length + 1} of the proof cannot be told from 0.`);
  return `Rank ≥ ${lowerBound}: all ${lowerBound} pivots exclude 0 again, with ${bits + EXTRA_BITS} bits or more.`;
}

function pivotsAgain(
  arithmetic: IntervalArithmetic,
  request: RankRequest,
  rowOrder: readonly number[],
  columnOrder: readonly number[],
): Interval[] {
  const row = tangentRows(arithmetic, request.model, request.parameters, request.inputs, 'forward');
  try {
    const matrix = rowOrder.map((i) => {
      const entries = row(i);
      return columnOrder.map((j) => entries[j]);
    });
    return intervalPivots(matrix, arithmetic);
  } catch (error) {
    if (error instanceof UndecidedError && !error.hopeless) return [];
    if (error instanceof UndecidedError) throw new CertificateError(`The tangent matrix cannot be enclosed: ${error.message}.`);
    throw error;
  }
}

/** The pivot that the certificate states, a decimal with its radius, must exclude 0 and meet the one computed here. */
function checkPivot(computed: Interval, bits: number, stated: DecimalBall, index: number): void {
  const value = parseDecimal(stated.value);
  const radius = parseDecimal(stated.radius);
  if (!value || !radius || radius.coefficient < 0n) throw new CertificateError(`Pivot ${index + 1} has no value with a radius.`);
  const [top, bottom] = fraction(value);
  const [spread, spreadBottom] = fraction(radius);
  const centre = top * spreadBottom;
  const reach = spread * bottom;
  const denominator = bottom * spreadBottom;
  const size = centre < 0n ? -centre : centre;
  if (size <= reach) throw new CertificateError(`Pivot ${index + 1}, ${stated.value} ± ${stated.radius}, does not exclude 0.`);
  const unit = 1n << BigInt(bits);
  if ((centre + reach) * unit < computed.lower * denominator || (centre - reach) * unit > computed.upper * denominator) {
    throw new CertificateError(`Pivot ${index + 1} is stated as ${stated.value}, which is not its value.`);
  }
}

function checkUpperBound({ claim }: RankCertificate, request: RankRequest): string {
  const { value, kind } = claim.upperBound;
  if (kind === 'exact') {
    const matrix = integerTangentMatrix(request);
    if (!matrix) throw new CertificateError('The tangent matrix is not rational, so there is no exact elimination of it.');
    const rank = independentRank(matrix);
    if (rank > value)
      throw new CertificateError(`The rank is ${rank} by exact elimination, more than the claimed upper bound ${value}.`);
    return `Rank ≤ ${value}: by exact elimination.`;
  }
  const bound = structuralBound(request.model, request.parameters, request.inputs);
  if (bound.value > value)
    throw new CertificateError(
      `The claimed upper bound ${value} does not follow: shape and exact relations give ${bound.value}.`,
    );
  return `Rank ≤ ${value}: ${bound.source}.`;
}

function independentRank(matrix: bigint[][]): number {
  const rank = bareissRank(matrix, BAREISS_WORK) ?? exactRank(matrix, MODULAR_WORK)?.rank;
  if (rank === undefined) throw new CertificateError('The exact elimination is more work than a verification may take.');
  return rank;
}

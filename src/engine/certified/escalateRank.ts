import type { RankMeasurement } from '../../protocol/events';
import { certifyRank, type CertifiedRank, type CertifyRequest } from './certifyRank';

/** What a rank was finally decided with. */
export type RankMethod = 'float64' | 'doubleDouble' | 'balls' | 'exact';

/** A measured rank, and what became of it where float64 was not enough. */
export interface EscalatedRank {
  /** Best knowledge of the rank; proven only when `certified`. */
  readonly rank: number;
  readonly certified: boolean;
  /** Whether the rank can be relied on: a clear gap, or a proof. */
  readonly conclusive: boolean;
  readonly method: RankMethod;
  /** As float64 saw it, unchanged. */
  readonly measurement: RankMeasurement;
  /** Null when float64 was enough. */
  readonly certification: CertifiedRank | null;
}

/** From this gap on float64 is believed: rounding perturbs a singular value by about 1e-15 of the largest. */
const CLEAR_GAP = 1e4;
/** A gap in 31 digits that is more than a guess. */
const CLEAR_SCREENING_GAP = 1e6;

/**
 * Takes a float64 rank as it is when its gap is clear, else decides it in double-double and ball arithmetic.
 *
 * Certified when bounds from below and above agree. Otherwise double-double decides where it shows a clear gap and does
 * not contradict what was proven, and the proven lower bound stands, inconclusive, where it does not.
 */
export function escalateRank(measurement: RankMeasurement, request: CertifyRequest): EscalatedRank {
  if (measurement.conclusive && measurement.gap >= CLEAR_GAP) {
    return { rank: measurement.rank, certified: false, conclusive: true, method: 'float64', measurement, certification: null };
  }
  const certification = certifyRank(request);
  const { status, rank, screening, proof } = certification;
  if (status === 'certified') {
    return {
      rank,
      certified: true,
      conclusive: true,
      method: proof.method === 'exact' ? 'exact' : 'balls',
      measurement,
      certification,
    };
  }
  if (screening && screening.rank === rank && screening.gap >= CLEAR_SCREENING_GAP) {
    return { rank, certified: false, conclusive: true, method: 'doubleDouble', measurement, certification };
  }
  return {
    rank: Math.max(rank, status === 'inconclusive' ? measurement.rank : 0),
    certified: false,
    conclusive: false,
    method: 'balls',
    measurement,
    certification,
  };
}

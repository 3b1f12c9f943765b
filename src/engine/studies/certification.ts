import type { ModelExperiment, ResolvedPoint } from '../../experiment/resolved';
import type { CertifyConfig } from '../../experiment/schema';
import type { CertifiedBounds, RankMeasurement } from '../../protocol/events';
import { escalateRank, type CertifiedRank, type CertifyRequest, type RankCertificate } from '../certified';
import { isCertifiable } from '../certified/coverage';
import { predictOptimisticSampleSize } from '../theory/optimisticSampleSize';

/** A proof on its way to the run folder. */
export interface NamedCertificate {
  /** Of its file. */
  name: string;
  certificate: RankCertificate;
}

/** A rank with what proves it; null when nothing does, or it was not asked for. */
export interface Certified {
  measurement: RankMeasurement;
  certificate: NamedCertificate | null;
}

export interface CertificationCase extends CertifyRequest {
  /**
   * Whether the parameters are the very point that is meant. Of a point that is known up to rounding, such as the root of an
   * equation, the exact rank of its numbers may be higher than that of the point.
   */
  pointIsExact: boolean;
  /** Name of the certificate's file. */
  name: string;
}

/** Largest rows · columns · min(rows, columns): a few seconds. */
const LARGEST_WORK = 1.2e8;

/** Proves a rank where the experiment asks for it; where that succeeds, the rank is the proven one, and conclusive. */
export function certify(measurement: RankMeasurement, rule: CertifyConfig, request: CertificationCase): Certified {
  if (rule === 'never' || (rule === 'auto' && measurement.conclusive)) return { measurement, certificate: null };
  const { rows, columns } = measurement;
  if (rows * columns * Math.min(rows, columns) > LARGEST_WORK) {
    return withoutProof(measurement, `A ${rows} × ${columns} tangent matrix is more than a certification takes on.`);
  }
  // Said to be doubtful, so that it is tried where float64 is sure of it, too.
  const { rank, conclusive, certification } = escalateRank({ ...measurement, conclusive: false }, request);
  if (!certification) return { measurement, certificate: null };
  if (!request.pointIsExact && certification.rank > measurement.rank) {
    return withoutProof(
      measurement,
      `The parameters of this point are rounded. For these very numbers the rank is at least ${certification.rank}, which says nothing about the point that is meant.`,
    );
  }
  const name = certification.certificate ? request.name : undefined;
  const certified = bounds(certification, measurement.rank, name);
  const proof = certification.certificate ? { name: request.name, certificate: certification.certificate } : null;
  // A bound from below takes nothing away from a rank that float64 sees clearly, unless it refutes it.
  const stands = certification.status !== 'certified' && measurement.conclusive && certification.rank <= measurement.rank;
  return {
    measurement: stands ? { ...measurement, certified } : { ...measurement, rank, conclusive, certified },
    certificate: proof,
  };
}

/** What the theory proves about the rank at the target's minimal representation; formulas have only found values, no proof. */
export function theoryBound(experiment: ModelExperiment): CertifyRequest['upperBound'] {
  if (!minimalPointIsExact(experiment)) return undefined;
  const { optimisticSampleSize, exact, formula, source } = predictOptimisticSampleSize(experiment);
  return optimisticSampleSize !== null && exact ? { value: optimisticSampleSize, source: `${formula}; ${source}` } : undefined;
}

/** Whether the numbers of the target's minimal representation are exactly a point of its rank. */
export function minimalPointIsExact({ model }: Pick<ModelExperiment, 'model'>): boolean {
  return isCertifiable(model) && model.kind !== 'formula';
}

/** The same of a point of the experiment: rotated factors are rounded, and so are biases around the shift of an activation. */
export function pointIsExact({ model }: Pick<ModelExperiment, 'model'>, { kind }: ResolvedPoint): boolean {
  if (kind === 'given' || kind === 'file' || kind === 'random') return true;
  if (kind === 'null') return isCertifiable(model) && model.kind !== 'formula';
  return model.kind === 'twoLayer' && typeof model.activation === 'string';
}

function bounds(
  { status, rank, upperBound, proof, reasons }: CertifiedRank,
  float64Rank: number,
  name?: string,
): CertifiedBounds {
  return {
    status,
    rank,
    upperBound: upperBound.value,
    upperBoundSource: upperBound.source,
    bits: proof.bits,
    float64Rank,
    reasons: [...reasons],
    ...(name === undefined ? {} : { certificate: name }),
  };
}

function withoutProof(measurement: RankMeasurement, reason: string): Certified {
  const { rows, columns, rank } = measurement;
  const certified: CertifiedBounds = {
    status: 'inconclusive',
    rank: 0,
    upperBound: Math.min(rows, columns),
    upperBoundSource: 'the shape of the tangent matrix',
    bits: 0,
    float64Rank: rank,
    reasons: [reason],
  };
  return { measurement: { ...measurement, certified }, certificate: null };
}

import { sha256 } from '@noble/hashes/sha2';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils';
import canonicalize from 'canonicalize';
import type { CertifiableModel } from './coverage';
import type { DecimalBall } from './decimal';
import { exactText } from './dyadic';
import type { RankRequest } from './request';
import type { UpperBound } from './structure';

export const CERTIFICATE_FORMAT = 'recovery-lab-rank-certificate';
export const CERTIFICATE_VERSION = 1;

/** certified: both bounds agree. certifiedLowerBound: rank ≥ the lower bound is proven. inconclusive: nothing is. */
export type CertificationStatus = 'certified' | 'certifiedLowerBound' | 'inconclusive';

/** How rank ≥ r was proven. */
export interface LowerBoundProof {
  /** pivots: elimination in balls. exact: elimination over the integers. */
  readonly method: 'pivots' | 'exact';
  /** Fractional bits of the balls; 0 for exact proofs. */
  readonly bits: number;
  /** Rows (inputs) and columns (parameters), from 0, of a regular submatrix, in the order of the pivots. */
  readonly rowOrder: readonly number[];
  readonly columnOrder: readonly number[];
  /** Empty for exact proofs. */
  readonly pivots: readonly DecimalBall[];
}

/** Everything that is needed to check a rank again, as plain JSON. Numbers of the problem are exact: see `exactText`. */
export interface RankCertificate {
  readonly format: typeof CERTIFICATE_FORMAT;
  readonly version: typeof CERTIFICATE_VERSION;
  readonly model: CertifiableModel;
  readonly parameters: readonly string[];
  readonly inputs: { readonly count: number; readonly dimension: number; readonly values: readonly string[] };
  readonly claim: { readonly status: CertificationStatus; readonly lowerBound: number; readonly upperBound: UpperBound };
  readonly proof: LowerBoundProof;
  /** Of the canonical JSON (RFC 8785) of everything else. Guards against accidents, not against intent: verify recomputes. */
  readonly sha256: string;
}

export function makeCertificate(
  { model, parameters, inputs }: RankRequest,
  claim: RankCertificate['claim'],
  proof: LowerBoundProof,
): RankCertificate {
  const content = {
    format: CERTIFICATE_FORMAT,
    version: CERTIFICATE_VERSION,
    model,
    parameters: Array.from(parameters, exactText),
    inputs: { count: inputs.count, dimension: inputs.dimension, values: Array.from(inputs.values, exactText) },
    claim,
    proof,
  } as const;
  return { ...content, sha256: contentHash(content) };
}

/** SHA-256 in hexadecimal of canonical JSON. */
export function contentHash(content: object): string {
  return bytesToHex(sha256(utf8ToBytes(canonicalize(content) ?? '')));
}

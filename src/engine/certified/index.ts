export { certifyRank, type CertifiedRank, type CertifyRequest } from './certifyRank';
export type { CertificationStatus, LowerBoundProof, RankCertificate } from './certificate';
export { escalateRank, type EscalatedRank, type RankMethod } from './escalateRank';
export { DEFAULT_LIMITS, type CertificationLimits, type RankRequest } from './request';
export { structuralBound, type BoundKind, type UpperBound } from './structure';
export { verifyCertificate, type CertificateVerdict } from './verifyCertificate';

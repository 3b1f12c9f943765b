import { sha256 } from '@noble/hashes/sha2';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils';
import canonicalize from 'canonicalize';
import type { ResolvedExperiment } from './resolved';

/**
 * SHA-256 in hexadecimal of an experiment's canonical JSON (RFC 8785) without its title, its description, what is expected
 * of it and what was published: two experiments have the same hash when their numbers are the same.
 */
export function experimentHash(resolved: ResolvedExperiment): string {
  const numbers: Partial<ResolvedExperiment> = { ...resolved };
  delete numbers.title;
  delete numbers.description;
  delete numbers.expect;
  delete numbers.published;
  if ('training' in numbers && numbers.training) numbers.training = withoutSpeed(numbers.training);
  return bytesToHex(sha256(utf8ToBytes(canonicalize(numbers) ?? '')));
}

/** Backends differ in speed alone, but for those that round otherwise. */
function withoutSpeed<Training extends object>(training: Training): Training {
  const { backend, ...rest } = training as Training & { backend?: string };
  return backend === 'relaxedSimd' || backend === 'tensorflow' ? training : (rest as Training);
}

import canonicalize from 'canonicalize';
import fs from 'node:fs';
import path from 'node:path';
import type { CertifiedBounds } from '../../protocol/events';
import { verifyCertificate, type CertificateVerdict } from '../certified';
import { errorMessage } from '../errors';
import { CERTIFICATES, RUN_FILES } from './runFiles';
import { certificateNames } from './runFolder';
import { readSavedRun } from './savedRun';

/** A certificate of a run, and what checking it gave. */
export interface VerifiedCertificate extends CertificateVerdict {
  /** Path within the run folder. */
  readonly file: string;
}

export interface Verification {
  /** Of certificates: there is one, and all hold. */
  readonly valid: boolean;
  readonly certificates: readonly VerifiedCertificate[];
}

/**
 * Every certificate of a run folder, and every one that its summary names. Valid when there is one at least and all of them
 * hold, are about the model of the experiment, and claim what the summary says.
 *
 * @throws EngineError when there is no such run
 */
export function verifyRun(folder: string): Verification {
  // Undefined for an experiment that is not about one model.
  const { model } = readSavedRun(folder).experiment;
  const claims = claimsOf(folder);
  const names = [...new Set([...certificateNames(path.join(folder, CERTIFICATES)), ...claims.keys()])];
  const certificates = names.map((name) => ({
    file: `${CERTIFICATES}/${name}`,
    ...verifyFile(path.join(folder, CERTIFICATES, name), model, claims.get(name)),
  }));
  return { valid: certificates.length > 0 && certificates.every(({ valid }) => valid), certificates };
}

function verifyFile(file: string, model: unknown, claim: CertifiedBounds | undefined): CertificateVerdict {
  let certificate: unknown;
  try {
    certificate = JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch (error) {
    if (!fs.existsSync(file)) return refused('The summary of the run names this certificate, but there is no such file.');
    return refused(`It cannot be read: ${errorMessage(error)}.`);
  }
  const verdict = verifyCertificate(certificate);
  if (!verdict.valid) return verdict;
  if (model !== undefined && !isSame((certificate as { model: unknown }).model, model))
    return refused('It is about another model than the experiment of this run.');
  if (claim && (claim.rank !== verdict.lowerBound || claim.upperBound !== verdict.upperBound)) {
    return refused(
      `The summary of the run says ${claim.rank} ≤ rank ≤ ${claim.upperBound}, but the certificate proves ${verdict.lowerBound} ≤ rank ≤ ${verdict.upperBound}.`,
    );
  }
  return verdict;
}

/** Of JSON: a number beyond float64, such as 1e999, is read as Infinity and has no canonical form; no model has one. */
function isSame(a: unknown, b: unknown): boolean {
  try {
    return canonicalize(a) === canonicalize(b);
  } catch {
    return false;
  }
}

function refused(reason: string): CertificateVerdict {
  return { valid: false, reasons: [reason], assumptions: [], lowerBound: null, upperBound: null };
}

/** What the summary says about ranks that are proven, by the name of the certificate; nothing of a run that did not end. */
function claimsOf(folder: string): Map<string, CertifiedBounds> {
  const claims = new Map<string, CertifiedBounds>();
  // Without recursion: a summary may be nested deeper than the stack.
  const pending: unknown[] = [readJson(path.join(folder, RUN_FILES.summary))];
  while (pending.length > 0) {
    const value = pending.pop();
    if (typeof value !== 'object' || value === null) continue;
    const { certificate } = value as Partial<CertifiedBounds>;
    // Whatever else the summary may say there: a name stays within the folder.
    if (typeof certificate === 'string') claims.set(path.basename(certificate), value as CertifiedBounds);
    for (const each of Object.values(value).reverse()) pending.push(each);
  }
  return claims;
}

/** Undefined where there is no such file, or no JSON in it. */
function readJson(file: string): unknown {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

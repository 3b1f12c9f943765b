import type { RunRecord } from '../../protocol/record';
import * as strings from '../strings';

/** What a number comes from: enough to compute it again. */
export interface Origin {
  file: string;
  /** Of the resolved experiment. */
  hash: string | null;
  seed: number | null;
  engine: string | null;
}

export function originOf({ fileName, accepted, engine }: RunRecord): Origin {
  return { file: fileName, hash: accepted?.hash ?? null, seed: accepted?.seed ?? null, engine };
}

/** In one sentence. */
export function originSentence({ file, hash, seed, engine }: Origin): string {
  return strings.exports.origin(file, hash, seed, engine);
}

/** `matrix-completion-test-error.svg`, of lower-case ASCII letters, digits and hyphens, which every system takes. */
export function exportName({ file }: Origin, what: string, extension: string): string {
  const parts = [file.replace(/\.recovery\.json$/i, ''), what].map(slug).filter(Boolean);
  return `${parts.join('-') || 'recovery'}.${extension}`;
}

/** Lower-case ASCII letters, digits and hyphens; may be empty. */
export function slug(text: string): string {
  const plain = text
    .replace(/([a-z])([A-Z])/g, '$1-$2')
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase();
  return plain
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60);
}

import { sha256 } from '@noble/hashes/sha2';

/** Twin of `digest.ts` for the web extension. */
export function sha256Of(text: string): Uint8Array {
  return sha256(new TextEncoder().encode(text));
}

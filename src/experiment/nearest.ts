import { distance } from 'fastest-levenshtein';

/**
 * The valid name that was most likely meant, or undefined when none is close: at most one typing error for each three
 * letters, two exchanged neighbours being one error, and upper and lower case counting as the same.
 */
export function nearest(written: string, valid: Iterable<string>): string | undefined {
  const wanted = written.toLowerCase();
  if (wanted.length > 100) return undefined;
  let best: string | undefined;
  let bestDistance = Infinity;
  for (const name of valid) {
    const candidate = name.toLowerCase();
    const allowed = Math.max(1, Math.floor(Math.max(candidate.length, wanted.length) / 3));
    if (Math.abs(candidate.length - wanted.length) > allowed) continue;
    const d = isTransposed(wanted, candidate) ? 1 : distance(wanted, candidate);
    const close = d <= allowed && d < Math.max(candidate.length, wanted.length);
    if (close && d < bestDistance) {
      best = name;
      bestDistance = d;
    }
  }
  return best;
}

function isTransposed(a: string, b: string): boolean {
  if (a.length !== b.length) return false;
  const first = [...a].findIndex((letter, i) => letter !== b[i]);
  return first >= 0 && a[first] === b[first + 1] && a[first + 1] === b[first] && a.slice(first + 2) === b.slice(first + 2);
}

/**
 * Colours that people with a colour-vision deficiency can tell apart: the categorical set of Okabe and Ito
 * ("Color universal design", 2008) for roles, viridis for ordered quantities.
 */
export const OKABE_ITO = {
  orange: '#E69F00',
  skyBlue: '#56B4E9',
  green: '#009E73',
  yellow: '#F0E442',
  blue: '#0072B2',
  vermilion: '#D55E00',
  purple: '#CC79A7',
} as const;

const VIRIDIS: readonly (readonly [number, number, number])[] = [
  [68, 1, 84],
  [72, 40, 120],
  [62, 74, 137],
  [49, 104, 142],
  [38, 130, 142],
  [31, 158, 137],
  [53, 183, 121],
  [109, 205, 89],
  [180, 222, 44],
  [253, 231, 37],
];

/**
 * Viridis at `fraction` in 0..1. Its dark end is unreadable on a dark ground and its yellow end on a light one, so each
 * ground gets the part that stands out from it; the order is kept.
 */
export function ordinalColour(fraction: number, dark: boolean): string {
  const clamped = Math.min(1, Math.max(0, fraction));
  const [low, high] = dark ? [0.4, 1] : [0, 0.58];
  const place = (low + (high - low) * clamped) * (VIRIDIS.length - 1);
  const index = Math.min(VIRIDIS.length - 2, Math.floor(place));
  const weight = place - index;
  const from = VIRIDIS[index] ?? [0, 0, 0];
  const to = VIRIDIS[index + 1] ?? from;
  const channel = (k: 0 | 1 | 2) => Math.round(from[k] + (to[k] - from[k]) * weight);
  return `rgb(${channel(0)}, ${channel(1)}, ${channel(2)})`;
}

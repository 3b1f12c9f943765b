/**
 * Colours that people with a colour-vision deficiency can tell apart: the categorical set of Okabe and Ito
 * ("Color universal design", 2008) for roles, viridis for ordered quantities, the blue to red of ColorBrewer (Brewer, "ColorBrewer.org", 2003) for
 * signed ones.
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

/** Distinct colours for lists without an order, those of most contrast to the ground first. */
const CATEGORIES = {
  light: ['#0072B2', '#D55E00', '#00795A', '#A8478A', '#8A6A00', '#3D3D8F', '#555555'],
  dark: ['#56B4E9', '#E69F00', '#2FC79B', '#E79AC6', '#F0E442', '#B3A5F0', '#BBBBBB'],
} as const;

/** How many of them there are. */
export const CATEGORY_COUNT = CATEGORIES.light.length;

/** The distinct colour at a place; after the last the first comes again. */
export function categoryColour(place: number, dark: boolean): string {
  const colours = dark ? CATEGORIES.dark : CATEGORIES.light;
  return colours[Math.abs(Math.trunc(place)) % colours.length] ?? colours[0];
}

/** The colour at `fraction` in 0..1 of areas, which need not stand out from the ground by themselves: from end to end of a map. */
export function heatColour(fraction: number, diverging: boolean): string {
  return mixed(diverging ? BLUE_TO_RED : VIRIDIS, Math.min(1, Math.max(0, fraction)));
}

type ColourMap = readonly (readonly [number, number, number])[];

const BLUE_TO_RED: ColourMap = [
  [5, 48, 97],
  [33, 102, 172],
  [67, 147, 195],
  [146, 197, 222],
  [209, 229, 240],
  [247, 247, 247],
  [253, 219, 199],
  [244, 165, 130],
  [214, 96, 77],
  [178, 24, 43],
  [103, 0, 31],
];

const VIRIDIS: ColourMap = [
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
  return mixed(VIRIDIS, low + (high - low) * clamped);
}

function mixed(map: ColourMap, fraction: number): string {
  const place = fraction * (map.length - 1);
  const index = Math.min(map.length - 2, Math.floor(place));
  const weight = place - index;
  const from = map[index] ?? [0, 0, 0];
  const to = map[index + 1] ?? from;
  const channel = (k: 0 | 1 | 2) => Math.round(from[k] + (to[k] - from[k]) * weight);
  return `rgb(${channel(0)}, ${channel(1)}, ${channel(2)})`;
}

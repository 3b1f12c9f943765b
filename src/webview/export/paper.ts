import type { Ink } from '../charts/model';
import { OKABE_ITO, categoryColour, heatColour, ordinalColour } from '../charts/palette';

/** Colours on white ground, whatever the theme of the editor is. */
export const PAPER = { ground: '#ffffff', ink: '#000000', muted: '#767676', grid: '#e3e3e3' } as const;

const ROLES: Record<Exclude<Ink, object>, string> = {
  background: PAPER.ground,
  foreground: PAPER.ink,
  muted: PAPER.muted,
  primary: OKABE_ITO.blue,
  accent: OKABE_ITO.vermilion,
  third: '#00795a',
};

/** As `#rrggbb`, which every program reads. */
export function paperInk(ink: Ink): string {
  if (typeof ink === 'string') return ROLES[ink];
  if ('heat' in ink) return hex(heatColour(ink.heat, ink.diverging));
  return 'category' in ink ? categoryColour(ink.category, false) : hex(ordinalColour(ink.ordinal, false));
}

function hex(colour: string): string {
  const channels = (colour.match(/\d+/g) ?? []).map((channel) => Number(channel).toString(16).padStart(2, '0'));
  return `#${channels.join('')}`;
}

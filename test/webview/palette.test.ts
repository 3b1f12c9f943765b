import { describe, expect, it } from 'vitest';
import { OKABE_ITO, ordinalColour } from '../../src/webview/charts/palette';

type Rgb = [number, number, number];

/** Relative luminance and contrast as WCAG 2.2 defines them. */
function luminance(rgb: Rgb): number {
  const [red, green, blue] = rgb.map((channel) => {
    const value = channel / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  }) as Rgb;
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(a: Rgb, b: Rgb): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

function rgb(colour: string): Rgb {
  const hex = /^#(..)(..)(..)$/.exec(colour);
  return (hex ? hex.slice(1).map((part) => parseInt(part, 16)) : colour.match(/\d+/g)!.map(Number)) as Rgb;
}

const GROUNDS = { dark: rgb('#1f1f1f'), light: rgb('#ffffff') };

describe('palette', () => {
  it.each(['dark', 'light'] as const)('ordered colours stand out from a %s ground by 3 : 1 or more', (ground) => {
    for (let k = 0; k <= 20; k++)
      expect(contrast(rgb(ordinalColour(k / 20, ground === 'dark')), GROUNDS[ground])).toBeGreaterThanOrEqual(3);
  });

  it('ordered colours grow lighter all the way, which every reader can see', () => {
    for (const dark of [true, false]) {
      const values = Array.from({ length: 21 }, (_, k) => luminance(rgb(ordinalColour(k / 20, dark))));
      for (let k = 1; k < values.length; k++) expect(values[k]!).toBeGreaterThan(values[k - 1]!);
    }
  });

  it('role colours stand out from their ground by 3 : 1 or more', () => {
    for (const colour of [OKABE_ITO.skyBlue, OKABE_ITO.orange, '#2fc79b'])
      expect(contrast(rgb(colour), GROUNDS.dark)).toBeGreaterThanOrEqual(3);
    for (const colour of [OKABE_ITO.blue, OKABE_ITO.vermilion, '#00795a'])
      expect(contrast(rgb(colour), GROUNDS.light)).toBeGreaterThanOrEqual(3);
  });
});

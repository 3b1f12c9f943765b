/** A piece of text that stands on the line, above it or below it. */
export interface TextRun {
  text: string;
  place: 'line' | 'above' | 'below';
}

const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹⁻';
const SUBSCRIPTS = '₀₁₂₃₄₅₆₇₈₉';
const PLAIN = '0123456789\u2212';

/** `10⁻⁸` as `10` and a raised `−8`: fonts of papers seldom have all raised digits as characters of their own. */
export function textRuns(text: string): TextRun[] {
  const runs: TextRun[] = [];
  for (const character of text.replace(/[\u202f\u00a0]/g, ' ')) {
    const [raised, lowered] = [SUPERSCRIPTS.indexOf(character), SUBSCRIPTS.indexOf(character)];
    const place = raised >= 0 ? 'above' : lowered >= 0 ? 'below' : 'line';
    const plain = PLAIN.charAt(Math.max(raised, lowered)) || character;
    const last = runs.at(-1);
    if (last?.place === place) last.text += plain;
    else runs.push({ text: plain, place });
  }
  return runs;
}

/** Sizes in points. Nothing in a figure is smaller than the last one. */
export const FONT = { title: 11, text: 10, small: 9, script: 8 } as const;
export const FONT_FAMILY = 'Helvetica, Arial, "Liberation Sans", sans-serif';

/** Advance widths of Helvetica from space to tilde, in thousandths of the size (Adobe font metrics). */
const WIDTHS = [
  278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556, 556, 556,
  556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778,
  722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222,
  500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
];

/** DejaVu Sans, which stands in for Helvetica where there is none, is wider by about a sixth. */
const SLACK = 1.17;

/** Width of a text in points, rather too large; the same on every machine, since no font is asked. */
export function textWidth(text: string, size: number): number {
  return textRuns(text).reduce((sum, run) => {
    const units = Array.from(run.text, (character) => WIDTHS[character.charCodeAt(0) - 32] ?? 584);
    return sum + (SLACK * units.reduce((a, b) => a + b, 0) * (run.place === 'line' ? size : FONT.script)) / 1000;
  }, 0);
}

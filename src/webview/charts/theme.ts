import type { Ink } from './model';
import { OKABE_ITO, categoryColour, heatColour, ordinalColour } from './palette';

/** Colours, fonts and weights of a chart, taken from the `--vscode-*` variables of the page. */
export interface ChartTheme {
  dark: boolean;
  highContrast: boolean;
  foreground: string;
  muted: string;
  background: string;
  grid: string;
  border: string;
  tooltipBackground: string;
  fontFamily: string;
  fontSize: number;
  ink(ink: Ink): string;
}

/** Reads the theme that the page has now. */
export function readTheme(): ChartTheme {
  const body = document.body;
  const style = getComputedStyle(body);
  const variable = (name: string) => style.getPropertyValue(name).trim();
  const background = variable('--vscode-editor-background') || style.backgroundColor || '#ffffff';
  const dark = luminance(background) < 0.4;
  const foreground = variable('--vscode-editor-foreground') || variable('--vscode-foreground') || (dark ? '#cccccc' : '#1f1f1f');
  const highContrast =
    body.classList.contains('vscode-high-contrast') ||
    body.classList.contains('vscode-high-contrast-light') ||
    window.matchMedia('(prefers-contrast: more)').matches;
  const contrastBorder = variable('--vscode-contrastBorder');
  const faint = withAlpha(foreground, 0.14);
  const roles: Record<Exclude<Ink, object>, string> = {
    background,
    foreground,
    muted: highContrast ? foreground : withAlpha(foreground, 0.5),
    primary: dark ? OKABE_ITO.skyBlue : OKABE_ITO.blue,
    accent: dark ? OKABE_ITO.orange : OKABE_ITO.vermilion,
    third: dark ? '#2fc79b' : '#00795a',
  };
  return {
    dark,
    highContrast,
    foreground,
    muted: highContrast ? foreground : variable('--vscode-descriptionForeground') || withAlpha(foreground, 0.7),
    background,
    grid: highContrast ? 'rgba(128, 128, 128, 0.45)' : faint,
    border: highContrast ? contrastBorder || foreground : withAlpha(foreground, 0.4),
    tooltipBackground: variable('--vscode-editorHoverWidget-background') || background,
    fontFamily: variable('--vscode-font-family') || 'system-ui, sans-serif',
    fontSize: Math.max(11, Math.min(14, Number.parseFloat(variable('--vscode-font-size')) - 1 || 12)),
    ink(ink) {
      if (typeof ink === 'string') return roles[ink];
      if ('heat' in ink) return heatColour(ink.heat, ink.diverging);
      return 'category' in ink ? categoryColour(ink.category, dark) : ordinalColour(ink.ordinal, dark);
    },
  };
}

/** Calls `changed` whenever the theme of the page may have changed; returns the way to stop that. */
export function watchTheme(changed: () => void): () => void {
  const observer = new MutationObserver(changed);
  observer.observe(document.body, {
    attributes: true,
    attributeFilter: ['class', 'data-vscode-theme-id', 'data-vscode-theme-kind'],
  });
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style', 'class'] });
  const queries = ['(prefers-color-scheme: dark)', '(prefers-contrast: more)'].map((query) => window.matchMedia(query));
  for (const query of queries) query.addEventListener('change', changed);
  return () => {
    observer.disconnect();
    for (const query of queries) query.removeEventListener('change', changed);
  };
}

/** The same colour with an opacity of its own. */
export function withAlpha(colour: string, alpha: number): string {
  const [red, green, blue] = channels(colour);
  return `rgba(${red}, ${green}, ${blue}, ${alpha})`;
}

function luminance(colour: string): number {
  const [red, green, blue] = channels(colour);
  return (0.2126 * red + 0.7152 * green + 0.0722 * blue) / 255;
}

let canvas: CanvasRenderingContext2D | null = null;

/** Red, green and blue of any CSS colour: a canvas writes every opaque colour as #rrggbb and the others as rgba(…). */
function channels(colour: string): [number, number, number] {
  canvas ??= document.createElement('canvas').getContext('2d');
  if (!canvas) return [128, 128, 128];
  canvas.fillStyle = '#808080';
  canvas.fillStyle = colour;
  const normal = canvas.fillStyle;
  const hex = /^#(..)(..)(..)$/.exec(normal);
  const parts = hex ? hex.slice(1).map((part) => Number.parseInt(part, 16)) : (normal.match(/[\d.]+/g) ?? []).map(Number);
  return [parts[0] ?? 128, parts[1] ?? 128, parts[2] ?? 128];
}

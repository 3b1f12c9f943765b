import type { Ink, LegendEntry, PointSymbol } from '../charts/model';
import type { ChartTheme } from '../charts/theme';
import { h, svg } from './dom';

/** The legend of a chart as text with the symbols that the chart uses. Colours are set through the CSSOM, which a strict CSP allows. */
export function legendElements(entries: readonly LegendEntry[], theme: ChartTheme, toggles: LegendToggles): HTMLElement[] {
  return entries.map((entry) => {
    if (entry.kind === 'ramp') return ramp(entry, theme, toggles);
    return h('li', { class: 'legend-entry' }, toggle([entry.label], toggles, symbolOf(entry, theme), entry.label));
  });
}

/** Which series a legend can switch off, by their labels, and which it has. */
export interface LegendToggles {
  known: ReadonlySet<string>;
  hidden: readonly string[];
  onToggle: (labels: readonly string[], visible: boolean) => void;
}

/** Contents of an entry; a switch where it stands for series of the chart. */
function toggle(
  labels: readonly string[],
  { known, hidden, onToggle }: LegendToggles,
  ...content: (Node | string)[]
): HTMLElement {
  if (!labels.some((label) => known.has(label))) return h('span', { class: 'legend-text' }, ...content);
  const visible = !labels.every((label) => hidden.includes(label));
  const button = h(
    'button',
    { type: 'button', class: 'legend-toggle', 'aria-pressed': String(visible), 'data-series': labels[0] },
    ...content,
  );
  button.addEventListener('click', () => onToggle(labels, !visible));
  return button;
}

function ramp(entry: Extract<LegendEntry, { kind: 'ramp' }>, theme: ChartTheme, toggles: LegendToggles): HTMLElement {
  const steps = entry.steps.map(({ label, ink, series = [] }) => {
    const swatch = h('span', { class: 'swatch', 'aria-hidden': 'true' });
    swatch.style.backgroundColor = theme.ink(ink);
    return h('li', {}, toggle(series, toggles, swatch, label));
  });
  return h('li', { class: 'legend-entry legend-ramp' }, entry.label, h('ol', {}, ...steps));
}

function symbolOf(entry: Exclude<LegendEntry, { kind: 'ramp' }>, theme: ChartTheme): SVGElement {
  const picture = svg('svg', { class: 'legend-symbol', viewBox: '0 0 24 12', 'aria-hidden': 'true', focusable: 'false' });
  const colour = theme.ink(entry.ink);
  if (entry.kind === 'line') picture.append(line('M1 6H23', colour, entry.dash));
  if (entry.kind === 'whiskers') picture.append(line('M12 1V11M8 1H16M8 11H16', colour, false));
  const symbol = entry.kind === 'symbol' ? entry.symbol : entry.kind === 'line' ? entry.symbol : null;
  if (symbol) picture.append(pointShape(symbol, colour, theme));
  return picture;
}

function line(d: string, colour: string, dash: boolean): SVGElement {
  return svg('path', { d, stroke: colour, 'stroke-width': 2, fill: 'none', 'stroke-dasharray': dash ? '4 3' : undefined });
}

function pointShape(symbol: PointSymbol, colour: string, theme: ChartTheme): SVGElement {
  switch (symbol) {
    case 'circle':
      return svg('circle', { cx: 12, cy: 6, r: 3.5, fill: colour });
    case 'hollow':
      return svg('circle', { cx: 12, cy: 6, r: 3.5, fill: theme.background, stroke: colour, 'stroke-width': 1.5 });
    case 'ring':
      return svg('circle', { cx: 12, cy: 6, r: 5, fill: 'none', stroke: colour, 'stroke-width': 1.5 });
    case 'triangle':
      return svg('path', { d: 'M12 1.5L16.5 10H7.5z', fill: colour });
    case 'diamond':
      return svg('path', { d: 'M12 1L16.5 6L12 11L7.5 6z', fill: colour });
    case 'square':
      return svg('rect', { x: 8.5, y: 2.5, width: 7, height: 7, fill: colour });
  }
}

/** What a legend depends on, to redraw it only when it changes. */
export function legendKey(entries: readonly LegendEntry[], theme: ChartTheme, { known, hidden }: LegendToggles): string {
  return JSON.stringify([entries, [...known], hidden, inkKey('primary', theme), inkKey('muted', theme), theme.highContrast]);
}

function inkKey(ink: Ink, theme: ChartTheme): string {
  return theme.ink(ink);
}

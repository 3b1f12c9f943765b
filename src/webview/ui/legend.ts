import type { Ink, LegendEntry, PointSymbol } from '../charts/model';
import type { ChartTheme } from '../charts/theme';
import { h, svg } from './dom';

/** The legend of a chart as text with the symbols that the chart uses. Colours are set through the CSSOM, which a strict CSP allows. */
export function legendElements(entries: readonly LegendEntry[], theme: ChartTheme): HTMLElement[] {
  return entries.map((entry) => {
    if (entry.kind === 'ramp') return ramp(entry, theme);
    return h('li', { class: 'legend-entry' }, symbolOf(entry, theme), entry.label);
  });
}

function ramp(entry: Extract<LegendEntry, { kind: 'ramp' }>, theme: ChartTheme): HTMLElement {
  const steps = entry.steps.map(({ label, ink }) => {
    const swatch = h('span', { class: 'swatch', 'aria-hidden': 'true' });
    swatch.style.backgroundColor = theme.ink(ink);
    return h('li', {}, swatch, label);
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
    case 'triangle':
      return svg('path', { d: 'M12 1.5L16.5 10H7.5z', fill: colour });
    case 'square':
      return svg('rect', { x: 8.5, y: 2.5, width: 7, height: 7, fill: colour });
  }
}

/** What a legend depends on, to redraw it only when it changes. */
export function legendKey(entries: readonly LegendEntry[], theme: ChartTheme): string {
  return JSON.stringify([entries, inkKey('primary', theme), inkKey('muted', theme), theme.highContrast]);
}

function inkKey(ink: Ink, theme: ChartTheme): string {
  return theme.ink(ink);
}

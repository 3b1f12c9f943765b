import type { GraphSeries, HeatMapSeries, LineSeries, PointSeries, PointSymbol, Series, WhiskerSeries } from '../charts/model';
import { decimate } from '../charts/decimate';
import { axisExtent } from '../charts/extent';
import * as strings from '../strings';
import type { Picture } from './chartScene';
import { isData } from './data';
import { paperInk } from './paper';

/** Numbers that a script holds at most; longer curves are thinned as in the picture, and the script says so. */
const MOST_NUMBERS = 200_000;
const MARKERS: Record<PointSymbol, string> = { circle: 'o', triangle: '^', square: 's', hollow: 'o', ring: 'o', diamond: 'D' };

/** A Python script with the data as NumPy arrays that draws the chart with matplotlib. */
export function chartPython({ title, model, scales, window, origin }: Picture): string {
  const script = new Script();
  const series = model.series.filter(isData);
  const numbers = series.reduce((sum, each) => sum + (each.kind === 'line' ? countNumbers(each) : 0), 0);
  const thin = numbers > MOST_NUMBERS;
  const [low, high] = axisExtent(model, 'x', scales.x) ?? [1, 10];
  const parts = series.reduce((sum, each) => sum + (each.kind === 'line' ? each.parts.length : 0), 0);
  const columns = { min: low, max: high, scale: scales.x, count: Math.max(6, Math.floor(MOST_NUMBERS / 8 / Math.max(1, parts))) };
  script.head.push(...[title, model.summary, origin, thin ? strings.exports.thinned : ''].filter(Boolean).map(comment));
  const choose: Choose = (x, y) => (thin ? decimate(x, y, columns) : null);
  for (const each of series)
    addSeries(
      script,
      each,
      choose,
      series.some(({ kind, label }) => kind === 'line' && label === each.label),
    );
  for (const { axis, value, label, ink, dash } of model.markers)
    script.plot.push(
      `ax.ax${axis === 'x' ? 'v' : 'h'}line(${num(value)}, color=${str(paperInk(ink))}, linewidth=1.2${dash ? ', linestyle="--"' : ''}${label ? `, label=${str(label)}` : ''})`,
    );
  for (const which of ['x', 'y'] as const) {
    if (scales[which] === 'log') script.plot.push(`ax.set_${which}scale("log")`);
    const part = window?.[which];
    if (part) script.plot.push(`ax.set_${which}lim(${num(part[0])}, ${num(part[1])})`);
    const { names } = model[which];
    if (names)
      script.plot.push(
        `ax.set_${which}ticks([${names.map(({ value }) => num(value)).join(', ')}], [${names.map(({ name }) => str(name)).join(', ')}])`,
      );
    script.plot.push(`ax.set_${which}label(${str(model[which].title)})`);
  }
  if (model.series.some(({ kind }) => kind !== 'heatMap' && kind !== 'graph') || model.markers.some(({ label }) => label !== ''))
    script.plot.push(`if ax.get_legend_handles_labels()[0]:`, `    ax.legend(fontsize=8)`);
  return script.text();
}

class Script {
  readonly head: string[] = [];
  readonly data: string[] = [];
  readonly plot: string[] = [];
  private readonly names = new Set<string>();

  /** A name for a variable that no other one has. */
  name(label: string): string {
    const plain = label
      .normalize('NFKD')
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '_')
      .replace(/^_+|_+$/g, '')
      .slice(0, 40);
    const base = /^[a-z]/.test(plain) ? plain : `s_${plain}`;
    let name = base;
    for (let k = 2; this.names.has(name); k++) name = `${base}_${k}`;
    this.names.add(name);
    return name;
  }

  text(): string {
    return [
      ...this.head,
      'import matplotlib.pyplot as plt',
      'import numpy as np',
      '',
      ...this.data,
      '',
      'fig, ax = plt.subplots(figsize=(5, 3.75), layout="constrained")',
      ...this.plot,
      'plt.show()',
      '',
    ].join('\n');
  }
}

/** Which points of a line are kept; null for all. */
type Choose = (x: readonly number[], y: readonly number[]) => number[] | null;

function addSeries(script: Script, series: Series, choose: Choose, named: boolean): void {
  switch (series.kind) {
    case 'line':
      return addLine(script, series, choose);
    case 'points':
      return addPoints(script, series);
    case 'whiskers':
      return addWhiskers(script, series, named);
    case 'heatMap':
      return addHeatMap(script, series);
    case 'graph':
      return addGraph(script, series);
  }
}

function addLine(script: Script, series: LineSeries, choose: Choose): void {
  const { label, parts, ink, width, dash, symbol, path } = series;
  if (parts.length === 0) return;
  const name = script.name(`${label} lines`);
  const lines = parts.map(({ x, y }) => {
    const kept = path === true ? null : choose(x, y);
    const take = (values: readonly number[]) => array(kept ? kept.map((i) => values[i] ?? NaN) : values);
    return `(${take(x)}, ${take(y)})`;
  });
  script.data.push(`# ${oneLine(label)}`, `${name} = [`, ...lines.map((line) => `    ${line},`), `]`);
  const style = [
    `color=${str(paperInk(ink))}`,
    `linewidth=${width === 'thin' ? 0.8 : width === 'bold' ? 2 : 1.5}`,
    ...(dash ? ['linestyle="--"'] : []),
    ...(symbol ? [markerStyle(symbol, 4)] : []),
    `label=${str(label)} if k == 0 else None`,
  ];
  script.plot.push(`for k, (x, y) in enumerate(${name}):`, `    ax.plot(x, y, ${style.join(', ')})`);
}

function addPoints(script: Script, { label, points, ink, symbol, size }: PointSeries): void {
  if (points.length === 0) return;
  const name = script.name(label);
  script.data.push(
    `# ${oneLine(label)}`,
    `${name}_x = ${array(points.map(({ x, exactX }) => exactX ?? x))}`,
    `${name}_y = ${array(points.map(({ y }) => y))}`,
  );
  const marker = `color=${str(paperInk(ink))}, ${markerStyle(symbol, size === 'small' ? 2.5 : 4)}`;
  script.plot.push(`ax.plot(${name}_x, ${name}_y, linestyle="none", ${marker}, label=${str(label)})`);
}

/** @param named whether a line of the same name stands in the legend already */
function addWhiskers(script: Script, { label, bars, ink }: WhiskerSeries, named: boolean): void {
  if (bars.length === 0) return;
  const name = script.name(label);
  script.data.push(
    `# ${oneLine(label)}`,
    `${name}_x = ${array(bars.map(({ x }) => x))}`,
    `${name}_low = ${array(bars.map(({ low }) => low))}`,
    `${name}_high = ${array(bars.map(({ high }) => high))}`,
  );
  script.plot.push(
    `middle = (${name}_low + ${name}_high) / 2`,
    `ax.errorbar(${name}_x, middle, yerr=[middle - ${name}_low, ${name}_high - middle], fmt="none", color=${str(paperInk(ink))}, capsize=3${named ? '' : `, label=${str(label)}`})`,
  );
}

function addHeatMap(script: Script, { label, cells, scale, range, diverging }: HeatMapSeries): void {
  if (cells.length === 0) return;
  const name = script.name(label);
  const ends = (which: 'x' | 'y') => {
    const sorted = [...new Map(cells.map((cell) => [cell.at[which], cell[which]])).entries()].sort(([a], [b]) => a - b);
    return { places: sorted.map(([at]) => at), edges: [...sorted.map(([, [low]]) => low), sorted.at(-1)?.[1][1] ?? NaN] };
  };
  const [x, y] = [ends('x'), ends('y')];
  const valueAt = new Map(cells.map(({ at, value }) => [`${at.x} ${at.y}`, value]));
  const rows = y.places.map((b) =>
    array(
      x.places.map((a) => valueAt.get(`${a} ${b}`) ?? NaN),
      '',
    ),
  );
  script.data.push(
    `# ${oneLine(label)}: one row for each of ${name}_y`,
    `${name}_x = ${array(x.places)}`,
    `${name}_y = ${array(y.places)}`,
    `${name} = np.array([`,
    ...rows.map((row) => `    ${row},`),
    `])`,
    `${name}_x_edges = ${array(x.edges)}`,
    `${name}_y_edges = ${array(y.edges)}`,
  );
  const [least, most] = range ?? [NaN, NaN];
  // What a logarithm cannot hold has the colour of the smallest value, as in the panel.
  const shown = scale === 'log' && range ? `np.maximum(${name}, ${num(least)})` : name;
  const norm = least < most ? `${scale === 'log' ? ', norm="log"' : ''}, vmin=${num(least)}, vmax=${num(most)}` : '';
  const map = diverging ? 'RdBu_r' : 'viridis';
  script.plot.push(
    `mesh = ax.pcolormesh(${name}_x_edges, ${name}_y_edges, ${shown}, cmap="${map}"${norm})`,
    `fig.colorbar(mesh, label=${str(label)})`,
  );
}

function addGraph(script: Script, { label, nodes, edges }: GraphSeries): void {
  if (nodes.length === 0) return;
  const name = script.name(label);
  script.data.push(
    `# ${oneLine(label)}`,
    `${name}_x = ${array(nodes.map(({ x }) => x))}`,
    `${name}_y = ${array(nodes.map(({ y }) => y))}`,
    `${name}_names = [${nodes.map((node) => str(node.name)).join(', ')}]`,
    `${name}_colors = [${nodes.map(({ ink }) => str(paperInk(ink))).join(', ')}]`,
    `${name}_edges = [${edges.map(([a, b]) => `(${a}, ${b})`).join(', ')}]`,
  );
  script.plot.push(
    `for a, b in ${name}_edges:`,
    `    ax.plot(${name}_x[[a, b]], ${name}_y[[a, b]], color="0.5", linewidth=0.8, zorder=1)`,
    `ax.scatter(${name}_x, ${name}_y, c=${name}_colors, zorder=2)`,
    `for x, y, name in zip(${name}_x, ${name}_y, ${name}_names):`,
    `    ax.annotate(name, (x, y), xytext=(0, 6), textcoords="offset points", ha="center", fontsize=8)`,
  );
}

function markerStyle(symbol: PointSymbol, size: number): string {
  const fill = symbol === 'hollow' ? ', markerfacecolor="white"' : symbol === 'ring' ? ', markerfacecolor="none"' : '';
  return `marker=${str(MARKERS[symbol])}, markersize=${symbol === 'ring' ? 2 * size : size}${fill}`;
}

function countNumbers({ parts }: LineSeries): number {
  return parts.reduce((sum, { x }) => sum + 2 * x.length, 0);
}

function array(values: readonly number[], call = 'np.array'): string {
  const list = `[${values.map(num).join(', ')}]`;
  return call === '' ? list : `${call}(${list})`;
}

function num(value: number): string {
  if (Number.isNaN(value)) return 'np.nan';
  return Number.isFinite(value) ? String(value) : value > 0 ? 'np.inf' : '-np.inf';
}

/** A string as JSON is a string of Python; dollar signs would begin a formula. */
function str(text: string): string {
  return JSON.stringify(text.replace(/[\u202f\u00a0]/g, ' ').replaceAll('$', '\\$'));
}

function comment(text: string): string {
  return `# ${oneLine(text)}`;
}

function oneLine(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f\u0085\u2028\u2029]+/g, ' ').replace(/[\u202f\u00a0]/g, ' ');
}

import type { EngineEvent } from './events';
import { isObject } from './json';

/** Longest line that is read: a line beyond it is thrown away piece by piece and told as unreadable. */
export const LINE_LIMIT = 64 * 1024 * 1024;

/** How much of an unreadable line is kept for the log. */
const EXCERPT = 500;

/** One line of the protocol: JSON without line breaks, and a line feed. */
export function encodeLine(value: unknown): string {
  const text: string | undefined = JSON.stringify(value);
  if (text === undefined) throw new TypeError('This value has no JSON form.');
  return `${text}\n`;
}

export type DecodedLine = { value: unknown } | { unreadable: string };

/** Splits a stream of text into lines and reads each as JSON. A line that cannot be read is told and never fatal. */
export class LineDecoder {
  private rest = '';
  private overflowed = false;

  constructor(private readonly limit = LINE_LIMIT) {}

  /** The lines that this chunk completes. */
  push(chunk: string): DecodedLine[] {
    const lines: DecodedLine[] = [];
    let start = 0;
    for (let end = chunk.indexOf('\n'); end >= 0; end = chunk.indexOf('\n', start)) {
      this.append(chunk.slice(start, end));
      this.take(lines);
      start = end + 1;
    }
    this.append(chunk.slice(start));
    return lines;
  }

  /** The last line, if the stream ended without a line feed. */
  end(): DecodedLine[] {
    const lines: DecodedLine[] = [];
    this.take(lines);
    return lines;
  }

  private append(part: string): void {
    if (this.overflowed) return;
    this.rest += part;
    if (this.rest.length <= this.limit) return;
    this.overflowed = true;
    this.rest = this.rest.slice(0, EXCERPT);
  }

  private take(lines: DecodedLine[]): void {
    const line = this.rest.trim();
    const { overflowed } = this;
    this.rest = '';
    this.overflowed = false;
    if (overflowed) lines.push({ unreadable: `${line.slice(0, EXCERPT)}… (line too long)` });
    else if (line !== '') lines.push(decodeLine(line));
  }
}

function decodeLine(line: string): DecodedLine {
  try {
    return { value: JSON.parse(line) as unknown };
  } catch {
    return { unreadable: line.length > EXCERPT ? `${line.slice(0, EXCERPT)}…` : line };
  }
}

/**
 * A value as an event of the engine, or undefined when it is none: of an unknown type, or without what every reader of its
 * type relies on. Properties that are not known are let through.
 */
export function decodeEvent(value: unknown): EngineEvent | undefined {
  if (!isObject(value) || typeof value.type !== 'string' || !Object.hasOwn(SHAPES, value.type)) return undefined;
  return matches(SHAPES[value.type as EngineEvent['type']], value) ? (value as unknown as EngineEvent) : undefined;
}

type Test = (value: unknown) => boolean;
type Shape = Readonly<Record<string, Test>>;
const text: Test = (value) => typeof value === 'string';
const number: Test = (value) => typeof value === 'number' && Number.isFinite(value);
const flag: Test = (value) => typeof value === 'boolean';
const place: Test = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
const object: Test = isObject;
const list: Test = (value) => Array.isArray(value);
const numbers: Test = (value) => Array.isArray(value) && value.every(number);
const places: Test = (value) => Array.isArray(value) && value.every(place);
const orNull =
  (test: Test): Test =>
  (value) =>
    value === null || test(value);
const optional =
  (test: Test): Test =>
  (value) =>
    value === undefined || test(value);
const oneOf =
  (...names: string[]): Test =>
  (value) =>
    typeof value === 'string' && names.includes(value);
const shaped =
  (shape: Shape): Test =>
  (value) =>
    isObject(value) && matches(shape, value);

function matches(shape: Shape, value: Record<string, unknown>): boolean {
  return Object.entries(shape).every(([name, test]) => test(value[name]));
}

const CELL: Shape = { sampleSize: place, trial: place };
/** Every reader of these kinds relies on their model and data. */
const ABOUT_SAMPLES: Shape = { model: object, data: object };
const isAboutSamples: Test = shaped({ experiment: oneOf('recovery', 'rank') });
const DENSITY: Shape = {
  eigenvalues: numbers,
  values: numbers,
  standardErrors: numbers,
  quadratureErrors: numbers,
  width: number,
  probes: place,
  steps: place,
};
const SPECTRUM: Shape = {
  kind: optional(oneOf('full', 'extremal', 'density')),
  eigenvalues: numbers,
  residual: number,
  converged: flag,
  size: optional(place),
  lower: optional(place),
  residuals: optional(numbers),
  convergedEach: optional(list),
  products: optional(place),
  density: optional(shaped(DENSITY)),
  trace: optional(shaped({ value: number, standardError: number })),
};
const VERDICT: Shape = {
  id: text,
  result: oneOf('met', 'failed', 'inconclusive'),
  value: (value) => value === null || number(value) || text(value) || flag(value),
  reasons: list,
  at: list,
};
const SHAPES: Readonly<Record<EngineEvent['type'], Shape>> = {
  hello: { protocol: number, engine: text, pid: number },
  accepted: {
    config: (value) => shaped({ experiment: text })(value) && (!isAboutSamples(value) || shaped(ABOUT_SAMPLES)(value)),
    hash: text,
    seed: number,
    cells: place,
    workers: place,
    predictions: shaped({ optimisticSampleSize: orNull(number), exact: flag, formula: text, source: text }),
    runFolder: orNull(text),
  },
  phase: { phase: oneOf('preparing', 'training', 'measuring', 'judging', 'writing') },
  progress: { done: place, total: place, steps: number, elapsedMs: number, remainingMs: orNull(number) },
  // Curves are thinned on the logarithm of their steps.
  curve: { ...CELL, steps: places, losses: numbers, times: optional(numbers) },
  rank: {
    name: text,
    measurement: shaped({ rank: place, tolerance: number, gap: number, conclusive: flag, singularValues: numbers }),
  },
  spectrum: { ...CELL, measurement: shaped(SPECTRUM), step: optional(place), time: optional(number) },
  cell: {
    cell: shaped({
      ...CELL,
      steps: number,
      stopReason: text,
      recovered: flag,
      trainLoss: orNull(number),
      testError: orNull(number),
    }),
  },
  sampleSize: {
    result: shaped({ sampleSize: place, trials: place, medianTestError: orNull(number), recoveredFraction: number }),
  },
  table: { table: shaped({ id: text, title: text, columns: list, rows: list }) },
  figure: {
    figure: shaped({
      id: text,
      title: text,
      caption: text,
      x: shaped({ title: text }),
      y: shaped({ title: text }),
      layers: list,
    }),
  },
  verdict: { verdict: shaped(VERDICT) },
  finished: {
    exitCode: number,
    elapsedMs: number,
    summary: shaped({ experiment: text, results: object, verdicts: list }),
    report: orNull(text),
  },
  failed: { code: text, message: text, exitCode: number },
};

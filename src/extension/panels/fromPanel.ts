import type { FromPanel, PanelView } from '../../protocol/panel';
import type { TrialCell } from '../../protocol/trials';

/** Reads a message of a panel; undefined for anything that a panel has no business to say. */
export function readFromPanel(message: unknown): FromPanel | undefined {
  if (!isObject(message)) return undefined;
  switch (message.type) {
    case 'ready':
    case 'stop':
    case 'runAgain':
    case 'resume':
    case 'showLog':
    case 'openReport':
    case 'revealFile':
      return { type: message.type };
    case 'view': {
      const view = readPanelView(message.view);
      return view && { type: 'view', view };
    }
    case 'trials': {
      const cell = readCell(message.cell);
      const { open } = message;
      return cell && (open === null || isCount(open)) ? { type: 'trials', cell, open } : undefined;
    }
    case 'openCell': {
      const cell = readCell(message.cell);
      const { trial } = message;
      return cell && (trial === null || isCount(trial)) ? { type: 'openCell', cell, trial } : undefined;
    }
    case 'save': {
      const { name, encoding, content } = message;
      if (!isFileName(name) || (encoding !== 'utf8' && encoding !== 'base64') || !isContent(content)) return undefined;
      return { type: 'save', name, encoding, content };
    }
    case 'copy':
      return isContent(message.text) ? { type: 'copy', text: message.text } : undefined;
    default:
      return undefined;
  }
}

function readCell(value: unknown): TrialCell | undefined {
  if (!isObject(value)) return undefined;
  const { variant, sampleSize } = value;
  return isCount(variant) && isCount(sampleSize) ? { variant, sampleSize } : undefined;
}

/** More than any page has; what is kept for a file stays small. */
const MOST_ENTRIES = 100;
const LONGEST_NAME = 200;

/** Reads a stored or received view; undefined when it has another shape. */
export function readPanelView(value: unknown): PanelView | undefined {
  if (!isObject(value) || !isObject(value.axes) || !Array.isArray(value.openTables)) return undefined;
  const { axes, openTables, selectedCell } = value;
  if (!openTables.every(isName) || openTables.length > MOST_ENTRIES) return undefined;
  if (selectedCell !== null && !isName(selectedCell)) return undefined;
  const scales = Object.entries(axes).map(([chart, scale]): [string, PanelView['axes'][string] | undefined] => [
    chart,
    readScales(scale),
  ]);
  if (scales.length > MOST_ENTRIES) return undefined;
  if (!scales.every((entry): entry is [string, PanelView['axes'][string]] => entry[1] !== undefined && isName(entry[0])))
    return undefined;
  const windows = readEntries(value.windows, readWindow);
  const hidden = readEntries(value.hidden, readNames);
  const spectrum = readSpectrum(value.spectrum);
  if (windows === null || hidden === null || spectrum === null) return undefined;
  return {
    // Unlike an assignment, this makes `__proto__` an entry like any other.
    axes: Object.fromEntries(scales),
    openTables: [...openTables],
    selectedCell,
    ...(windows ? { windows } : {}),
    ...(hidden ? { hidden } : {}),
    ...(spectrum ? { spectrum } : {}),
  };
}

/** An object with an entry for each chart; undefined where there is none, null where one is malformed. */
function readEntries<T>(value: unknown, read: (entry: unknown) => T | undefined): Record<string, T> | undefined | null {
  if (value === undefined) return undefined;
  if (!isObject(value) || Object.keys(value).length > MOST_ENTRIES) return null;
  const entries: [string, T][] = [];
  for (const [chart, entry] of Object.entries(value)) {
    const known = read(entry);
    if (known === undefined || !isName(chart)) return null;
    entries.push([chart, known]);
  }
  return Object.fromEntries(entries);
}

/** Undefined where nothing was chosen, null where it is malformed. */
function readSpectrum(value: unknown): PanelView['spectrum'] | null {
  if (value === undefined) return undefined;
  if (!isObject(value) || typeof value.allSteps !== 'boolean') return null;
  const { at, allSteps } = value;
  return at === null || at === 'solution' || isCount(at) ? { at, allSteps } : null;
}

function readWindow(value: unknown): { x?: [number, number]; y?: [number, number] } | undefined {
  if (!isObject(value)) return undefined;
  const { x, y } = value;
  if ((x !== undefined && !isRange(x)) || (y !== undefined && !isRange(y))) return undefined;
  return { ...(x ? { x: [x[0], x[1]] } : {}), ...(y ? { y: [y[0], y[1]] } : {}) };
}

function readNames(value: unknown): string[] | undefined {
  return Array.isArray(value) && value.length <= MOST_ENTRIES && value.every(isName) ? [...value] : undefined;
}

function readScales(value: unknown): PanelView['axes'][string] | undefined {
  if (!isObject(value) || !isScale(value.x) || !isScale(value.y)) return undefined;
  return { x: value.x, y: value.y };
}

/** More than any chart has; a page that says more than this is not ours. */
const LONGEST_CONTENT = 2 ** 28;

/** Names of exports alone: no folders, no hidden files, nothing that runs. */
const isFileName = (value: unknown): value is string =>
  isName(value) && /^[a-z0-9][a-z0-9-]*\.(svg|png|csv|json|md|tex)$/.test(value);
const isContent = (value: unknown): value is string => typeof value === 'string' && value.length <= LONGEST_CONTENT;
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;
const isRange = (value: unknown): value is [number, number] =>
  Array.isArray(value) && value.length === 2 && value.every((end) => Number.isFinite(end)) && value[0] < value[1];
const isScale = (value: unknown): value is 'linear' | 'log' => value === 'linear' || value === 'log';
const isName = (value: unknown): value is string => typeof value === 'string' && value.length <= LONGEST_NAME;
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

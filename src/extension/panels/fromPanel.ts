import type { FromPanel, PanelView } from '../../protocol/panel';

/** Reads a message of a panel; undefined for anything that a panel has no business to say. */
export function readFromPanel(message: unknown): FromPanel | undefined {
  if (!isObject(message)) return undefined;
  switch (message.type) {
    case 'ready':
    case 'stop':
    case 'runAgain':
    case 'showLog':
    case 'openReport':
    case 'revealFile':
      return { type: message.type };
    case 'view': {
      const view = readPanelView(message.view);
      return view && { type: 'view', view };
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

/** More than any page has; what is kept for a file stays small. */
const MOST_ENTRIES = 100;
const LONGEST_NAME = 200;

/** Reads a stored or received view; undefined when it has another shape. */
export function readPanelView(value: unknown): PanelView | undefined {
  if (!isObject(value) || !isObject(value.axes) || !Array.isArray(value.openTables)) return undefined;
  const { axes, openTables, selectedCell } = value;
  if (!openTables.every(isName) || openTables.length > MOST_ENTRIES) return undefined;
  if (selectedCell !== null && !isName(selectedCell)) return undefined;
  const scales = Object.entries(axes).map(([chart, scale]) => [chart, readScales(scale)] as const);
  if (scales.length > MOST_ENTRIES) return undefined;
  const read: PanelView['axes'] = {};
  for (const [chart, scale] of scales) {
    if (!scale || !isName(chart)) return undefined;
    read[chart] = scale;
  }
  return { axes: read, openTables: [...openTables], selectedCell };
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
const isScale = (value: unknown): value is 'linear' | 'log' => value === 'linear' || value === 'log';
const isName = (value: unknown): value is string => typeof value === 'string' && value.length <= LONGEST_NAME;
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

import type { PanelView } from '../protocol/panel';

export function emptyView(): PanelView {
  return { axes: {}, openTables: [], selectedCell: null };
}

/** A view from outside (host, stored state) with everything malformed left out. */
export function readView(value: unknown): PanelView {
  const view = emptyView();
  if (!isObject(value)) return view;
  if (isObject(value.axes)) {
    view.axes = entriesOf(value.axes, (scales) =>
      isObject(scales) && isScale(scales.x) && isScale(scales.y) ? { x: scales.x, y: scales.y } : undefined,
    );
  }
  if (Array.isArray(value.openTables)) view.openTables = value.openTables.filter((id) => typeof id === 'string');
  if (isObject(value.windows)) {
    view.windows = entriesOf(value.windows, (window) =>
      isObject(window)
        ? { ...(isRange(window.x) ? { x: window.x } : {}), ...(isRange(window.y) ? { y: window.y } : {}) }
        : undefined,
    );
  }
  if (isObject(value.hidden)) {
    view.hidden = entriesOf(value.hidden, (labels) =>
      Array.isArray(labels) ? labels.filter((label) => typeof label === 'string') : undefined,
    );
  }
  if (typeof value.selectedCell === 'string') view.selectedCell = value.selectedCell;
  if (isObject(value.spectrum)) {
    const { at, allSteps } = value.spectrum;
    if (at === null || at === 'solution' || isStep(at)) view.spectrum = { at, allSteps: allSteps === true };
  }
  return view;
}

/** What can be read of the entries; unlike an assignment, `__proto__` is one like any other. */
function entriesOf<T>(entries: Record<string, unknown>, read: (entry: unknown) => T | undefined): Record<string, T> {
  return Object.fromEntries(
    Object.entries(entries).flatMap(([chart, entry]): [string, T][] => {
      const known = read(entry);
      return known === undefined ? [] : [[chart, known]];
    }),
  );
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isRange(value: unknown): value is [number, number] {
  return Array.isArray(value) && value.length === 2 && value.every(Number.isFinite) && value[0] < value[1];
}

function isStep(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function isScale(value: unknown): value is 'linear' | 'log' {
  return value === 'linear' || value === 'log';
}

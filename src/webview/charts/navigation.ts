import type { Extent } from './extent';
import type { AxisScales } from './model';
import { between, moved, zoomed, type ChartWindow } from './window';

/** Where the plot is on its element, in pixels, and what its axes show. */
export interface Shown {
  left: number;
  top: number;
  width: number;
  height: number;
  x: Extent;
  y: Extent;
  scales: AxisScales;
}

interface NavigationOptions {
  /** Null while nothing is drawn. */
  shown: () => Shown | null;
  /** Null shows everything. */
  change: (window: ChartWindow | null) => void;
  /** A click that was no drag, at a place of the element. */
  pick: (x: number, y: number) => void;
  /** A key that means nothing here; true when it was used. */
  key: (key: string) => boolean;
}

const STEP = 0.15;
const KEY_ZOOM = 0.8;
/** Pixels that a pointer may move in a click. */
const STILL = 4;

/**
 * Zoom and pan by pointer, wheel and keyboard: dragging chooses a box, with Shift it moves; the wheel zooms where the plot has the
 * focus or Ctrl is held, so that a page can be scrolled past a chart; + − arrows and 0 do the same by keyboard.
 */
export function navigate(plot: HTMLElement, box: HTMLElement, { shown, change, pick, key }: NavigationOptions): void {
  let start: { x: number; y: number; pans: boolean; drags: boolean; at: Shown } | null = null;
  const local = ({ clientX, clientY }: MouseEvent) => {
    const { left, top } = plot.getBoundingClientRect();
    return { x: clientX - left, y: clientY - top };
  };
  const zoom = (at: Shown, factor: number, fx = 0.5, fy = 0.5) =>
    change({ x: zoomed(at.x, at.scales.x, fx, factor), y: zoomed(at.y, at.scales.y, fy, factor) });
  const move = (at: Shown, byX: number, byY: number) =>
    change({ x: moved(at.x, at.scales.x, byX), y: moved(at.y, at.scales.y, byY) });
  const end = () => {
    start = null;
    box.hidden = true;
  };

  plot.addEventListener('wheel', (event) => {
    const at = shown();
    if (!at || !(event.ctrlKey || event.metaKey || plot.contains(document.activeElement))) return;
    event.preventDefault();
    const { x, y } = local(event);
    zoom(at, Math.exp(Math.max(-1, Math.min(1, event.deltaY * 0.0015))), (x - at.left) / at.width, 1 - (y - at.top) / at.height);
  });
  plot.addEventListener('pointerdown', (event) => {
    const at = shown();
    if (event.button !== 0 || !at) return;
    plot.setPointerCapture(event.pointerId);
    start = { ...local(event), pans: event.shiftKey, drags: false, at };
  });
  plot.addEventListener('pointermove', (event) => {
    if (!start) return;
    const { x, y } = local(event);
    start.drags ||= Math.hypot(x - start.x, y - start.y) > STILL;
    if (!start.drags) return;
    if (start.pans) move(start.at, (start.x - x) / start.at.width, (y - start.y) / start.at.height);
    else place(box, clamp(start.at, start), clamp(start.at, { x, y }));
  });
  plot.addEventListener('pointerup', (event) => {
    if (!start) return;
    const { at, drags, pans } = start;
    const [from, to] = [clamp(at, start), clamp(at, local(event))];
    end();
    if (!drags) return pick(from.x, from.y);
    if (pans || Math.abs(to.x - from.x) < STILL || Math.abs(to.y - from.y) < STILL) return;
    const [fx, fy] = [(px: number) => (px - at.left) / at.width, (px: number) => 1 - (px - at.top) / at.height];
    change({ x: between(at.x, at.scales.x, fx(from.x), fx(to.x)), y: between(at.y, at.scales.y, fy(from.y), fy(to.y)) });
  });
  plot.addEventListener('pointercancel', end);
  plot.addEventListener('dblclick', () => change(null));
  plot.addEventListener('keydown', (event) => {
    const at = shown();
    if (!at || event.ctrlKey || event.metaKey || event.altKey) return;
    const keys: Record<string, () => void> = {
      '+': () => zoom(at, KEY_ZOOM),
      '=': () => zoom(at, KEY_ZOOM),
      '-': () => zoom(at, 1 / KEY_ZOOM),
      '0': () => change(null),
      ArrowLeft: () => move(at, -STEP, 0),
      ArrowRight: () => move(at, STEP, 0),
      ArrowUp: () => move(at, 0, STEP),
      ArrowDown: () => move(at, 0, -STEP),
    };
    if (key(event.key)) return event.preventDefault();
    const action = keys[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  });
}

interface Place {
  x: number;
  y: number;
}

function clamp({ left, top, width, height }: Shown, { x, y }: Place): Place {
  return { x: Math.min(left + width, Math.max(left, x)), y: Math.min(top + height, Math.max(top, y)) };
}

function place(box: HTMLElement, a: Place, b: Place): void {
  box.hidden = false;
  box.style.left = `${Math.min(a.x, b.x)}px`;
  box.style.top = `${Math.min(a.y, b.y)}px`;
  box.style.width = `${Math.abs(a.x - b.x)}px`;
  box.style.height = `${Math.abs(a.y - b.y)}px`;
}

import { svg } from './dom';

export type IconName = 'check' | 'cross' | 'question' | 'clock' | 'play' | 'stop' | 'warning' | 'dots';

/** Strokes on a 16 × 16 grid. Shape tells the meaning; colour only repeats it. */
const SHAPES: Record<IconName, string[]> = {
  check: ['M8 1.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 1 0 0-13z', 'M5 8.2l2.2 2.2L11.2 6'],
  cross: ['M8 1.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 1 0 0-13z', 'M5.6 5.6l4.8 4.8', 'M10.4 5.6l-4.8 4.8'],
  question: ['M8 1.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 1 0 0-13z', 'M6 6.3a2 2 0 1 1 2.9 1.8c-.7.4-.9.7-.9 1.4', 'M8 11.4v.5'],
  clock: ['M8 1.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 1 0 0-13z', 'M8 4.5V8l2.5 1.8'],
  play: ['M8 1.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 1 0 0-13z', 'M6.6 5.4v5.2L10.8 8z'],
  stop: ['M8 1.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 1 0 0-13z', 'M5.8 5.8h4.4v4.4H5.8z'],
  warning: ['M8 2L14.6 13.6H1.4z', 'M8 6.4v3.4', 'M8 11.4v.5'],
  dots: ['M8 1.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 1 0 0-13z', 'M5 8h.1', 'M8 8h.1', 'M11 8h.1'],
};

/** A decorative icon: the words beside it say the same. */
export function icon(name: IconName): SVGElement {
  const paths = SHAPES[name].map((d) => svg('path', { d }));
  return svg('svg', { class: `icon icon-${name}`, viewBox: '0 0 16 16', 'aria-hidden': 'true', focusable: 'false' }, ...paths);
}

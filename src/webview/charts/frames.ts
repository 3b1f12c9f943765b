import type { FigureFrame, ResultFigure } from '../../protocol/figure';
import type { TrialCell } from '../../protocol/trials';
import * as strings from '../strings';

/** What a frame is known by: its cell, whose name may change while a run goes on, else its name. */
export function frameKey({ name, cell }: FigureFrame): string {
  return cell ? cellKey(cell) : name;
}

export function cellKey({ variant, sampleSize }: TrialCell): string {
  return `${variant}/${sampleSize}`;
}

const pictures = new WeakMap<FigureFrame, { figure: ResultFigure; picture: ResultFigure }>();

/** The frame that is chosen, else the last; undefined of figures without frames. */
export function chosenFrame({ frames }: ResultFigure, chosen: string | undefined): FigureFrame | undefined {
  return frames?.frames.find((frame) => frameKey(frame) === chosen) ?? frames?.frames.at(-1);
}

/** A figure with one of its frames, as a figure like any other; the same object for the same frame. */
export function framed(figure: ResultFigure, chosen: string | undefined): ResultFigure {
  const frame = chosenFrame(figure, chosen);
  if (!frame) return figure;
  const known = pictures.get(frame);
  if (known?.figure === figure) return known.picture;
  const picture = {
    ...figure,
    caption: strings.figures.ofFrame(frame.name, figure.caption),
    layers: [...frame.layers, ...figure.layers],
  };
  pictures.set(frame, { figure, picture });
  return picture;
}

/** A picture as shapes, in points from its top left corner. What draws it (SVG, a canvas) adds nothing. */
export interface Scene {
  width: number;
  height: number;
  title: string;
  /** What the picture shows and where it comes from. */
  description: string;
  groups: Group[];
}

/** Shapes that belong together, for who edits the picture later. */
export interface Group {
  name: string;
  /** Nothing is drawn outside of it. */
  clip?: Box;
  shapes: Shape[];
}

export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

export type Point = [x: number, y: number];

export type Shape =
  | { kind: 'lines'; lines: Point[][]; stroke: string; width: number; dash?: number[]; opacity?: number }
  | { kind: 'polygon'; corners: Point[]; fill: string; stroke: string; width: number }
  | { kind: 'circle'; at: Point; radius: number; fill: string | null; stroke: string; width: number }
  | ({ kind: 'box'; fill: string | null; stroke: string | null } & Box)
  | { kind: 'text'; at: Point; text: string; size: number; colour: string; anchor: 'start' | 'middle' | 'end'; upward?: boolean };

/** A straight line. */
export function stroke(from: Point, to: Point, colour: string, width: number, dash?: number[]): Shape {
  return { kind: 'lines', lines: [[from, to]], stroke: colour, width, ...(dash ? { dash } : {}) };
}

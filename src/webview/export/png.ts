import type { Point, Scene, Shape } from './scene';
import { FONT, FONT_FAMILY, textRuns, type TextRun } from './text';

/** Pixels for each point: 300 to the inch. */
const SCALE = 300 / 72;

/** A scene as a PNG on white ground, drawn with the same shapes as its SVG. */
export async function scenePng(scene: Scene): Promise<Blob> {
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(scene.width * SCALE);
  canvas.height = Math.round(scene.height * SCALE);
  const context = canvas.getContext('2d');
  if (!context) throw new Error('no canvas');
  context.scale(SCALE, SCALE);
  context.fillStyle = '#ffffff';
  context.fillRect(0, 0, scene.width, scene.height);
  for (const { clip, shapes } of scene.groups) {
    context.save();
    if (clip) {
      context.beginPath();
      context.rect(clip.left, clip.top, clip.width, clip.height);
      context.clip();
    }
    for (const shape of shapes) draw(context, shape);
    context.restore();
  }
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('no picture'))), 'image/png');
  });
}

function draw(context: CanvasRenderingContext2D, shape: Shape): void {
  context.save();
  context.beginPath();
  switch (shape.kind) {
    case 'lines':
      context.strokeStyle = shape.stroke;
      context.lineWidth = shape.width;
      context.lineJoin = 'round';
      context.globalAlpha = shape.opacity ?? 1;
      context.setLineDash(shape.dash ?? []);
      for (const line of shape.lines) trace(context, line);
      context.stroke();
      break;
    case 'polygon':
      trace(context, shape.corners);
      context.fillStyle = shape.fill;
      context.fill();
      break;
    case 'circle':
      context.arc(shape.at[0], shape.at[1], shape.radius, 0, 2 * Math.PI);
      if (shape.fill !== null) {
        context.fillStyle = shape.fill;
        context.fill();
      }
      if (shape.width > 0) {
        context.strokeStyle = shape.stroke;
        context.lineWidth = shape.width;
        context.stroke();
      }
      break;
    case 'box':
      context.rect(shape.left, shape.top, shape.width, shape.height);
      if (shape.fill !== null) {
        context.fillStyle = shape.fill;
        context.fill();
      }
      if (shape.stroke !== null) {
        context.strokeStyle = shape.stroke;
        context.lineWidth = 0.6;
        context.stroke();
      }
      break;
    case 'text':
      drawText(context, shape);
      break;
  }
  context.restore();
}

function trace(context: CanvasRenderingContext2D, line: readonly Point[]): void {
  line.forEach(([x, y], i) => (i === 0 ? context.moveTo(x, y) : context.lineTo(x, y)));
}

function drawText(context: CanvasRenderingContext2D, shape: Extract<Shape, { kind: 'text' }>): void {
  const font = ({ place }: TextRun) => `${place === 'line' ? shape.size : FONT.script}px ${FONT_FAMILY}`;
  const runs = textRuns(shape.text).map((run) => {
    context.font = font(run);
    return { run, width: context.measureText(run.text).width };
  });
  const width = runs.reduce((sum, each) => sum + each.width, 0);
  context.translate(...shape.at);
  if (shape.upward) context.rotate(-Math.PI / 2);
  context.fillStyle = shape.colour;
  let x = shape.anchor === 'start' ? 0 : shape.anchor === 'middle' ? -width / 2 : -width;
  for (const { run, width: advance } of runs) {
    context.font = font(run);
    context.fillText(run.text, x, run.place === 'above' ? -3.4 : run.place === 'below' ? 2 : 0);
    x += advance;
  }
}

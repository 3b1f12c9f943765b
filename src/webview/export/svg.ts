import { slug } from './origin';
import type { Group, Point, Scene, Shape } from './scene';
import { FONT, FONT_FAMILY, textRuns } from './text';

/** A scene as an SVG document of its own: vectors and text, no script, no style sheet, nothing from elsewhere. */
export function sceneSvg({ width, height, title, description, groups }: Scene): string {
  // Pages that hold several pictures share the names of their parts.
  const clipId = (index: number) => `clip-${slug(title)}-${index}`;
  const clips = groups.map(({ clip }, i) =>
    clip
      ? `<clipPath id="${clipId(i)}"><rect${attributes({ x: clip.left, y: clip.top, width: clip.width, height: clip.height })}/></clipPath>`
      : '',
  );
  return [
    `<?xml version="1.0" encoding="UTF-8"?>`,
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}pt" height="${height}pt" viewBox="0 0 ${width} ${height}" role="img" font-family="${escape(FONT_FAMILY)}">`,
    `<title>${escape(title)}</title>`,
    `<desc>${escape(description)}</desc>`,
    `<defs>${clips.join('')}</defs>`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    ...groups.map((group, i) => groupSvg(group, clipId(i))),
    `</svg>\n`,
  ].join('\n');
}

function groupSvg({ name, clip, shapes }: Group, clipId: string): string {
  const attribute = clip ? ` clip-path="url(#${clipId})"` : '';
  return [`<g aria-label="${escape(name)}"${attribute}>`, ...shapes.map(shapeSvg), '</g>'].join('\n');
}

function shapeSvg(shape: Shape): string {
  switch (shape.kind) {
    case 'lines': {
      const dash = shape.dash ? { 'stroke-dasharray': shape.dash.join(' ') } : {};
      const opacity = shape.opacity === undefined ? {} : { 'stroke-opacity': shape.opacity };
      const style = {
        fill: 'none',
        stroke: shape.stroke,
        'stroke-width': shape.width,
        'stroke-linejoin': 'round',
        ...dash,
        ...opacity,
      };
      return `<path d="${shape.lines.map(pathData).join('')}"${attributes(style)}/>`;
    }
    case 'polygon': {
      const points = shape.corners.map((corner) => corner.map(number).join(',')).join(' ');
      return `<polygon points="${points}"${attributes({ fill: shape.fill })}/>`;
    }
    case 'circle': {
      const outline = shape.width > 0 ? { stroke: shape.stroke, 'stroke-width': shape.width } : {};
      return `<circle${attributes({ cx: shape.at[0], cy: shape.at[1], r: shape.radius, fill: shape.fill ?? 'none', ...outline })}/>`;
    }
    case 'box': {
      const outline = shape.stroke === null ? {} : { stroke: shape.stroke, 'stroke-width': 0.6 };
      const { left: x, top: y, width, height, fill } = shape;
      return `<rect${attributes({ x, y, width, height, fill: fill ?? 'none', ...outline })}/>`;
    }
    case 'text': {
      const [x, y] = shape.at;
      const turn = shape.upward ? { transform: `rotate(-90 ${number(x)} ${number(y)})` } : {};
      const style = { x, y, 'font-size': shape.size, fill: shape.colour, 'text-anchor': shape.anchor, ...turn };
      return `<text${attributes(style)}>${runsSvg(shape.text)}</text>`;
    }
  }
}

/** Raised and lowered digits as spans that are moved and moved back. */
function runsSvg(text: string): string {
  let height = 0;
  return textRuns(text)
    .map((run) => {
      const target = run.place === 'above' ? -3.4 : run.place === 'below' ? 2 : 0;
      const dy = target - height;
      height = target;
      if (run.place === 'line' && dy === 0) return escape(run.text);
      const size = run.place === 'line' ? {} : { 'font-size': FONT.script };
      return `<tspan${attributes({ dy, ...size })}>${escape(run.text)}</tspan>`;
    })
    .join('');
}

function pathData(line: Point[]): string {
  // A single point of a line would not be drawn: a line to itself with round ends would, but says nothing.
  return line.map(([x, y], i) => `${i === 0 ? 'M' : 'L'}${number(x)} ${number(y)}`).join('');
}

function attributes(values: Record<string, string | number | undefined>): string {
  return Object.entries(values)
    .filter((entry): entry is [string, string | number] => entry[1] !== undefined)
    .map(([name, value]) => ` ${name}="${typeof value === 'number' ? number(value) : escape(value)}"`)
    .join('');
}

/** A hundredth of a point is finer than any printer. */
function number(value: number): string {
  return String(Math.round(value * 100) / 100);
}

/** Text as XML: markup becomes text, and what XML cannot hold at all is left out. */
function escape(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

// The files of the gallery: what each says about itself in its first comment and in its head.
import { parse } from 'jsonc-parser';
import fs from 'node:fs';
import path from 'node:path';
import { root } from '../install.mjs';

export const folder = path.join(root, 'examples');
const SUFFIX = '.recovery.json';

/** Papers by arXiv number, in the order of their results; an example belongs to the first of them that it names. */
export const PAPERS = new Map([
  ['2211.11623', 'Linear Stability Hypothesis and Rank Stratification'],
  ['2307.08921', 'Optimistic Estimate Uncovers the Potential of Nonlinear Models'],
  ['2406.18035', 'Local Linear Recovery'],
  ['2309.00508', 'Geometry and Local Recovery of Global Minima'],
  ['2405.13787', 'Disentangle Sample Size and Initialization Effect'],
  ['2410.03693', 'Linear Independence of Generalized Neurons'],
  ['2505.13582', 'Sample-independent Critical Lifting'],
  ['2201.12198', 'Limitation of Characterizing Implicit Regularization by Data-independent Functions'],
  ['1911.07626', 'Convex Formulation of Overparameterized Deep Neural Networks'],
]);

/** All examples, or those named (with or without folder and suffix), in the order of their names. */
export function readExamples(names = []) {
  const all = fs
    .readdirSync(folder)
    .filter((file) => file.endsWith(SUFFIX))
    .map((file) => file.slice(0, -SUFFIX.length))
    .sort();
  const wanted = names.map((name) => path.basename(name, SUFFIX));
  const unknown = wanted.filter((name) => !all.includes(name));
  if (unknown.length > 0) throw new Error(`There is no example ${unknown.join(', ')} in examples/.`);
  return (wanted.length > 0 ? all.filter((name) => wanted.includes(name)) : all).map(readExample);
}

function readExample(name) {
  const file = name + SUFFIX;
  const text = fs.readFileSync(path.join(folder, file), 'utf8');
  const { experiment: kind, title, expect = {} } = parse(text);
  const comment = [];
  for (const line of text.split('\n')) {
    if (!line.startsWith('//')) break;
    comment.push(line.slice(2).trim());
  }
  const paper = [...PAPERS.keys()].find((number) => comment.join(' ').includes(`arXiv ${number}`));
  return { name, file, kind, title: title ?? name, expect, comment: comment.join('\n'), paper };
}

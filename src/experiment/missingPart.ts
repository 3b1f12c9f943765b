import { findNodeAtLocation, parse, parseTree } from 'jsonc-parser';
import { withProperty } from './edits';
import { ExperimentSchema, isExperimentKind } from './kinds';
import { parseExperiment } from './parse';
import { formatPath, type JsonPath, type Problem } from './problem';
import { exampleOf, schemaAt } from './schemaAt';
import { blocksNamed, templatePart } from './templates/blocks';
import { discriminatorOf, variantNames } from './variant';

/** Values that are tried for a missing part; each means reading the file once more. */
const MOST_TRIED = 16;

/** A value for a missing property that leaves as few problems as possible. */
export interface MissingPart {
  path: JsonPath;
  value: unknown;
}

/**
 * What a problem says is missing, as values that fit the rest of the file: for a model or target those of the first kind that
 * leaves nothing wrong, for the name of a kind every one that does, else what the template of the kind has in this place.
 */
export function missingParts(text: string, problem: Problem): MissingPart[] {
  const { path } = problem;
  if (path.length === 0 || isThere(text, path)) return [];
  const candidates = candidatesFor(text, path).slice(0, MOST_TRIED);
  const tried = candidates.map((value) => ({ path, value, wrong: errorsWith(text, path, value) }));
  const least = Math.min(...tried.map(({ wrong }) => wrong));
  const best = tried.filter(({ wrong }) => wrong === least);
  return (isNameOfKind(text, path) ? best : best.slice(0, 1)).map(({ value }) => ({ path, value }));
}

function isThere(text: string, path: JsonPath): boolean {
  const root = parseTree(text, [], { allowTrailingComma: true });
  return root !== undefined && findNodeAtLocation(root, [...path]) !== undefined;
}

function candidatesFor(text: string, path: JsonPath): unknown[] {
  const root: unknown = parse(text, [], { allowTrailingComma: true });
  const names = kindNames(root, path);
  if (names) return names;
  const kind = (root as { experiment?: unknown } | undefined)?.experiment;
  const fromTemplate = isExperimentKind(kind) ? templatePart(kind, path) : undefined;
  const schema = schemaAt(ExperimentSchema, root, path);
  const blocks = path.length === 1 ? blocksNamed(String(path[0])) : [];
  return [
    ...(fromTemplate === undefined ? [] : [fromTemplate]),
    ...blocks,
    ...(schema && blocks.length === 0 ? [exampleOf(schema)] : []),
  ];
}

/** Names that a missing discriminator may have. */
function kindNames(root: unknown, path: JsonPath): string[] | undefined {
  const holder = schemaAt(ExperimentSchema, root, path.slice(0, -1));
  const discriminator = holder && discriminatorOf(holder);
  return holder && discriminator === path.at(-1) ? variantNames(holder, String(discriminator)) : undefined;
}

function isNameOfKind(text: string, path: JsonPath): boolean {
  return kindNames(parse(text, [], { allowTrailingComma: true }), path) !== undefined;
}

/** Errors of the file with the value in it; those at the value itself count most. */
function errorsWith(text: string, path: JsonPath, value: unknown): number {
  const at = formatPath(path);
  return parseExperiment(withProperty(text, path, value))
    .problems.filter(({ severity }) => severity === 'error')
    .reduce((sum, problem) => sum + (formatPath(problem.path).startsWith(at) ? 100 : 1), 0);
}

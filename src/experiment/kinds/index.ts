import { Type, type TObject } from '@sinclair/typebox';
import type { Report } from '../checks/check';
import { checkPublished } from '../checks/published';
import type { Finding } from '../finding';
import { PROBLEM_LIMIT } from '../syntax';
import { geometryKind } from './geometry';
import type { ExperimentKind, ResolvedHead } from './kind';
import { independenceKind } from './independence';
import { overlapKind } from './overlap';
import { liftingKind } from './lifting';
import { rankKind } from './rank';
import { recoveryKind } from './recovery';
import { repopulationKind } from './repopulation';

/** Every kind of experiment, by the name that stands in its files. */
const KINDS = {
  recovery: recoveryKind,
  rank: rankKind,
  geometry: geometryKind,
  independence: independenceKind,
  overlap: overlapKind,
  lifting: liftingKind,
  repopulation: repopulationKind,
};

export type ExperimentKindName = keyof typeof KINDS;

export function isExperimentKind(name: unknown): name is ExperimentKindName {
  return typeof name === 'string' && Object.hasOwn(KINDS, name);
}

type ResolvedByKind = {
  [K in ExperimentKindName]: (typeof KINDS)[K] extends ExperimentKind<never, infer Resolved> ? Resolved : never;
};

/** An experiment of one kind with every default filled in and every range written out. */
export type ExperimentOf<K extends ExperimentKindName> = ResolvedByKind[K];

/** An experiment as written in a file: optional properties may be absent. */
export type ExperimentFile = {
  [K in ExperimentKindName]: (typeof KINDS)[K] extends ExperimentKind<infer File, ResolvedHead> ? File : never;
}[ExperimentKindName];

/** The one source of the file format: the types, the validator and the JSON schema all come from here. */
export const ExperimentSchema = Type.Union(
  Object.values(KINDS).map((kind): TObject => kind.schema),
  {
    $id: 'recovery-experiment',
    title: 'Recovery Lab experiment',
    description: 'An experiment on when a nonlinear model recovers its target function.',
    discriminator: { propertyName: 'experiment' },
  },
);

/** A kind without its own types: a file of a kind only ever meets that kind. */
type AnyKind = ExperimentKind<ExperimentFile, ExperimentOf<ExperimentKindName>>;

function kindOf(file: ExperimentFile): AnyKind {
  return KINDS[file.experiment] as unknown as AnyKind;
}

/** All that is wrong with a file that is right by the schema. */
export function checkMeaning(file: ExperimentFile): Finding[] {
  const findings: Finding[] = [];
  const report: Report = (code, path, message, options) => {
    if (findings.length < PROBLEM_LIMIT) findings.push({ code, path, message, ...options });
  };
  kindOf(file).check(file, report);
  checkPublished(file, report);
  return findings;
}

/** Fills in every default and lists the sample sizes, ascending. The file has passed every check. */
export function resolveExperiment(file: ExperimentFile): ExperimentOf<ExperimentKindName> {
  return kindOf(file).resolve(file);
}

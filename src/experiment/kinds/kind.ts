import type { TObject } from '@sinclair/typebox';
import type { Report } from '../checks/check';

/** What the file format knows of one kind of experiment. */
export interface ExperimentKind<File, Resolved extends ResolvedHead> {
  readonly schema: TObject;
  /** Tells what is wrong with a file that is right by the schema. Allocates nothing that grows with the sizes in it. */
  check(file: File, report: Report): void;
  /** Fills in every default. The file has passed the check. */
  resolve(file: File): Resolved;
}

/** What every resolved experiment has. */
export interface ResolvedHead {
  experiment: string;
  title: string;
  description: string;
  /** What should come out; no part of the experiment's hash. */
  expect: object;
}

/** Title and description of a file, with their defaults. */
export function headOf(file: { title?: string; description?: string }): { title: string; description: string } {
  return { title: file.title ?? '', description: file.description ?? '' };
}

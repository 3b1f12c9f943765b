import type { TObject } from '@sinclair/typebox';
import type { Report } from '../checks/check';
import type { PublishedConfig } from '../schema';

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
  /** Published numbers to compare with; no part of it either. */
  published?: PublishedConfig[];
}

/** Title and description of a file, with their defaults, and what was published. */
export function headOf({ title = '', description = '', published }: FileHead): Required<Omit<FileHead, 'published'>> & FileHead {
  return { title, description, ...(published ? { published } : {}) };
}

interface FileHead {
  title?: string;
  description?: string;
  published?: PublishedConfig[];
}

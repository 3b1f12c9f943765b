import type { Finding } from '../finding';
import type { JsonPath } from '../problem';
import type { ExperimentFile } from '../schema';

/** Something that a schema cannot say. It sees a file that is right by the schema. */
export type Check = (file: ExperimentFile, report: Report) => void;

export type Report = (
  code: string,
  path: JsonPath,
  message: string,
  options?: Pick<Finding, 'at' | 'span' | 'severity' | 'suggestion'>,
) => void;

import type { Finding } from '../finding';
import type { JsonPath } from '../problem';
import type { Static } from '@sinclair/typebox';
import type { InputsSchema, ModelConfig, ModelExperimentFile, SampleSizesConfig, TargetConfig } from '../schema';

/** Something that a schema cannot say. It sees a file that is right by the schema. */
export type Check<File = ModelExperimentFile> = (file: File, report: Report) => void;

/** The part of a file that a check of its model sees; experiments of every kind that have one can use it. */
export interface WithModel {
  model: ModelConfig;
}

export interface WithTarget extends WithModel {
  target: TargetConfig;
}

/** The part of a file that checks of its inputs see. */
export interface WithData extends WithModel {
  experiment: string;
  data?: { sampleSizes?: SampleSizesConfig; inputs?: Static<typeof InputsSchema> };
  analysis?: object;
}

export type Report = (
  code: string,
  path: JsonPath,
  message: string,
  options?: Pick<Finding, 'at' | 'span' | 'severity' | 'suggestion'>,
) => void;

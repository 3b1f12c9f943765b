import type { Check } from './check';

/** What is to be certified is measured. */
export const checkAnalysis: Check = (file, report) => {
  if (file.experiment !== 'recovery' || file.analysis?.rank !== false || file.analysis.certify !== 'always') return;
  const message =
    '"certify" asks for proofs of ranks, but ranks are not taken: "rank" is false in "analysis". Set it to true, or leave "certify" out.';
  report('nothing-to-certify', ['analysis', 'certify'], message);
};

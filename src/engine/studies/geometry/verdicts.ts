import { median } from 'd3-array';
import type { ResolvedGeometryExperiment } from '../../../experiment/kinds/geometry';
import type { JsonPath } from '../../../experiment/problem';
import type { ExpectedNumber } from '../../../experiment/schema/expectation';
import type { BranchExpectationConfig } from '../../../experiment/schema/geometry';
import type { BranchResult, GeometryResults } from '../../../protocol/results/geometry';
import type { Prediction, Verdict } from '../../../protocol/events';
import { typeName } from '../../theory/branches';
import { judgeFlag, judgeNumber, judgeText, type Measured } from '../verdicts/expected';

const NUMBERS = ['dimension', 'codimension', 'rank', 'deficient', 'threshold'] as const;
const THRESHOLDS = ['optimistic', 'firstSeparated', 'lastSeparated', 'parameters', 'everything'] as const;

/** One verdict for every expectation of a geometry experiment. */
export function judgeGeometry(
  experiment: ResolvedGeometryExperiment,
  results: GeometryResults,
  prediction: Prediction,
): Verdict[] {
  const { expect } = experiment;
  const verdicts: Verdict[] = [];
  const { formula, source } = prediction;
  const number = (path: JsonPath, expected: ExpectedNumber | undefined, measured: Measured<number>): void => {
    if (expected !== undefined) verdicts.push(judgeNumber(path, expected, measured));
  };
  const incomplete = results.complete ? undefined : 'The activation allows further branches that are not listed.';
  number(['totalBranches'], expect.totalBranches, { value: Number(results.totalBranches), doubt: incomplete, reasons: [source] });
  number(['types'], expect.types, { value: results.branches.length, doubt: incomplete });
  if (expect.ranksAgree !== undefined) verdicts.push(judgeRanks(expect.ranksAgree, results));
  for (const name of THRESHOLDS)
    number(['thresholds', name], expect.thresholds?.[name], { value: results.thresholds[name], reasons: [formula] });
  expect.branches?.forEach((branch, i) => verdicts.push(...judgeBranch(['branches', i], branch, results)));
  expect.separation?.forEach((expected, i) => {
    const path: JsonPath = ['separation', i];
    const name = nameOf(expected);
    const test = results.separation.find((each) => each.branch === name && each.sampleSize === expected.sampleSize);
    const doubt = test ? undefined : `The separation test has no branch ${name} at n = ${expected.sampleSize}.`;
    if (expected.state !== undefined) {
      const open = test?.state === 'inconclusive' ? 'The errors follow no order of ε, or too few fits came to an end.' : doubt;
      verdicts.push(judgeText([...path, 'state'], expected.state, { value: test?.state ?? null, doubt: open }));
    }
    number([...path, 'order'], expected.order, {
      value: test?.order ?? null,
      doubt: doubt ?? ((test?.order ?? null) === null ? 'The errors are rounding.' : undefined),
    });
    number([...path, 'error'], expected.error, { value: test?.epsilons[0]?.median ?? null, doubt });
    number([...path, 'smallestError'], expected.smallestError, { value: test?.epsilons.at(-1)?.median ?? null, doubt });
  });
  expect.separatedFraction?.forEach(({ point, sampleSize, fraction }, i) => {
    const found = results.points.find(({ name }) => name === point)?.fractions.find((each) => each.sampleSize === sampleSize);
    const reasons = found ? [`${found.sampleSets} sample sets, of which ${found.undecided} had fits that came to no end.`] : [];
    number(['separatedFraction', i, 'fraction'], fraction, {
      value: found?.separated ?? null,
      doubt: found ? undefined : `There is no fraction of "${point}" at n = ${sampleSize}.`,
      reasons,
    });
  });
  expect.imbalance?.forEach((expected, i) => {
    const found = results.imbalance.find(({ sampleSize }) => sampleSize === expected.sampleSize);
    const doubt = found ? undefined : `No flow was followed at n = ${expected.sampleSize}.`;
    const reasons = found ? [`${found.flows} flows.`] : [];
    for (const name of ['recoveredFraction', 'recoveredBetween', 'dataSetsBetween', 'condensedAbove'] as const) {
      const value = found?.[name] ?? null;
      number(['imbalance', i, name], expected[name], {
        value,
        doubt: doubt ?? (value === null ? 'No flow tells it.' : undefined),
        reasons,
      });
    }
    expected.scales?.forEach(({ scale, medianError }, j) => {
      const value = found?.scales.find((each) => each.scale === scale)?.medianError ?? null;
      const open = doubt ?? (value === null ? `No flow began at the scale ${scale}.` : undefined);
      number(['imbalance', i, 'scales', j, 'medianError'], medianError, { value, doubt: open, reasons });
    });
    if (expected.recoveredAtEnds !== undefined)
      verdicts.push(
        judgeFlag(['imbalance', i, 'recoveredAtEnds'], expected.recoveredAtEnds, {
          value: found?.recoveredAtEnds ?? null,
          doubt,
          reasons,
        }),
      );
  });
  return verdicts;
}

/** One rank that clearly differs decides; else all must be clear. */
function judgeRanks(expected: boolean, { branches }: GeometryResults): Verdict {
  const clear = branches.filter(({ numericConclusive }) => numericConclusive);
  const wrong = clear.find(({ numericRank, rank }) => numericRank !== rank);
  const open = branches.length - clear.length;
  const reasons = wrong
    ? [`At ${wrong.name} the measured rank is ${wrong.numericRank}, the formula says ${wrong.rank}.`]
    : [`${clear.length} ranks.`];
  const doubt = !wrong && open > 0 ? `${open} of ${branches.length} ranks are not conclusive.` : undefined;
  return judgeFlag('ranksAgree', expected, { value: !wrong, doubt, reasons });
}

function judgeBranch(path: JsonPath, expected: BranchExpectationConfig, results: GeometryResults): Verdict[] {
  const name = nameOf(expected);
  const branch = results.branches.find((each) => each.name === name);
  const doubt = branch ? undefined : `There is no branch ${name}.`;
  const verdicts: Verdict[] = [];
  const number = (
    key: keyof BranchExpectationConfig,
    wanted: ExpectedNumber | undefined,
    value: number | null | undefined,
    open?: string,
  ): void => {
    if (wanted !== undefined)
      verdicts.push(
        judgeNumber([...path, key], wanted, { value: value ?? null, doubt: doubt ?? open, reasons: [`Branch ${name}.`] }),
      );
  };
  number('count', expected.count, branch && Number(branch.count));
  for (const key of NUMBERS) number(key, expected[key], branch?.[key]);
  if (expected.morseBott !== undefined)
    verdicts.push(
      judgeFlag([...path, 'morseBott'], expected.morseBott, {
        value: branch?.morseBott ?? null,
        doubt,
        reasons: [`Branch ${name}.`],
      }),
    );
  number('numericRank', expected.numericRank, branch?.numericRank, rankDoubt(branch));
  number(
    'separatedFrom',
    expected.separatedFrom,
    branch?.separatedFrom,
    (branch?.separatedFrom ?? null) === null ? 'The test found it separated at no end of the sample sizes.' : undefined,
  );
  const flows = results.decay.filter((flow) => flow.branch === name);
  if (expected.decay !== undefined) {
    const kinds = new Set(flows.map(({ kind }) => kind));
    const [kind] = kinds.size === 1 ? kinds : [null];
    const open =
      kind === null
        ? `The flows decay differently: ${flows.map((flow) => flow.kind).join(', ')}.`
        : kind === 'inconclusive'
          ? 'No flow shows a rate.'
          : undefined;
    verdicts.push(
      judgeText([...path, 'decay'], expected.decay, { value: kind, doubt: doubt ?? open, reasons: [`${flows.length} flows.`] }),
    );
  }
  number(
    'exponent',
    expected.exponent,
    median(flows, ({ exponent }) => exponent ?? undefined),
    flows.some(({ exponent }) => exponent !== null) ? undefined : 'No flow decays algebraically.',
  );
  return verdicts;
}

function rankDoubt(branch: BranchResult | undefined): string | undefined {
  if (!branch || branch.numericConclusive) return undefined;
  return branch.numericRank === undefined ? 'The rank was not taken.' : 'The singular values leave the rank open.';
}

function nameOf({
  targetBlocks,
  extraBlocks = [],
  zeroBlock = 0,
}: {
  targetBlocks: number[];
  extraBlocks?: number[];
  zeroBlock?: number;
}): string {
  return typeName({ targetBlocks, extraBlocks: [...extraBlocks].sort((a, b) => b - a), zeroBlock });
}

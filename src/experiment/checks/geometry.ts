import type { JsonPath } from '../problem';
import { LIMITS, type TwoLayerConfig } from '../schema';
import type { GeometryExperimentFile } from '../schema/geometry';
import { hasSampleSize, parameterCountOf } from '../sizes';
import { counted } from '../words';
import type { Report } from './check';
import { checkInputs } from './inputs';
import { checkModel } from './model';
import { checkSampleSizes } from './sampleSizes';
import { checkTarget } from './target';

/** Largest widths and dimensions for which points of branches are looked at one by one. */
const MOST_PARAMETERS = 2000;

/** A geometry experiment is about a two-layer network, and asks for nothing that it does not measure. */
export function checkGeometry(file: GeometryExperimentFile, report: Report): void {
  const { model } = file;
  if (model.kind !== 'twoLayer') {
    const message = `A geometry experiment is about the branches of a two-layer network, and this model is of kind "${model.kind}". Use "kind": "twoLayer".`;
    report('geometry-model', ['model', 'kind'], message);
    return;
  }
  checkModel(file, report);
  checkTarget(file, report);
  checkInputs(file, report);
  checkSampleSizes(file, report);
  checkParameters(file, model, report);
  checkPoints(file, report);
  checkAnalysis(file, report);
  checkImbalance(file, model, report);
  checkExpectations(file, report);
}

function checkParameters(file: GeometryExperimentFile, model: TwoLayerConfig, report: Report): void {
  const parameters = parameterCountOf(model);
  const measures = file.analysis?.ranks !== false || file.analysis.separation || file.analysis.decay || file.imbalance;
  const most = measures ? MOST_PARAMETERS : LIMITS.parameters;
  if (parameters <= most) return;
  const advice = measures ? ' Set "ranks": false in "analysis" to have the numbers of the theory alone.' : '';
  const message = `The model would have ${parameters} parameters. The most is ${most} where points of branches are measured.${advice}`;
  report('too-many-parameters', ['model', 'width'], message);
}

function checkPoints({ model, points }: GeometryExperimentFile, report: Report): void {
  const needed = parameterCountOf(model);
  const names = new Set<string>();
  points?.forEach(({ name, parameters }, index) => {
    const path: JsonPath = ['points', index];
    if (parameters.length !== needed) {
      const message = `The point has ${counted(parameters.length, 'parameter')}, but the model has ${needed}.`;
      report('point-shape', [...path, 'parameters'], message);
    }
    const called = name ?? `point ${index + 1}`;
    if (names.has(called)) report('duplicate-name', [...path, 'name'], `Two points are called "${called}".`);
    names.add(called);
  });
}

function checkAnalysis({ analysis, points }: GeometryExperimentFile, report: Report): void {
  const epsilons = analysis?.separation?.epsilons;
  const place = epsilons?.findIndex((value, i) => i > 0 && value >= epsilons[i - 1]) ?? -1;
  if (place > 0) {
    const message = 'Epsilons come in descending order, each once: the order of the error is taken from the first and the last.';
    report('epsilon-order', ['analysis', 'separation', 'epsilons', place], message);
  }
  if (analysis?.separatedFraction && !points?.length) {
    const message = 'The fraction of sample sets is taken at given points, and there are none: list them as "points".';
    report('no-points', ['analysis', 'separatedFraction'], message, { at: 'key' });
  }
}

/** Small neurons grow along γ only where σ(0) = 0 and σ′(0) ≠ 0. */
function checkImbalance({ imbalance }: GeometryExperimentFile, model: TwoLayerConfig, report: Report): void {
  if (!imbalance) return;
  const path: JsonPath = ['imbalance'];
  const activation = model.activation ?? 'tanh';
  if (activation !== 'tanh' && activation !== 'sin') {
    const message = 'Small starts grow along γ only where σ(0) = 0 and σ′(0) ≠ 0: use the activation "tanh" or "sin".';
    report('imbalance-activation', path, message, { at: 'key' });
  }
  if (model.outputBias) {
    report('imbalance-output-bias', path, 'The theory of small starts has no output bias; set "outputBias" to false.', {
      at: 'key',
    });
  }
  if (imbalance.ratios && imbalance.randomStarts !== undefined) {
    report('imbalance-starts', [...path, 'ratios'], 'Starts are chosen by "ratios" or drawn by "randomStarts", not both.', {
      at: 'key',
    });
  }
  if (model.width !== 2 && imbalance.randomStarts === undefined) {
    const message = `Ratios are those of two neurons, and the model has ${model.width}. Use "width": 2, or "randomStarts".`;
    report('imbalance-width', path, message, { at: 'key' });
  }
}

/** Every expectation is about something that the file asks for, at a sample size that is run. */
function checkExpectations(file: GeometryExperimentFile, report: Report): void {
  const { analysis, imbalance, expect, data, points } = file;
  const needs = (name: string, path: JsonPath, asked: unknown, where: string): void => {
    if (asked) return;
    const message = `"${name}" is expected, but it is not measured: "${where}" is not asked for.`;
    report('expectation-not-analysed', path, message, { at: 'key' });
  };
  const inGrid = (size: number, path: JsonPath): void => {
    if (data?.sampleSizes === undefined || hasSampleSize(data.sampleSizes, size)) return;
    const message = `The sample size ${size} is not run: it is not among "sampleSizes" in "data".`;
    report('expectation-outside-grid', [...path, 'sampleSize'], message);
  };
  if (expect?.ranksAgree !== undefined) needs('ranksAgree', ['expect', 'ranksAgree'], analysis?.ranks !== false, 'ranks');
  expect?.branches?.forEach((branch, i) => {
    const path: JsonPath = ['expect', 'branches', i];
    if (branch.numericRank !== undefined) needs('numericRank', [...path, 'numericRank'], analysis?.ranks !== false, 'ranks');
    if (branch.separatedFrom !== undefined)
      needs('separatedFrom', [...path, 'separatedFrom'], analysis?.separation, 'separation');
    if (branch.decay !== undefined) needs('decay', [...path, 'decay'], analysis?.decay, 'decay');
    if (branch.exponent !== undefined) needs('exponent', [...path, 'exponent'], analysis?.decay, 'decay');
  });
  for (const [name, asked] of [
    ['separation', analysis?.separation],
    ['separatedFraction', analysis?.separatedFraction],
    ['imbalance', imbalance],
  ] as const) {
    if (expect?.[name] !== undefined) needs(name, ['expect', name], asked, name);
    expect?.[name]?.forEach(({ sampleSize }, i) => inGrid(sampleSize, ['expect', name, i]));
  }
  expect?.separatedFraction?.forEach(({ point }, i) => {
    const names = points?.map(({ name }, index) => name ?? `point ${index + 1}`) ?? [];
    if (names.includes(point)) return;
    report('unknown-point', ['expect', 'separatedFraction', i, 'point'], `There is no point called "${point}".`);
  });
}

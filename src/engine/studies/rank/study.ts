import type { ResolvedRankExperiment } from '../../../experiment/resolved';
import type { CertifyConfig } from '../../../experiment/schema';
import type {
  EmpiricalRankResult,
  LocalRecoveryResult,
  PointResult,
  RankMeasurement,
  RankResults,
  RankTableRow,
} from '../../../protocol/events';
import { isNumericalError } from '../../errors';
import type { Inputs } from '../../models/model';
import { gridSizes } from '../../plan';
import { tangentRank } from '../../rank/tangentRank';
import { runOne } from '../../schedule/executor';
import { familyMembers } from '../../theory/stratification';
import { holdsFrom } from '../aggregate';
import { certify, minimalPointIsExact, pointIsExact, theoryBound, type Certified } from '../certification';
import { LiveResults } from '../liveResults';
import { recoveryPlaces, takeLocalRecovery } from '../localRecovery/measure';
import { tellLocalRecovery } from '../localRecovery/pictures';
import { invalidPoint, isUsers, pointName, pointParameters } from '../points';
import { MINIMAL_REPRESENTATION, prepare, type Prepared } from '../preparation';
import { runJobs } from '../runJobs';
import type { Study, StudyRun } from '../study';
import { isLinearlyStable } from '../trainCell';
import type { Workbench } from '../workbench';
import { condensationTable, cosineFigure, mapCondensation, orientationFigure, type CondensationMap } from './condensation';
import { tableRow } from './family';
import { costlyConnectionFigure, freeWidthFigure, learningFigure, stratificationFigure } from './figures';
import { familyTable, learningTable, pointTable, sampleTable } from './tables';
import { judgeRank } from './verdicts';

type RankJob =
  | { kind: 'prepare' }
  | { kind: 'row'; index: number }
  | { kind: 'point'; index: number }
  | { kind: 'samples'; sampleSize: number }
  | { kind: 'localRecovery'; place: number };

interface PointMeasurements {
  probes: Certified;
  /** Over the inputs of the largest sample size; certified only where every rank is asked for. */
  empirical: Certified | null;
  condensation?: CondensationMap;
}

type Measured = { row: RankTableRow } | PointMeasurements | SampleMeasurement | { local: LocalRecoveryResult | null };

/** Null where there is no minimal representation. */
interface SampleMeasurement {
  samples: Certified | null;
}

/** The rank of the model at the target and at chosen points, and local recovery there. */
export const rankStudy: Study<ResolvedRankExperiment, RankJob, Prepared | Measured, RankResults> = {
  parallelJobs: (experiment) =>
    familyMembers(experiment).length +
    experiment.points.length +
    gridSizes(experiment).length +
    recoveryPlaces(experiment).length,

  *execute(bench: Workbench, job, _index, checkpoint) {
    const experiment = bench.experimentOf('rank');
    switch (job.kind) {
      case 'prepare':
        return prepare(experiment);
      case 'row':
        return { row: tableRow(experiment, job.index, bench.preparation.modelRank) };
      case 'point':
        return measurePoint(bench, experiment, job.index);
      case 'samples':
        return { samples: measureSamples(bench, experiment, job.sampleSize) };
      case 'localRecovery':
        return { local: yield* takeLocalRecovery(bench, experiment, job.place, checkpoint) };
    }
  },
  conduct,
  judge: judgeRank,
};

async function conduct(run: StudyRun<ResolvedRankExperiment>): Promise<RankResults> {
  const { experiment, executor, emit, keep } = run;
  emit({ type: 'phase', phase: 'preparing' });
  const { preparation, certificate } = await runOne<Prepared>(executor, { kind: 'prepare' } satisfies RankJob);
  executor.share(preparation);
  if (certificate) keep(certificate);
  const { modelRank } = preparation;
  if (modelRank) emit({ type: 'rank', name: MINIMAL_REPRESENTATION, measurement: modelRank });

  emit({ type: 'phase', phase: 'measuring' });
  const sizes = gridSizes(experiment);
  const live = new LiveResults(emit);
  const points: PointResult[] = [];
  const empirical: (EmpiricalRankResult | undefined)[] = [];
  const samples = () => empirical.filter((result) => result !== undefined);
  const keepAll = (ranks: readonly (Certified | null)[]) => {
    for (const certified of ranks) if (certified?.certificate) keep(certified.certificate);
  };
  const rows: (RankTableRow | undefined)[] = [];
  const members = familyMembers(experiment).length;
  const jobs: RankJob[] = [
    ...Array.from({ length: members }, (_, index): RankJob => ({ kind: 'row', index })),
    ...experiment.points.map((_, index): RankJob => ({ kind: 'point', index })),
    ...sizes.map((sampleSize): RankJob => ({ kind: 'samples', sampleSize })),
    ...recoveryPlaces(experiment).map((_, place): RankJob => ({ kind: 'localRecovery', place })),
  ];
  const local: (LocalRecoveryResult | undefined)[] = [];
  live.table('points', () => pointTable(modelRank, points));
  await runJobs<RankJob, Measured>(run, jobs, {
    live,
    output(measured, index) {
      if ('row' in measured) {
        rows[index] = measured.row;
        if (members > 1) tellFamily(live, rows);
        if (measured.row.learningCoefficient) live.table('learning', () => learningTable(rows));
      } else if ('probes' in measured) {
        const place = index - members;
        const name = pointName(experiment.points[place], place);
        points[place] = pointResult(name, measured);
        tellCondensation(live, name, place, measured.condensation);
        keepAll([measured.probes, measured.empirical]);
        emit({ type: 'rank', name, measurement: measured.probes.measurement });
        live.table('points', () => pointTable(modelRank, points));
      } else if ('local' in measured) {
        if (!measured.local) return;
        local[index - members - experiment.points.length - sizes.length] = measured.local;
        tellLocalRecovery(live, local);
      } else if (measured.samples) {
        const { measurement } = measured.samples;
        const place = index - members - experiment.points.length;
        empirical[place] = sampleResult(sizes[place], measurement, modelRank);
        keepAll([measured.samples]);
        emit({ type: 'rank', name: `n = ${sizes[place]}`, measurement });
        live.table('sampleSizes', () => sampleTable(samples()));
      }
    },
  });
  const sampleSizes = samples();
  return {
    modelRank: modelRank?.rank ?? null,
    tolerance: modelRank?.tolerance ?? null,
    gap: modelRank?.gap ?? null,
    conclusive: modelRank?.conclusive ?? false,
    singularValues: modelRank?.singularValues ?? [],
    ...certifiedOf(modelRank),
    table: rows.filter((row) => row !== undefined),
    points,
    sampleSizes,
    linearlyStableFrom: holdsFrom(sampleSizes, (result) => result.linearlyStable === true),
    ...(experiment.analysis.localRecovery ? { localRecovery: local.filter((each) => each !== undefined) } : {}),
  };
}

function tellCondensation(live: LiveResults, name: string, place: number, map: CondensationMap | undefined): void {
  if (!map) return;
  live.table(`condensation-${place + 1}`, () => condensationTable(name, map));
  live.figure(`cosines-${place + 1}`, () => cosineFigure(name, map));
  live.figure(`orientation-${place + 1}`, () => orientationFigure(name, map));
}

function tellFamily(live: LiveResults, rows: readonly (RankTableRow | undefined)[]): void {
  live.table('family', () => familyTable(rows));
  for (const [id, make] of [
    ['freeWidth', freeWidthFigure],
    ['costlyConnection', costlyConnectionFigure],
    ['stratification', stratificationFigure],
    ['learning', learningFigure],
  ] as const) {
    live.figure(id, () => make(rows));
  }
}

function pointResult(name: string, { probes, empirical, condensation }: PointMeasurements): PointResult {
  const { rank, tolerance, gap, conclusive, singularValues } = probes.measurement;
  const empiricalRank = empirical?.measurement.rank ?? null;
  const empiricalCertified = empirical?.measurement.certified;
  return {
    name,
    modelRank: rank,
    tolerance,
    gap,
    conclusive,
    singularValues,
    empiricalRank,
    certified: probes.measurement.certified ?? null,
    ...(empiricalCertified ? { empiricalCertified } : {}),
    ...(condensation ? { condensation: condensation.result } : {}),
  };
}

function sampleResult(sampleSize: number, measurement: RankMeasurement, modelRank: RankMeasurement | null): EmpiricalRankResult {
  const { rank, gap, conclusive } = measurement;
  const linearlyStable = isLinearlyStable(measurement, modelRank);
  return { sampleSize, empiricalRank: rank, gap, conclusive, linearlyStable, ...certifiedOf(measurement) };
}

/** `certified`, where there is one. */
function certifiedOf(measurement: RankMeasurement | null): Pick<RankMeasurement, 'certified'> {
  return measurement?.certified ? { certified: measurement.certified } : {};
}

/** Rank at the minimal representation over the first n inputs; certified only where every rank is asked for. */
function measureSamples(bench: Workbench, experiment: ResolvedRankExperiment, sampleSize: number): Certified | null {
  const inputs = bench.sampler.training(0, sampleSize);
  const measurement = bench.empiricalRank(inputs);
  const parameters = bench.minimalParameters;
  if (!measurement || !parameters) return null;
  if (experiment.analysis.certify !== 'always') return { measurement, certificate: null };
  return certify(measurement, 'always', {
    model: experiment.model,
    parameters,
    inputs,
    upperBound: theoryBound(experiment),
    pointIsExact: minimalPointIsExact(experiment),
    name: `samples-${sampleSize}.json`,
  });
}

function measurePoint(bench: Workbench, experiment: ResolvedRankExperiment, index: number): PointMeasurements {
  const { model, analysis } = experiment;
  const point = experiment.points[index];
  const parameters = pointParameters(bench, experiment, point, index);
  const largest = Math.max(0, ...experiment.data.sampleSizes);
  const rankOver = (inputs: Inputs, rule: CertifyConfig, name: string) =>
    certify(tangentRank(bench.model, parameters, inputs, { tolerance: analysis.rankTolerance }), rule, {
      model,
      parameters,
      inputs,
      pointIsExact: pointIsExact(experiment, point),
      name,
    });
  const condensation = isUsers(point) ? mapCondensation(experiment, parameters) : null;
  const always = analysis.certify === 'always' ? 'always' : 'never';
  try {
    return {
      probes: rankOver(bench.probes, analysis.certify, `point-${index + 1}.json`),
      empirical:
        largest > 0 ? rankOver(bench.sampler.training(0, largest), always, `point-${index + 1}-samples-${largest}.json`) : null,
      ...(condensation ? { condensation } : {}),
    };
  } catch (error) {
    if (!isNumericalError(error)) throw error;
    throw invalidPoint(
      index,
      `The tangent matrix at the point "${pointName(point, index)}" overflows: ${(error as Error).message}`,
    );
  }
}

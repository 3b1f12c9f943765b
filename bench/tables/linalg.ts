import { fromWire, toWire, type WireArray } from '../harness/arrays';
import { interleave, type Contender } from '../harness/contender';
import { duration, magnitude, ratio } from '../harness/markdown';
import type { Peer } from '../harness/peer';
import type { Report } from '../harness/report';
import { largestDifference } from '../harness/statistics';
import { operationLimits } from './limits';
import { createMatrix, multiply, type Matrix } from '../../src/engine/linalg/matrix';
import { singularValues, svd, type Svd } from '../../src/engine/linalg/svd';
import { symmetricEigen, symmetricEigenvalues } from '../../src/engine/linalg/symmetricEigen';
import { randomStream } from '../../src/engine/random/stream';

const SIZES = [100, 200, 500, 1000];
/** Vectors take several times longer than values. */
const LARGEST_WITH_VECTORS = 500;

/**
 * What is computed; `limit`: goal for our time at n = 1000, in multiples of SciPy's; `operations`: of the reduction to two diagonals, times n³
 * (Golub and Van Loan, Matrix Computations, algorithms 5.4.2 and 8.3.1), or null where vectors come in by several ways.
 */
const WORK = [
  { key: 'singularValues', title: 'singular values', vectors: false, limit: 2.5, operations: 8 / 3 },
  { key: 'eigenvalues', title: 'symmetric eigenvalues', vectors: false, limit: 3.5, operations: 4 / 3 },
  { key: 'svd', title: 'singular values with vectors', vectors: true, limit: null, operations: null },
  { key: 'eigen', title: 'symmetric eigenvalues with vectors', vectors: true, limit: null, operations: null },
] as const;

type Work = (typeof WORK)[number]['key'];

/** Values, and the largest ‖A·v − value·u‖ relative to the largest value where there are vectors. */
interface Answer {
  seconds: number;
  values: Float64Array;
  residual: number | null;
}

export async function linalg(report: Report, quick: boolean): Promise<void> {
  const peer = await report.peer('linalg_scipy', { python: 'science', threads: 1 });
  report.text(
    "Matrices with normal entries, float64, one thread. `agreement`: largest difference of the values to SciPy's, relative to the largest of them; `residuals`: largest ‖A·v − λ·u‖ over the pairs, relative to the largest value, computed after the clock has stopped. `limit`: the time of the arithmetic of the reduction to two diagonals alone, at the peak rate of an EPYC Zen 4 at 3.6 GHz.",
  );
  for (const work of WORK) await compare(report, work, peer, quick);
  if (quick) report.note('Sizes above 200 were left out.');
  else report.note(`With vectors, sizes above ${LARGEST_WITH_VECTORS} are left out.`);
}

async function compare(report: Report, work: (typeof WORK)[number], peer: Peer | null, quick: boolean): Promise<void> {
  const { key, title, vectors, limit, operations } = work;
  report.section(title);
  const rows: string[][] = [];
  for (const n of SIZES) {
    if (n > (quick ? 200 : vectors ? LARGEST_WITH_VECTORS : Infinity)) continue;
    const general = normalMatrix(n);
    const symmetric = symmetrized(general);
    await peer?.call('prepare', { general: toWire(general.values, n, n), symmetric: toWire(symmetric.values, n, n) });
    const ours = contender('ours', async () => compute(key, general, symmetric));
    const theirs = peer && contender('SciPy', () => computeBy(peer, key));
    const [mine, scipy] = await interleave(theirs ? [ours, theirs] : [ours], {
      rounds: quick ? 2 : 15,
      secondsEach: quick ? 1 : 20,
    });
    const residuals = [ours, theirs].map((who) => who?.answer?.residual ?? NaN);
    rows.push([
      String(n),
      duration(mine.median),
      duration(scipy?.median ?? NaN),
      ratio(mine.median / (scipy?.median ?? NaN)),
      ratio(mine.best / (scipy?.best ?? NaN)),
      ours.answer && theirs?.answer ? magnitude(largestDifference(ours.answer.values, theirs.answer.values)) : '–',
      ...(operations === null ? [] : limitCells(mine.best, operations * n ** 3)),
      ...(vectors ? [residuals.map((residual) => (Number.isNaN(residual) ? '–' : magnitude(residual))).join(', ')] : []),
    ]);
    if (n === 1000 && limit !== null && scipy) {
      report.goalBelow(`${title}, n = 1000: of SciPy's time`, mine.median / scipy.median, limit, ratio);
    }
  }
  const header = ['n', 'ours', 'SciPy', "of SciPy's time", 'best of best', 'agreement'];
  report.table([...header, ...(operations === null ? [] : LIMIT_HEADER), ...(vectors ? ['residuals'] : [])], rows);
}

const LIMIT_HEADER = ['limit of WebAssembly', 'our best of it', 'limit of AVX-512', 'our best of it'];

function limitCells(best: number, operations: number): string[] {
  const { webAssembly, chip } = operationLimits(operations);
  return [duration(webAssembly), ratio(best / webAssembly), duration(chip), ratio(best / chip)];
}

function compute(work: Work, general: Matrix, symmetric: Matrix): Answer {
  const started = performance.now();
  const seconds = () => (performance.now() - started) / 1000;
  switch (work) {
    case 'singularValues': {
      const values = singularValues(general);
      return { seconds: seconds(), values, residual: null };
    }
    case 'eigenvalues': {
      const values = symmetricEigenvalues(symmetric);
      return { seconds: seconds(), values, residual: null };
    }
    case 'svd': {
      const result = svd(general);
      return { seconds: seconds(), values: result.s, residual: svdResidual(general, result) };
    }
    case 'eigen': {
      // Residual and orthogonality are part of what this returns, and of its time.
      const { values, residual } = symmetricEigen(symmetric);
      return { seconds: seconds(), values, residual };
    }
  }
}

async function computeBy(peer: Peer, work: Work): Promise<Answer> {
  const answer = await peer.call<{ seconds: number; values: WireArray; residual: number | null }>('run', { what: work });
  return { ...answer, values: fromWire(answer.values) };
}

interface LinalgContender extends Contender {
  /** The last one. */
  answer?: Answer;
}

/** Small matrices are taken again and again for some time, so that one sample is more than a flash. */
const SECONDS_A_SAMPLE = 0.03;

function contender(name: string, work: () => Promise<Answer>): LinalgContender {
  return {
    name,
    async sample() {
      if (!this.answer) await work();
      const samples: number[] = [];
      let used = 0;
      do {
        this.answer = await work();
        samples.push(this.answer.seconds);
        used += this.answer.seconds;
      } while (used < SECONDS_A_SAMPLE);
      return samples;
    },
  };
}

function normalMatrix(n: number): Matrix {
  const matrix = createMatrix(n, n);
  randomStream(1, 'matrix', n).fillNormal(matrix.values);
  return matrix;
}

function symmetrized({ rows: n, values }: Matrix): Matrix {
  const matrix = createMatrix(n, n);
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) matrix.values[i * n + j] = (values[i * n + j] + values[j * n + i]) / 2;
  return matrix;
}

function svdResidual(a: Matrix, { u, s, v }: Svd): number {
  const image = multiply(a, v);
  const squares = new Float64Array(s.length);
  for (let i = 0; i < a.rows; i++) {
    for (let j = 0; j < s.length; j++) {
      const difference = image.values[i * s.length + j] - s[j] * u.values[i * s.length + j];
      squares[j] += difference * difference;
    }
  }
  return Math.sqrt(Math.max(...squares)) / s[0];
}

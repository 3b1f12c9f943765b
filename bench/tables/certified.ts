import { toWire } from '../harness/arrays';
import { interleave, type Contender } from '../harness/contender';
import { duration, ratio } from '../harness/markdown';
import type { Report } from '../harness/report';
import { eliminationLimit } from './limits';
import { certifyRank, verifyCertificate, type CertifyRequest, type RankCertificate } from '../../src/engine/certified';
import { randomStream } from '../../src/engine/random/stream';

const DIGITS = 120;

/** Square tangent matrices of tanh networks with hidden biases: m(d + 2) parameters, as many inputs. */
const CASES = [
  { title: '40 × 40: m = 10, d = 2', width: 10, dimension: 2, goalSeconds: 0.05, slowPeers: true },
  { title: '24 × 24: m = 8, d = 1, where float64 fails', width: 8, dimension: 1, goalSeconds: null, slowPeers: true },
  { title: '200 × 200: m = 50, d = 2', width: 50, dimension: 2, goalSeconds: 3, slowPeers: false },
];

export async function certified(report: Report, quick: boolean): Promise<void> {
  const flint = await report.peer('certified_flint', { python: 'science', threads: 1 });
  const mpmath = await report.peer('certified_mpmath', { python: 'science', threads: 1 });
  report.text(
    `The rank of the tangent matrix of a tanh network at normal parameters and inputs, from the parameters to the answer, ${DIGITS} digits at least; one thread. Ours proves the rank by pivots beyond their error radius and writes a certificate; FLINT proves full rank by a determinant in ball arithmetic; mpmath eliminates with complete pivoting at as many digits and proves nothing.`,
  );
  for (const { title, width, dimension, goalSeconds, slowPeers } of CASES) {
    report.section(title);
    const request = createRequest(width, dimension);
    const contenders: Contender[] = [certifying(request), verifying(request)];
    const { parameters, inputs } = request;
    const wire = {
      x: toWire(inputs.values, inputs.count, dimension),
      parameters: toWire(parameters, parameters.length),
      width,
      digits: DIGITS,
    };
    for (const [name, peer] of [
      ['FLINT', flint],
      ['mpmath', mpmath],
    ] as const) {
      if (!peer || (quick && name === 'mpmath' && !slowPeers)) continue;
      contenders.push({
        name,
        async sample() {
          const { seconds, rank } = await peer.call<{ seconds: number; rank: number }>('run', wire);
          this.result = `rank ${rank}`;
          return [seconds];
        },
      });
    }
    const timings = await interleave(contenders, { rounds: quick ? 2 : 9, secondsEach: quick ? 1 : 30 });
    report.timings(timings, 'median', 'result');
    const bits = certifyRank(request).certificate?.proof.bits ?? NaN;
    const limit = eliminationLimit(inputs.count, bits);
    report.text(
      `The elimination alone takes ${duration(limit)} if its products of ${bits} bits are made of multiplications of 64 bits, one a cycle at 3.6 GHz: our best is ${ratio(timings[0].best / limit)} that, FLINT's ${ratio((timings.find(({ name }) => name === 'FLINT')?.best ?? NaN) / limit)}. Ours are BigInts of JavaScript, each a new object.`,
    );
    if (goalSeconds !== null) report.goalBelow(title, timings[0].median, goalSeconds, duration);
  }
}

function createRequest(width: number, dimension: number): CertifyRequest {
  const count = width * (dimension + 2);
  const parameters = new Float64Array(count);
  randomStream(1, 'parameters', width, dimension).fillNormal(parameters);
  const values = new Float64Array(count * dimension);
  randomStream(1, 'inputs', width, dimension).fillNormal(values, 1.5);
  return {
    model: { kind: 'twoLayer', activation: 'tanh', inputs: dimension, width, hiddenBias: true, outputBias: false },
    parameters,
    inputs: { count, dimension, values },
  };
}

function certifying(request: CertifyRequest): Contender {
  return {
    name: 'ours: certificate made',
    async sample() {
      const started = performance.now();
      const { status, rank } = certifyRank(request);
      const seconds = (performance.now() - started) / 1000;
      this.result = `rank ${rank}, ${status}`;
      return [seconds];
    },
  };
}

function verifying(request: CertifyRequest): Contender {
  let certificate: RankCertificate | null | undefined;
  return {
    name: 'ours: certificate verified',
    async sample() {
      certificate = certificate === undefined ? certifyRank(request).certificate : certificate;
      if (!certificate) throw new Error('there is no certificate');
      const started = performance.now();
      const { valid, lowerBound } = verifyCertificate(JSON.parse(JSON.stringify(certificate)) as unknown);
      const seconds = (performance.now() - started) / 1000;
      this.result = valid ? `rank at least ${lowerBound}` : 'NOT VALID';
      return [seconds];
    },
  };
}

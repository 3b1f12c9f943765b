import type { Inputs } from '../models/model';
import { randomStream } from '../random/stream';
import { classify, type Classified } from './classification';
import { layersOf, type FullyConnected } from './layers';
import { saddleCertificate, type SaddleCertificate } from './saddleCertificate';
import { criticalDataSet, testSampleIndependence, type PointPair, type SampleIndependence } from './sampleIndependence';
import { norm, SquaredLoss, type DataSet } from './squaredLoss';

/** Data for which the narrow point is critical and the lifted one is not. */
export interface DataSetCertificate {
  points: { x: number[]; y: number[] }[];
  narrowGradientNorm: number;
  gradientNorm: number;
}

/** A lifted point with everything that is known of it. */
export interface LiftedPoint extends Classified {
  independence: SampleIndependence;
  /** |∇R(θ2)| at the experiment's data. */
  gradientNorm: number;
  relativeGradient: number;
  loss: number;
  dataSet?: DataSetCertificate;
  saddle?: SaddleCertificate;
}

/** Equal function, sample independence, criticality, and what kind of critical point it is. */
export function measureLiftedPoint(
  model: FullyConnected,
  pair: PointPair,
  data: DataSet,
  probes: Inputs,
  dataSets: number,
): LiftedPoint {
  const { wideParameters: parameters } = pair;
  const loss = new SquaredLoss(pair.wide, data);
  const independence = testSampleIndependence(pair, probes, dataSets);
  const classified = classify(loss, parameters);
  const saddle =
    classified.classification === 'degenerateSaddle' || classified.classification === 'undecided'
      ? saddleCertificate(model, loss, parameters)
      : null;
  // A minimum it cannot be ("Geometry of critical sets", arXiv 2405.17501); what makes it a saddle is lost in rounding.
  const hidden = classified.classification === 'minimum' && !classified.isZeroLoss && hasIdleNeuron(model, parameters);
  const dataSet = independence.sampleIndependent === false ? dataSetCertificate(pair, independence) : null;
  return {
    ...classified,
    // The certificate decides where the kernel was not told.
    ...(saddle && classified.classification === 'undecided'
      ? { classification: 'degenerateSaddle', reason: 'The certificate shows a lower loss near by.' }
      : {}),
    ...(hidden
      ? {
          classification: 'undecided',
          reason: 'A neuron has no output weight, so this is a saddle; but no way down is seen above rounding.',
        }
      : {}),
    independence,
    gradientNorm: norm(loss.gradient(parameters)),
    relativeGradient: loss.relativeGradient(parameters),
    loss: loss.value(parameters),
    ...(dataSet ? { dataSet } : {}),
    ...(saddle ? { saddle } : {}),
  };
}

/** Of a few data sets the one at which the lifted point is farthest from critical. */
function dataSetCertificate(pair: PointPair, { joint, narrow, outputDifference }: SampleIndependence): DataSetCertificate | null {
  if (joint.rank === narrow.rank || outputDifference > 1e-10) return null;
  const stream = randomStream(1, 'lifting', 'certificate');
  let best: DataSetCertificate | null = null;
  for (let k = 0; k < 5; k++) {
    const data = criticalDataSet(pair, narrow.rank + 1, stream);
    const gradientNorm = norm(new SquaredLoss(pair.wide, data).gradient(pair.wideParameters));
    if (best && gradientNorm <= best.gradientNorm) continue;
    const narrowGradientNorm = norm(new SquaredLoss(pair.narrow, data).gradient(pair.narrowParameters));
    best = { points: pointsOf(data), narrowGradientNorm, gradientNorm };
  }
  return best;
}

function pointsOf({ inputs: { count, dimension, values }, targets }: DataSet): { x: number[]; y: number[] }[] {
  const outputs = targets.length / count;
  return Array.from({ length: count }, (_, i) => ({
    x: Array.from(values.subarray(i * dimension, (i + 1) * dimension)),
    y: Array.from(targets.subarray(i * outputs, (i + 1) * outputs)),
  }));
}

/** Whether a neuron of the last hidden layer has no output weight. */
function hasIdleNeuron(model: FullyConnected, parameters: Float64Array): boolean {
  const outgoing = layersOf(model, parameters).at(-1)!.weights;
  return outgoing[0].some((_, j) => outgoing.every((row) => row[j] === 0));
}

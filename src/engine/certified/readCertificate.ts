import { Type } from '@sinclair/typebox';
import { Check } from '@sinclair/typebox/value';
import { ExpressionError, parseExpression } from '../../experiment/expression';
import { DeepNeuron, NeuronActivation } from '../../experiment/schema/independence';
import { ModelSchema } from '../../experiment/schema/model';
import { fileValue } from '../errors';
import { NumericalError } from '../numbers/numericalError';
import { CERTIFICATE_FORMAT, CERTIFICATE_VERSION, contentHash, type RankCertificate } from './certificate';
import type { CertifiableModel } from './coverage';
import { parseDecimal } from './decimal';
import { parseExactText } from './dyadic';
import type { NeuronList } from './neuronList';
import { checkRequest, type RankRequest } from './request';

/** Why a certificate cannot be taken for one. */
export class CertificateError extends Error {
  override readonly name = 'CertificateError';
}

/** Reads a certificate from parsed JSON and checks its form, its hash and its sizes; proves nothing. @throws CertificateError */
export function readCertificate(json: unknown): { certificate: RankCertificate; request: RankRequest } {
  const root = object(json, 'The certificate');
  if (root.format !== CERTIFICATE_FORMAT) refuse(`This is no rank certificate: its format is not "${CERTIFICATE_FORMAT}".`);
  if (root.version !== CERTIFICATE_VERSION)
    refuse(`Certificates of version ${fileValue(root.version)} are not known here, only version ${CERTIFICATE_VERSION}.`);
  const { sha256, ...content } = root;
  const hash = hashOf(content);
  if (hash === undefined || hash !== sha256)
    refuse('The content does not match its SHA-256: the certificate was changed after it was made.');
  const inputs = object(root.inputs, 'inputs');
  const request: RankRequest = {
    model: modelOf(root.model),
    parameters: numbers(root.parameters, 'parameters'),
    inputs: {
      count: whole(inputs.count, 'inputs.count'),
      dimension: whole(inputs.dimension, 'inputs.dimension'),
      values: numbers(inputs.values, 'inputs.values'),
    },
  };
  try {
    checkRequest(request);
  } catch (error) {
    if (error instanceof NumericalError) refuse(error.message);
    throw error;
  }
  checkClaim(object(root.claim, 'claim'));
  checkProof(object(root.proof, 'proof'), request);
  return { certificate: json as RankCertificate, request };
}

/** Of JSON: a number beyond float64, such as 1e999, is read as Infinity, which no content with a hash has. */
function hashOf(content: object): string | undefined {
  try {
    return contentHash(content);
  } catch {
    return undefined;
  }
}

/** @throws CertificateError */
function modelOf(value: unknown): CertifiableModel {
  if (typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'neuronList') return neuronListOf(value);
  if (!Check(ModelSchema, value)) refuse('The model is not one that is known here.');
  if (value.kind === 'matrixFactorization') {
    const { kind, rows, columns, inner } = value;
    if (rows === undefined || columns === undefined || inner === undefined) return refuse('The model has no inner dimension.');
    return { kind, rows, columns, inner };
  }
  if (value.kind === 'twoLayer') {
    const { activation, hiddenBias, outputBias } = value;
    if (activation === undefined || hiddenBias === undefined || outputBias === undefined)
      refuse('The model leaves out its activation or biases.');
    return { ...value, activation, hiddenBias, outputBias };
  }
  if (value.kind !== 'formula') return refuse('The model is of a family that certificates do not cover.');
  requireReadable(value.expression, [...value.parameters, ...value.inputs], 'model');
  return value;
}

/** @throws CertificateError */
function requireReadable(expression: string, names: readonly string[], of: string): void {
  try {
    parseExpression(expression, names);
  } catch (error) {
    if (error instanceof ExpressionError) refuse(`The expression of the ${of} cannot be read: ${error.message}`);
    throw error;
  }
}

const NeuronListSchema = Type.Object(
  {
    kind: Type.Literal('neuronList'),
    activation: NeuronActivation,
    inputs: Type.Integer({ minimum: 1 }),
    neurons: Type.Array(DeepNeuron.properties.layers, { minItems: 1 }),
    outputBias: Type.Boolean(),
  },
  { additionalProperties: false },
);

/** @throws CertificateError */
function neuronListOf(value: object): NeuronList {
  if (!Check(NeuronListSchema, value)) return refuse('The list of neurons is not one that is known here.');
  const { activation } = value;
  if (typeof activation === 'object' && 'expression' in activation) requireReadable(activation.expression, ['x'], 'activation');
  const neurons = value.neurons.map((layers, k) => {
    let width = value.inputs;
    const checked = layers.map(({ weights, biases }) => {
      if (biases?.length !== weights.length || weights.some((row) => row.length !== width))
        return refuse(`The layers of neuron ${k + 1} do not fit together.`);
      width = weights.length;
      return { weights, biases };
    });
    if (width !== 1) refuse(`Neuron ${k + 1} does not end in one unit.`);
    return checked;
  });
  return { ...value, neurons };
}

function checkClaim(claim: Record<string, unknown>): void {
  if (claim.status !== 'certified' && claim.status !== 'certifiedLowerBound')
    refuse('claim.status is neither "certified" nor "certifiedLowerBound".');
  const lower = whole(claim.lowerBound, 'claim.lowerBound');
  const upperBound = object(claim.upperBound, 'claim.upperBound');
  const upper = whole(upperBound.value, 'claim.upperBound.value');
  if (!['shape', 'structure', 'exact', 'theory'].includes(fileValue(upperBound.kind)))
    refuse('claim.upperBound.kind is unknown.');
  if (typeof upperBound.source !== 'string' || upperBound.source === '')
    refuse('claim.upperBound.source does not say what the bound rests on.');
  if (lower > upper) refuse(`The claimed lower bound ${lower} exceeds the claimed upper bound ${upper}.`);
  if ((claim.status === 'certified') !== (lower === upper))
    refuse(`"${claim.status}" does not fit the bounds ${lower} and ${upper}.`);
}

function checkProof(proof: Record<string, unknown>, { parameters, inputs }: RankRequest): void {
  if (proof.method !== 'pivots' && proof.method !== 'exact') refuse('proof.method is neither "pivots" nor "exact".');
  const bits = whole(proof.bits, 'proof.bits');
  if (bits > 20_000) refuse('proof.bits is beyond what can be checked (20000).');
  const rows = order(proof.rowOrder, inputs.count, 'proof.rowOrder');
  const columns = order(proof.columnOrder, parameters.length, 'proof.columnOrder');
  if (rows.length !== columns.length) refuse('The proof names different numbers of rows and columns.');
  if (!Array.isArray(proof.pivots)) refuse('proof.pivots is no list.');
  if (proof.method === 'pivots' && proof.pivots.length !== rows.length)
    refuse('The proof does not have one pivot for each row that it names.');
  proof.pivots.forEach((pivot: unknown, i) => {
    const { value, radius } = object(pivot, `proof.pivots[${i}]`);
    if (!parseDecimal(value) || !parseDecimal(radius)) refuse(`proof.pivots[${i}] is no decimal number with a radius.`);
  });
}

function order(value: unknown, bound: number, name: string): number[] {
  if (!Array.isArray(value)) refuse(`${name} is no list.`);
  const places = value.map((place: unknown, i) => whole(place, `${name}[${i}]`));
  if (places.some((place) => place >= bound)) refuse(`${name} points outside the tangent matrix.`);
  if (new Set(places).size !== places.length) refuse(`${name} names something twice.`);
  return places;
}

function numbers(value: unknown, name: string): Float64Array {
  if (!Array.isArray(value)) refuse(`${name} is no list.`);
  return Float64Array.from(value, (text: unknown, i) => {
    const number = parseExactText(text);
    return number === undefined ? refuse(`${name}[${i}] is not the exact text of a float64.`) : number;
  });
}

function whole(value: unknown, name: string): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) refuse(`${name} is no whole number.`);
  return value;
}

function object(value: unknown, name: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) refuse(`${name} is no object.`);
  return value as Record<string, unknown>;
}

function refuse(message: string): never {
  throw new CertificateError(message);
}

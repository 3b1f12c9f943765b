import type { ResolvedTwoLayer } from '../../../experiment/resolved';
import { RationalArithmetic, type Rational } from '../rational';

interface Neuron {
  readonly weights: readonly Rational[];
  /** Hidden bias and shift of the activation together, exactly. */
  readonly bias: Rational;
  /** Whether the output weight is not 0, so that the neuron's σ′ columns count. */
  readonly active: boolean;
}

/** Names of functions that span; a set, so that what several neurons share counts once. */
type Span = Set<string>;

const arithmetic = new RationalArithmetic();

/**
 * Dimension of a space that holds every tangent function of a two-layer network at these parameters, from exactly equal
 * and opposite neurons. For tanh it is m_w + m_a d (+ biases) of "Linear stability hypothesis and rank stratification
 * for nonlinear models" (arXiv 2211.11623), Corollary 2; an upper bound for any activation.
 */
export function twoLayerSpan(model: ResolvedTwoLayer, parameters: Float64Array): number {
  const neurons = neuronsOf(model, parameters);
  const name = typeof model.activation === 'string' ? model.activation : model.activation.kind;
  switch (name) {
    case 'tanh':
      return symmetricSpan(model, neurons, true).size;
    case 'sin':
      return sinSpan(model, neurons);
    case 'sigmoid':
      return Math.min(symmetricSpan(model, neurons, false).size, complementSpan(model, neurons, false).size);
    case 'softplus':
      return Math.min(plainSpan(model, neurons).size, complementSpan(model, neurons, true).size);
    case 'exp':
      return expSpan(model, neurons).size;
    case 'relu':
      return reluSpan(model, neurons).size;
  }
}

function neuronsOf({ activation, inputs, width, hiddenBias }: ResolvedTwoLayer, parameters: Float64Array): Neuron[] {
  const shift = typeof activation === 'string' ? 0 : activation.shift;
  return Array.from({ length: width }, (_, k) => ({
    weights: Array.from({ length: inputs }, (_, j) => arithmetic.fromFloat(parameters[width + k * inputs + j])),
    bias: arithmetic.add(
      arithmetic.fromFloat(hiddenBias ? parameters[width * (1 + inputs) + k] : 0),
      arithmetic.fromFloat(shift),
    ),
    active: parameters[k] !== 0,
  }));
}

function start({ outputBias }: ResolvedTwoLayer): Span {
  return new Set(outputBias ? ['1'] : []);
}

/** σ′(z) x_j for all j, and σ′(z) itself where there is a hidden bias. */
function addSlopes(span: Span, model: ResolvedTwoLayer, name: string): void {
  for (let j = 0; j < model.inputs; j++) span.add(`slope ${name} x${j}`);
  if (model.hiddenBias) span.add(`slope ${name}`);
}

/** x_j for all j, and 1 where there is a hidden bias: the slopes of a neuron whose argument is constant. */
function addLinear(span: Span, model: ResolvedTwoLayer): void {
  for (let j = 0; j < model.inputs; j++) span.add(`x${j}`);
  if (model.hiddenBias) span.add('1');
}

/** σ and σ′ of neurons without input weights; tells whether the neuron was one. `vanishes`: σ(bias) = 0. */
function addConstant(span: Span, model: ResolvedTwoLayer, neuron: Neuron, vanishes: boolean, flat = false): boolean {
  if (!isConstant(neuron)) return false;
  if (!vanishes) span.add('1');
  if (neuron.active && !flat) addLinear(span, model);
  return true;
}

/** σ′ even, and σ odd where said: z and −z share slopes, and values where σ is odd. */
function symmetricSpan(model: ResolvedTwoLayer, neurons: Neuron[], odd: boolean): Span {
  const span = start(model);
  for (const neuron of neurons) {
    if (addConstant(span, model, neuron, odd && isZero(neuron.bias))) continue;
    span.add(`value ${odd ? unsigned(neuron) : signed(neuron)}`);
    if (neuron.active) addSlopes(span, model, unsigned(neuron));
  }
  return span;
}

function plainSpan(model: ResolvedTwoLayer, neurons: Neuron[]): Span {
  const span = start(model);
  for (const neuron of neurons) {
    if (addConstant(span, model, neuron, false)) continue;
    span.add(`value ${signed(neuron)}`);
    if (neuron.active) addSlopes(span, model, signed(neuron));
  }
  return span;
}

/** σ(z) + σ(−z) = 1 (sigmoid), or σ(z) − σ(−z) = z and σ′(z) + σ′(−z) = 1 (softplus): at the price of 1, or 1 and x. */
function complementSpan(model: ResolvedTwoLayer, neurons: Neuron[], linear: boolean): Span {
  const span = start(model);
  span.add('1');
  if (linear) addLinear(span, model);
  // z itself is a combination of x and 1 whether or not a neuron is active.
  if (linear) for (let j = 0; j < model.inputs; j++) span.add(`x${j}`);
  for (const neuron of neurons) {
    if (addConstant(span, model, neuron, false)) continue;
    span.add(`value ${unsigned(neuron)}`);
    if (neuron.active) addSlopes(span, model, unsigned(neuron));
  }
  return span;
}

/** e^(w·x + b) is a multiple of e^(w·x), and its own slope. */
function expSpan(model: ResolvedTwoLayer, neurons: Neuron[]): Span {
  const span = start(model);
  for (const neuron of neurons) {
    if (addConstant(span, model, neuron, false)) continue;
    const name = neuron.weights.map(text).join();
    span.add(`value ${name}`);
    if (neuron.active) for (let j = 0; j < model.inputs; j++) span.add(`slope ${name} x${j}`);
  }
  return span;
}

/** sin(w·x + b) and cos(w·x + b), whatever b, are combinations of sin(w·x) and cos(w·x): at most two for each direction. */
function sinSpan(model: ResolvedTwoLayer, neurons: Neuron[]): number {
  const shared = start(model);
  const values = new Map<string, Span>();
  const slopes = new Map<string, Span>();
  const note = (spans: Map<string, Span>, key: string, entry: string) => spans.set(key, (spans.get(key) ?? new Set()).add(entry));
  for (const neuron of neurons) {
    if (addConstant(shared, model, neuron, isZero(neuron.bias))) continue;
    const name = unsigned(neuron);
    const direction = name.split('|')[0];
    note(values, direction, `sin ${name}`);
    if (!neuron.active) continue;
    if (model.hiddenBias) note(values, direction, `cos ${name}`);
    note(slopes, direction, name);
  }
  const atMostTwo = (spans: Map<string, Span>) => [...spans.values()].reduce((sum, span) => sum + Math.min(2, span.size), 0);
  return shared.size + atMostTwo(values) + model.inputs * atMostTwo(slopes);
}

/** σ(z) = σ′(z)·z, and positive multiples of z share σ′. */
function reluSpan(model: ResolvedTwoLayer, neurons: Neuron[]): Span {
  const span = start(model);
  const named = neurons.filter((neuron) => {
    const off = arithmetic.sign(neuron.bias) <= 0;
    return !addConstant(span, model, neuron, off, off);
  });
  const active = new Set(named.filter((neuron) => neuron.active).map(ray));
  for (const neuron of named) {
    const name = ray(neuron);
    if (active.has(name)) addSlopes(span, model, name);
    else span.add(`value ${name}`);
  }
  return span;
}

function isZero(value: Rational): boolean {
  return value.numerator === 0n;
}

function isConstant({ weights }: Neuron): boolean {
  return weights.every(isZero);
}

function text({ numerator, denominator, exponent }: Rational): string {
  return `${numerator}/${denominator}p${exponent}`;
}

function signed({ weights, bias }: Neuron): string {
  return `${weights.map(text).join()}|${text(bias)}`;
}

/** The same name for (w, b) and (−w, −b). */
function unsigned(neuron: Neuron): string {
  const lead = neuron.weights.find((weight) => !isZero(weight));
  if (lead === undefined || lead.numerator > 0n) return signed(neuron);
  return signed({
    ...neuron,
    weights: neuron.weights.map((weight) => arithmetic.negate(weight)),
    bias: arithmetic.negate(neuron.bias),
  });
}

/** The same name for all positive multiples of (w, b). */
function ray(neuron: Neuron): string {
  const lead = neuron.weights.find((weight) => !isZero(weight));
  if (lead === undefined) return signed(neuron);
  const size = lead.numerator > 0n ? lead : arithmetic.negate(lead);
  return signed({
    ...neuron,
    weights: neuron.weights.map((weight) => arithmetic.divide(weight, size)),
    bias: arithmetic.divide(neuron.bias, size),
  });
}

import type { StepOptimizerConfig } from '../../experiment/schema';
import { tensorActivation, type TensorActivation } from './activation';
import type { StatePart } from '../kernels/steppedTraining';
import type { Tensor, TensorFlow } from './library';
import type { ParameterTensor, TensorNetwork } from './network';

/** Loss and gradient at the current parameters; the tensors belong to whoever asked. */
export interface Evaluation {
  loss: number;
  /** One for each tensor of parameters. */
  gradients: Tensor[];
}

/** A network in TensorFlow: its data and parameters as float32 tensors, and the steps that change them. */
export class TensorProgram {
  private readonly places: readonly ParameterTensor[];
  private readonly inputs: Tensor;
  private readonly targets: Tensor;
  private readonly activation: TensorActivation;
  private readonly optimizer: StepOptimizerConfig;
  private parameters: Tensor[];
  /** Moments of Adam; empty for gradient descent. */
  private first: Tensor[] = [];
  private second: Tensor[] = [];
  private beta1Power = 1;
  private beta2Power = 1;

  /** @param targets input by input, as `BoundModel` has them. */
  constructor(
    private readonly tf: TensorFlow,
    private readonly network: TensorNetwork,
    targets: Float64Array,
    parameters: Float64Array,
    optimizer: StepOptimizerConfig,
  ) {
    const { layers, inputs, count: n, outputs: D } = network;
    this.places = layers.flatMap(({ weights, biases }) => (biases ? [weights, biases] : [weights]));
    this.activation = tensorActivation(tf, network.activation);
    this.optimizer = optimizer;
    this.inputs = tf.tensor(inputs, layers[0].input);
    const rows = Float32Array.from({ length: D * n }, (_, i) => targets[(i % n) * D + Math.floor(i / n)]);
    this.targets = tf.tensor(rows, [D, n]);
    this.parameters = this.places.map(({ shape, places }) => this.tensorOf(parameters, places, shape));
    if (optimizer.kind === 'adam') {
      const zeros = () => this.places.map(({ shape, places }) => tf.tensor(new Float32Array(places.length), shape));
      this.first = zeros();
      this.second = zeros();
    }
  }

  /** Mean squared error and its gradient, by hand: fewer operations than automatic differentiation takes. */
  evaluate(): Evaluation {
    const { tf } = this;
    const [loss, ...gradients] = tf.tidy(() => this.lossAndGradients());
    const value = loss.dataSync()[0];
    loss.dispose();
    return { loss: value, gradients };
  }

  /** |g|² in float32. */
  squaredNorm(gradients: readonly Tensor[]): number {
    const { tf } = this;
    const total = tf.tidy(() => gradients.map((g) => tf.sum(tf.square(g))).reduce((a, b) => tf.add(a, b)));
    const value = total.dataSync()[0];
    total.dispose();
    return value;
  }

  /** One step of the optimizer; frees the gradients. */
  update(gradients: readonly Tensor[], learningRate: number): void {
    const { tf, optimizer } = this;
    const before = [...this.parameters, ...this.first, ...this.second, ...gradients];
    const k = this.parameters.length;
    if (optimizer.kind === 'adam') {
      const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = optimizer;
      this.beta1Power *= beta1;
      this.beta2Power *= beta2;
      const rate = learningRate / (1 - this.beta1Power);
      const correction = 1 / (1 - this.beta2Power);
      const after = tf.tidy(() => {
        const first = gradients.map((g, i) => tf.add(tf.mul(this.first[i], beta1), tf.mul(g, 1 - beta1)));
        const second = gradients.map((g, i) => tf.add(tf.mul(this.second[i], beta2), tf.mul(tf.square(g), 1 - beta2)));
        const moved = this.parameters.map((theta, i) =>
          tf.sub(theta, tf.div(tf.mul(first[i], rate), tf.add(tf.sqrt(tf.mul(second[i], correction)), epsilon))),
        );
        return [...moved, ...first, ...second];
      });
      this.parameters = after.slice(0, k);
      this.first = after.slice(k, 2 * k);
      this.second = after.slice(2 * k);
    } else {
      this.parameters = tf.tidy(() => this.parameters.map((theta, i) => tf.sub(theta, tf.mul(gradients[i], learningRate))));
    }
    for (const tensor of before) tensor.dispose();
  }

  /** Writes the parameters, or moments, into `out`, where each has its place. */
  read(out: Float64Array, part: StatePart = 'parameters'): void {
    this.places.forEach(({ places }, i) => {
      const values = this[part][i].dataSync();
      for (let j = 0; j < places.length; j++) out[places[j]] = values[j];
    });
  }

  /** Takes the parameters, or moments, from where each has its place. */
  write(part: StatePart, values: Float64Array): void {
    for (const tensor of this[part]) tensor.dispose();
    this[part] = this.places.map(({ shape, places }) => this.tensorOf(values, places, shape));
  }

  setDecayPowers(beta1Power: number, beta2Power: number): void {
    this.beta1Power = beta1Power;
    this.beta2Power = beta2Power;
  }

  dispose(): void {
    for (const tensor of [this.inputs, this.targets, ...this.parameters, ...this.first, ...this.second]) tensor.dispose();
    this.parameters = [];
    this.first = [];
    this.second = [];
  }

  private lossAndGradients(): Tensor[] {
    const { tf, activation, network } = this;
    const { layers, count: n, outputs: D } = network;
    const last = layers.length - 1;
    const weightsAt: number[] = [];
    const arguments_: Tensor[] = [];
    const values = [this.inputs];
    let at = 0;
    layers.forEach(({ biases }, l) => {
      weightsAt.push(at);
      const product = tf.matMul(this.parameters[at++], values[l]);
      const z = biases ? tf.add(product, this.parameters[at++]) : product;
      arguments_.push(z);
      if (l < last) values.push(this.shaped(activation.value(z), layers[l + 1].input));
    });

    const residuals = tf.sub(this.shaped(arguments_[last], [D, n]), this.targets);
    const loss = tf.mul(tf.sum(tf.square(residuals)), 1 / (n * D));
    const gradients: Tensor[] = [];
    let u = tf.mul(residuals, 2 / (n * D));
    for (let l = last; l >= 0; l--) {
      const w = weightsAt[l];
      gradients[w] = tf.matMul(u, values[l], false, true);
      if (layers[l].biases) gradients[w + 1] = tf.sum(u, u.shape.length - 1, true);
      if (l === 0) break;
      const z = arguments_[l - 1];
      const back = this.shaped(tf.matMul(this.parameters[w], u, true, false), z.shape);
      u = activation.pullBack(back, this.shaped(values[l], z.shape), z);
    }
    return [loss, ...gradients];
  }

  private tensorOf(values: Float64Array, places: Int32Array, shape: ParameterTensor['shape']): Tensor {
    return this.tf.tensor(
      Float32Array.from(places, (place) => values[place]),
      shape,
    );
  }

  private shaped(x: Tensor, shape: readonly number[]): Tensor {
    const same = x.shape.length === shape.length && x.shape.every((size, i) => size === shape[i]);
    return same ? x : this.tf.reshape(x, shape);
  }
}

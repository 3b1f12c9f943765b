// The training loop: whole steps of one training at a time. An instance of this module serves one training after another;
// the host lays out memory, says which problem and optimizer lie where, and asks for steps.

import { diagonalLossAndGradient } from './diagonal';
import { at } from './lanes';
import { matrixFactorizationLoss, restOfGradient, restOfStep } from './matrixFactorization';
import { adamUpdate, gradientDescentUpdate, squaredNorm, squaredNormInOrder } from './optimizers';
import { runProgram } from './program';
import { smallGradient, smallLoss, smallStep } from './smallFactors';
import { tapeLossAndGradient } from './tape';
import { twoLayerLossAndGradient } from './twoLayer';

export { setDiagonal } from './diagonal';
export { setFactors } from './matrixFactorization';
export { setProgram } from './program';
export { setSmallFactors, smallFactorsAt } from './smallFactors';
export { setTape } from './tape';

const TWO_LAYER: i32 = 0;
const MATRIX_FACTORIZATION: i32 = 1;
const TAPE: i32 = 2;
const PROGRAM: i32 = 3;
const SMALL_FACTORIZATION: i32 = 4;
const DIAGONAL: i32 = 5;

// Status of a training, as the host reads it.
const GOES_ON: i32 = 0;
const DIVERGED: i32 = 1;
const TRAIN_LOSS: i32 = 2;
const GRADIENT_NORM: i32 = 3;

let family: i32 = 0;
let activation: i32 = 0;
let shift: f64 = 0;
let size0: i32 = 0;
let size1: i32 = 0;
let sampleCount: i32 = 0;
let padded: i32 = 0;
let hasHiddenBias: i32 = 0;
let hasOutputBias: i32 = 0;
let inputs: usize = 0;
let targets: usize = 0;
let mask: usize = 0;
let hidden: usize = 0;
let slopes: usize = 0;
let residuals: usize = 0;

let parameterCount: usize = 0;
let parameters: usize = 0;
let gradient: usize = 0;
/** Where the kernels keep parameters in another order: the places of those that there are, in their own. */
let gradientOrder: usize = 0;
let orderedCount: usize = 0;

let adam: i32 = 0;
let beta1: f64 = 0;
let beta2: f64 = 0;
let epsilon: f64 = 0;
let first: usize = 0;
let second: usize = 0;
let beta1Power: f64 = 1;
let beta2Power: f64 = 1;

let stopLoss: f64 = 0;
let stopGradientNorm: f64 = 0;
let divergenceLoss: f64 = 0;

let lastLoss: f64 = 0;
let firstLoss: f64 = 0;
let status: i32 = GOES_ON;

export function setTwoLayer(
  activationNumber: i32,
  shiftValue: f64,
  width: i32,
  dimension: i32,
  count: i32,
  paddedCount: i32,
  hiddenBias: i32,
  outputBias: i32,
  inputsAt: usize,
  maskAt: usize,
  workspace: usize,
): void {
  family = TWO_LAYER;
  activation = activationNumber;
  shift = shiftValue;
  size0 = width;
  size1 = dimension;
  sampleCount = count;
  padded = paddedCount;
  hasHiddenBias = hiddenBias;
  hasOutputBias = outputBias;
  inputs = inputsAt;
  mask = maskAt;
  residuals = workspace;
  hidden = at(residuals, padded);
  slopes = at(hidden, <usize>width * <usize>padded);
}

/** The problem that the last `setFactors` described, or the last `setSmallFactors`. */
export function useFactors(small: i32): void {
  family = small ? SMALL_FACTORIZATION : MATRIX_FACTORIZATION;
}

/** The problem that the last `setDiagonal` described. */
export function useDiagonal(): void {
  family = DIAGONAL;
}

/** The problem that the last `setTape` described. */
export function useTape(): void {
  family = TAPE;
}

/** The problem that the last `setProgram` described. */
export function useProgram(): void {
  family = PROGRAM;
}

/** `count` is even; the parameters, the gradient and Adam's two moments lie one behind the other. */
export function setParameters(count: i32, parametersAt: usize, targetsAt: usize): void {
  parameterCount = count;
  parameters = parametersAt;
  gradient = at(parameters, parameterCount);
  first = at(gradient, parameterCount);
  second = at(first, parameterCount);
  targets = targetsAt;
  gradientOrder = 0;
}

/** After `setParameters`. */
export function setGradientOrder(count: i32, order: usize): void {
  orderedCount = <usize>count;
  gradientOrder = order;
}

export function setGradientDescent(): void {
  adam = 0;
}

export function setAdam(b1: f64, b2: f64, eps: f64): void {
  adam = 1;
  beta1 = b1;
  beta2 = b2;
  epsilon = eps;
  beta1Power = 1;
  beta2Power = 1;
}

/** β₁ᵗ and β₂ᵗ of a training that goes on; after `setAdam`. */
export function setDecayPowers(power1: f64, power2: f64): void {
  beta1Power = power1;
  beta2Power = power2;
}

export function setStop(loss: f64, gradientNorm: f64, divergence: f64): void {
  stopLoss = loss;
  stopGradientNorm = gradientNorm;
  divergenceLoss = divergence;
}

function lossAndGradient(): f64 {
  if (family == TWO_LAYER) {
    return twoLayerLossAndGradient(
      activation, shift, size0, size1, sampleCount, padded, hasHiddenBias, hasOutputBias,
      inputs, targets, mask, parameters, gradient, hidden, slopes, residuals,
    );
  }
  if (family == PROGRAM) return runProgram(parameters, gradient, targets);
  if (family == TAPE) return tapeLossAndGradient(targets, parameters, gradient);
  if (family == DIAGONAL) return diagonalLossAndGradient(parameters, gradient, targets);
  const loss = factorsLoss();
  restOfFactorsGradient();
  return loss;
}

// @ts-ignore: decorator
@inline
function factorsLoss(): f64 {
  return family == SMALL_FACTORIZATION ? smallLoss() : matrixFactorizationLoss();
}

function restOfFactorsGradient(): void {
  if (family == SMALL_FACTORIZATION) smallGradient();
  else restOfGradient();
}

function update(learningRate: f64): void {
  if (adam) {
    beta1Power *= beta1;
    beta2Power *= beta2;
    adamUpdate(
      parameterCount, learningRate / (1 - beta1Power), 1 / (1 - beta2Power), beta1, beta2, epsilon,
      parameters, gradient, first, second,
    );
  } else {
    gradientDescentUpdate(parameterCount, learningRate, parameters, gradient);
  }
}

/** Loss and gradient at the current parameters, and whether a stop rule holds there. Takes no step. */
export function evaluate(): f64 {
  lastLoss = lossAndGradient();
  status = statusOf(lastLoss);
  if (status == GOES_ON && stopGradientNorm > 0 && Math.sqrt(getSquaredGradientNorm()) < stopGradientNorm)
    status = GRADIENT_NORM;
  return lastLoss;
}

// @ts-ignore: decorator
@inline
function statusOf(loss: f64): i32 {
  // Written so that NaN ends here too.
  if (!(loss < Infinity && loss <= divergenceLoss)) return DIVERGED;
  return loss < stopLoss ? TRAIN_LOSS : GOES_ON;
}

/** Takes up to `count` steps at a constant learning rate and ends early, before an update, where a stop rule holds. */
export function advance(count: i32, learningRate: f64): i32 {
  if ((family == MATRIX_FACTORIZATION || family == SMALL_FACTORIZATION) && !adam && !(stopGradientNorm > 0)) return advanceFactors(count, learningRate);
  for (let taken = 0; taken < count; taken++) {
    evaluate();
    if (taken == 0) firstLoss = lastLoss;
    if (status != GOES_ON) return taken;
    update(learningRate);
  }
  return count;
}

/** The same where a step computes and uses its gradient in one go. */
function advanceFactors(count: i32, learningRate: f64): i32 {
  for (let taken = 0; taken < count; taken++) {
    lastLoss = factorsLoss();
    if (taken == 0) firstLoss = lastLoss;
    status = statusOf(lastLoss);
    if (status != GOES_ON) {
      restOfFactorsGradient();
      return taken;
    }
    if (family == SMALL_FACTORIZATION) smallStep(learningRate);
    else restOfStep(learningRate);
  }
  return count;
}

export function getStatus(): i32 {
  return status;
}

/** Loss where the last step began. */
export function getLastLoss(): f64 {
  return lastLoss;
}

/** Loss where the first step of the last `advance` began. */
export function getFirstLoss(): f64 {
  return firstLoss;
}

export function getSquaredGradientNorm(): f64 {
  return gradientOrder ? squaredNormInOrder(orderedCount, gradient, gradientOrder) : squaredNorm(parameterCount, gradient);
}

/** First byte that the module's own data do not use. */
export function getHeapBase(): usize {
  return __heap_base;
}

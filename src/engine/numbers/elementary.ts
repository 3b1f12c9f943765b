/**
 * Elementary functions from +, −, ·, / and square roots alone, so that they give the same bits on every processor and in every
 * JavaScript engine: results that are compared bit for bit must not depend on the engine's Math.tanh or Math.exp.
 */
export { exp, expm1, sigmoid, softplus } from './exponential';
export { sech2, tanh, tanhFast } from './hyperbolic';
export { log, log1p } from './logarithm';
export { pow } from './power';
export { cos, sin } from './trigonometric';

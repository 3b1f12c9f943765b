/** Operations of a tape. Two operands up to POWER, one from NEGATE on. */
export const Operation = {
  constant: 0,
  parameter: 1,
  input: 2,
  add: 3,
  subtract: 4,
  multiply: 5,
  divide: 6,
  power: 7,
  negate: 8,
  /** x^p with the exponent p in `constants`. */
  constantPower: 9,
  tanh: 10,
  sigmoid: 11,
  exp: 12,
  log: 13,
  softplus: 14,
  relu: 15,
  sin: 16,
  cos: 17,
  sqrt: 18,
  abs: 19,
} as const;
export type OperationCode = (typeof Operation)[keyof typeof Operation];

/** How a value depends on the parameters: not at all, as a polynomial of degree one, or otherwise. */
export const Dependence = { none: 0, affine: 1, nonlinear: 2 } as const;
export type DependenceCode = (typeof Dependence)[keyof typeof Dependence];

/**
 * An expression in static single assignment: instruction i computes value i from values with smaller numbers. Equal
 * subexpressions are one instruction, constant ones are numbers.
 */
export interface Tape {
  readonly length: number;
  readonly operations: Uint8Array;
  /** First operand; the index of the parameter or input for those. */
  readonly left: Int32Array;
  /** Second operand. */
  readonly right: Int32Array;
  /** The number of a constant, the exponent of a constant power. */
  readonly constants: Float64Array;
  /** Dependence of every value on the parameters. */
  readonly dependence: Uint8Array;
  /** The instruction whose value is that of the expression. */
  readonly result: number;
  readonly parameterCount: number;
  readonly inputCount: number;
}

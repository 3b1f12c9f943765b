import { cos, exp, log, pow, sigmoid, sin, softplus, tanh } from '../../numbers/elementary';
import { Operation, type OperationCode, type Tape } from './tape';

/** The value of one operation on numbers: what constant folding and the sweeps agree on. */
export function applyOperation(operation: OperationCode, x: number, y: number): number {
  switch (operation) {
    case Operation.add:
      return x + y;
    case Operation.subtract:
      return x - y;
    case Operation.multiply:
      return x * y;
    case Operation.divide:
      return x / y;
    case Operation.power:
    case Operation.constantPower:
      return pow(x, y);
    case Operation.negate:
      return -x;
    case Operation.tanh:
      return tanh(x);
    case Operation.sigmoid:
      return sigmoid(x);
    case Operation.exp:
      return exp(x);
    case Operation.log:
      return log(x);
    case Operation.softplus:
      return softplus(x);
    case Operation.relu:
      return x > 0 ? x : x === x ? 0 : x;
    case Operation.sin:
      return sin(x);
    case Operation.cos:
      return cos(x);
    case Operation.sqrt:
      return Math.sqrt(x);
    case Operation.abs:
      return Math.abs(x);
    default:
      throw new Error(`Operation ${operation} has no operands.`);
  }
}

/** The function of one number that a tape with one input and no parameters is. */
export function scalarFunction(tape: Tape): (x: number) => number {
  const { length, operations, left, right, constants, result } = tape;
  const values = new Float64Array(length);
  return (x) => {
    for (let i = 0; i < length; i++) {
      const operation = operations[i] as OperationCode;
      if (operation === Operation.input) values[i] = x;
      else if (operation === Operation.constant) values[i] = constants[i];
      else
        values[i] = applyOperation(
          operation,
          values[left[i]],
          operation === Operation.constantPower ? constants[i] : values[right[i]],
        );
    }
    return values[result];
  };
}

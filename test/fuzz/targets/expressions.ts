import { ExpressionError, FUNCTION_NAMES, namesIn, parseExpression } from '../../../src/experiment/expression';
import { compileExpression } from '../../../src/engine/models/expression/compile';
import type { FuzzRandom } from '../random';
import type { FuzzTarget } from '../target';
import { mutateText } from '../texts';
import { oddString } from '../values';

const PARAMETERS = ['theta0', 'a', 'b'];
const INPUTS = new Map([
  ['x1', 0],
  ['x2', 1],
]);
const NAMES = [...INPUTS.keys(), ...PARAMETERS];

/** From the grammar of expressions. */
function grown(random: FuzzRandom, depth: number): string {
  if (depth <= 0 || random.chance(0.15))
    return random.pick([...NAMES, '1', '0.5', '.5', '2.', '1e-3', '1e308', 'pi', 'e', '0', '1e999', 'zz']);
  const inner = () => grown(random, depth - 1);
  switch (random.below(9)) {
    case 0:
      return `${random.pick(FUNCTION_NAMES)}(${inner()})`;
    case 1:
      return `-${inner()}`;
    case 2:
      return `(${inner()})`;
    case 3:
      return `${inner()}^${inner()}`;
    case 4:
      return Array.from({ length: random.pick([2, 3, 40]) }, () => random.pick(NAMES)).join(
        random.pick([' + ', '*', '-', '/', '^']),
      );
    default:
      return `${inner()} ${random.pick(['+', '-', '*', '/'])} ${inner()}`;
  }
}

const EXTREMES = ['(', '-', '+', 'tanh(', '2^', 'x1+', 'x1*', 'x1^', '((x1)', '-(', 'square(', '1/'];

export const expressionTarget: FuzzTarget<string> = {
  name: 'expressions',
  make(random) {
    if (random.chance(0.1)) return oddString(random);
    if (random.chance(0.1)) {
      const count = random.pick([50, 99, 100, 101, 1999, 2001, 5000, 50_000]);
      return random.pick(EXTREMES).repeat(count) + 'x1' + ')'.repeat(random.pick([0, count, count + 1]));
    }
    const text = grown(random, 1 + random.below(6));
    return random.chance(0.5) ? mutateText(text, random) : text;
  },
  read(text) {
    try {
      const tree = parseExpression(text, NAMES);
      namesIn(tree);
      const tape = compileExpression(tree, PARAMETERS, INPUTS);
      return tape.length;
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      if (error.start < 0 || error.end > Math.max(1, text.length) || error.start > error.end)
        throw new Error(`an error outside of the text: ${error.message}`);
      if (error.message.length > 5000) throw new Error(`a message of ${error.message.length} characters`);
      return error.code;
    }
  },
};

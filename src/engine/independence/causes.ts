import type { CauseKind } from '../../experiment/schema/independence';
import type { NeuronList } from '../certified/neuronList';
import { symbolicNeurons, type SymbolicNeurons } from '../certified/structure/neuronList';
import { spanOfPolynomials } from '../certified/structure/span';
import { createMatrix, type Matrix } from '../linalg/matrix';
import { svd } from '../linalg/svd';

/** Why neurons are linearly dependent. */
export interface Cause {
  kind: CauseKind;
  /** From 1, ascending. */
  neurons: number[];
  /** How many dimensions it takes away. */
  dimensions: number;
  /** Whether the relation follows from the parameters exactly, not only within rounding at the points. */
  proven: boolean;
  /** The relation in words. */
  relation: string;
}

/** Columns of unit length that differ by less than this are the same function: rounding leaves about 1e-15. */
const SAME = 1e-12;
/** A column that varies by less than this fraction of its size is constant. */
const FLAT = 1e-12;
/** A column below this fraction of the largest one is 0; below this where that is more than 1: deep neurons with exp may be huge. */
const ZERO = 1e-14;
/** Part that a neuron must have in a dependence to be named. */
const TAKES_PART = 1e-6;

/**
 * The causes of dependence among the columns of `values`, by the test of section "linear independence of generalized neurons":
 * zero neurons, constants, neurons that are equal or opposite, pairs with constant σ(z) + σ(−z), and what is left.
 * ("On the linear independence of generalized neurons", arXiv 2410.03693: for generic activations there are no others than the
 * first three.)
 *
 * @param deficiency how many dimensions all causes together take away
 */
export function findCauses(list: NeuronList, values: Matrix, deficiency: number): Cause[] {
  if (deficiency === 0) return [];
  const search = new CauseSearch(list, values);
  const causes = search.structural();
  const explained = causes.reduce((sum, { dimensions }) => sum + dimensions, 0);
  if (explained < deficiency) causes.push(search.unexplained(deficiency - explained));
  // Where a proof says that fewer dimensions are missing, relations that hold within rounding alone are none.
  return explained > deficiency ? causes.filter(({ proven }) => proven) : causes;
}

class CauseSearch {
  private readonly count: number;
  private readonly columns: Float64Array[];
  private readonly symbolic: SymbolicNeurons | undefined;
  /** Columns that the causes found leave: one for each dimension that they explain. */
  private kept: number[] = [];

  constructor(
    private readonly list: NeuronList,
    { rows, columns, values }: Matrix,
  ) {
    this.count = list.neurons.length;
    this.columns = Array.from({ length: columns }, (_, j) =>
      Float64Array.from({ length: rows }, (_, i) => values[i * columns + j]),
    );
    this.symbolic = symbolicNeurons(list);
  }

  structural(): Cause[] {
    const { count, columns, list } = this;
    const sizes = columns.map((column) => largest(column));
    const scale = Math.min(1, Math.max(...sizes));
    const places = Array.from({ length: count }, (_, k) => k);
    const zeros = places.filter((k) => sizes[k] <= ZERO * scale);
    const constants = places.filter((k) => !zeros.includes(k) && isFlat(columns[k]));
    const others = places.filter((k) => !zeros.includes(k) && !constants.includes(k));
    const classes = this.classes(others);
    const leaders = classes.map(([leader]) => leader.neuron);
    const hasConstant = list.outputBias || constants.length > 0;

    const causes: Cause[] = [];
    if (zeros.length > 0) causes.push(this.cause('zero', zeros, zeros.length, `${named(zeros)} ${isAre(zeros)} 0 everywhere`));
    const surplus = constants.length - (list.outputBias ? 0 : 1);
    if (surplus > 0) {
      const beside = list.outputBias ? ', beside the output bias' : '';
      causes.push(this.cause('constants', constants, surplus, `${named(constants)} ${isAre(constants)} constant${beside}`));
    }
    for (const members of classes) if (members.length > 1) causes.push(this.equalNeurons(members));
    // For odd functions up to a constant: the sigmoid, and what an expression may be.
    const complementary =
      list.activation === 'sigmoid' || (typeof list.activation === 'object' && 'expression' in list.activation);
    const pairs = complementary ? this.complements(leaders) : [];
    causes.push(...this.sigmoidPairs(pairs, constants));

    const second = new Set(pairs.slice(hasConstant ? 0 : 1).map(([, other]) => other));
    this.kept = [...(list.outputBias ? [count] : constants.slice(0, 1)), ...leaders.filter((leader) => !second.has(leader))];
    return causes;
  }

  /** The neurons of the shortest relations among what the structural causes leave. */
  unexplained(dimensions: number): Cause {
    const { kept, columns, count } = this;
    const rows = columns[0].length;
    const matrix = createMatrix(rows, kept.length);
    kept.forEach((j, at) => {
      const length = norm(columns[j]);
      for (let i = 0; i < rows; i++) matrix.values[i * kept.length + at] = columns[j][i] / length;
    });
    const { v } = svd(matrix, 'values of the neurons');
    const neurons = kept.filter((j, at) => {
      if (j >= count) return false;
      for (let k = v.columns - dimensions; k < v.columns; k++)
        if (Math.abs(v.values[at * v.columns + k]) > TAKES_PART) return true;
      return false;
    });
    const words = `${named(neurons)} ${isAre(neurons)} numerically dependent, without a structural cause: conditioning, or a relation that is not known`;
    return { kind: 'unexplained', neurons: oneBased(neurons), dimensions, proven: false, relation: words };
  }

  /** Neurons grouped by the function that they are up to a factor; `sign` is towards the first of the group. */
  private classes(places: readonly number[]): { neuron: number; sign: number }[][] {
    const lengths = this.columns.map(norm);
    const groups: { neuron: number; sign: number }[][] = [];
    for (const neuron of places) {
      const column = this.columns[neuron];
      const group = groups.find(([{ neuron: leader }]) => {
        return this.direction(this.columns[leader], lengths[leader], column, lengths[neuron]) !== 0;
      });
      if (!group) {
        groups.push([{ neuron, sign: 1 }]);
        continue;
      }
      const leader = group[0].neuron;
      group.push({ neuron, sign: this.direction(this.columns[leader], lengths[leader], column, lengths[neuron]) });
    }
    return groups;
  }

  /** 1 or −1 where b is a multiple of a of that sign, else 0. */
  private direction(a: Float64Array, aLength: number, b: Float64Array, bLength: number): number {
    let same = 0;
    let opposite = 0;
    for (let i = 0; i < a.length; i++) {
      const [u, w] = [a[i] / aLength, b[i] / bLength];
      same = Math.max(same, Math.abs(u - w));
      opposite = Math.max(opposite, Math.abs(u + w));
    }
    return same < SAME ? 1 : opposite < SAME ? -1 : 0;
  }

  private equalNeurons(members: readonly { neuron: number; sign: number }[]): Cause {
    const neurons = members.map(({ neuron }) => neuron);
    const opposite = members.some(({ sign }) => sign < 0);
    const words = opposite ? 'are the same function up to the sign' : 'are the same function, up to a positive factor';
    return this.cause(opposite ? 'signEqual' : 'equal', neurons, neurons.length - 1, `${named(neurons)} ${words}`);
  }

  private complements(leaders: readonly number[]): [number, number][] {
    const left = [...leaders];
    const pairs: [number, number][] = [];
    while (left.length > 0) {
      const first = left.shift()!;
      const at = left.findIndex((other) => isFlat(this.columns[first].map((value, i) => value + this.columns[other][i])));
      if (at >= 0) pairs.push([first, left.splice(at, 1)[0]]);
    }
    return pairs;
  }

  /** Each pair adds up to a constant: a dependence beside a constant, or from the second pair on. */
  private sigmoidPairs(pairs: readonly [number, number][], constants: readonly number[]): Cause[] {
    const sum = this.list.activation === 'sigmoid' ? '1' : 'a constant';
    const complement = (pair: readonly number[]) => `${named(pair)} add up to ${sum}`;
    if (this.list.outputBias)
      return pairs.map((pair) =>
        this.cause(
          'sigmoidPair',
          pair,
          1,
          `${complement(pair)}${sum === '1' ? ', the output bias' : ', as the output bias is one'}`,
        ),
      );
    if (constants.length > 0) {
      const constant = constants[0];
      return pairs.map((pair) =>
        this.cause('sigmoidPair', [...pair, constant], 1, `${complement(pair)}, and ${named([constant])} is constant`),
      );
    }
    return pairs
      .slice(1)
      .map((pair) => this.cause('sigmoidPair', [...pairs[0], ...pair], 1, `${complement(pairs[0])}, as ${named(pair)} do`));
  }

  private cause(kind: CauseKind, neurons: readonly number[], dimensions: number, relation: string): Cause {
    return { kind, neurons: oneBased(neurons), dimensions, proven: this.isProven(kind, neurons, dimensions), relation };
  }

  /** Whether exact relations take away as many dimensions. */
  private isProven(kind: CauseKind, neurons: readonly number[], dimensions: number): boolean {
    const { symbolic, list } = this;
    if (!symbolic) return false;
    const polynomials = neurons.map((k) => symbolic.values[k]);
    if (kind === 'constants') return polynomials.every((polynomial) => symbolic.isConstant(polynomial));
    const withOne = kind === 'sigmoidPair' && list.outputBias ? [...polynomials, symbolic.values[this.count]] : polynomials;
    const span = spanOfPolynomials(withOne.map((polynomial) => symbolic.normalized(polynomial)));
    return span !== undefined && withOne.length - span >= dimensions;
  }
}

function largest(column: Float64Array): number {
  return column.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

function norm(column: Float64Array): number {
  const size = largest(column);
  if (size === 0) return 0;
  return size * Math.sqrt(column.reduce((sum, value) => sum + (value / size) * (value / size), 0));
}

function isFlat(column: Float64Array): boolean {
  const least = column.reduce((a, b) => Math.min(a, b), Infinity);
  const most = column.reduce((a, b) => Math.max(a, b), -Infinity);
  return most - least <= FLAT * Math.max(Math.abs(least), Math.abs(most));
}

function oneBased(places: readonly number[]): number[] {
  return places.map((place) => place + 1).sort((a, b) => a - b);
}

/** `neuron 3`, `neurons 1 and 4`, `neurons 1, 2 and 4`. */
function named(places: readonly number[]): string {
  const numbers = oneBased(places);
  if (numbers.length === 1) return `neuron ${numbers[0]}`;
  return `neurons ${numbers.slice(0, -1).join(', ')} and ${numbers[numbers.length - 1]}`;
}

function isAre(places: readonly number[]): string {
  return places.length === 1 ? 'is' : 'are';
}

import type { MatrixFactorizationProblem } from '../kernels/problem';
import type { BoundModel } from '../models/model';
import { ProductLinearization } from './productLinearization';

/**
 * The loss of f(i, j) = a_i·b_j, rows of A and columns of B, around a point. The Hessian is written entry by entry: an entry meets the
 * 2k parameters of its row and its column alone, and adds (2/n)·[b bᵀ, b aᵀ + r·1; a bᵀ + r·1, a aᵀ] to them.
 */
export class FactorizationLinearization extends ProductLinearization {
  constructor(
    bound: BoundModel,
    private readonly problem: MatrixFactorizationProblem,
    targets: Float64Array,
  ) {
    super(bound, targets);
  }

  hessian(out: Float64Array): void {
    const { point, rest, parameterCount: P } = this;
    const { rows, columns, inner, rowOf, columnOf } = this.problem;
    const scale = 2 / rest.length;
    const b = rows * inner;
    out.fill(0);
    for (let s = 0; s < rest.length; s++) {
      const i = rowOf[s] * inner;
      const j = b + columnOf[s];
      const r = scale * rest[s];
      for (let k = 0; k < inner; k++) {
        const ak = scale * point[i + k];
        const bk = scale * point[j + k * columns];
        const rowA = (i + k) * P;
        const rowB = (j + k * columns) * P;
        for (let l = 0; l < inner; l++) {
          const al = point[i + l];
          const bl = point[j + l * columns];
          out[rowA + i + l] += bk * bl;
          out[rowB + j + l * columns] += ak * al;
          out[rowA + j + l * columns] += bk * al;
        }
        out[rowA + j + k * columns] += r;
      }
    }
    for (let i = 0; i < P; i++) for (let j = 0; j < i; j++) out[i * P + j] = out[j * P + i];
  }
}

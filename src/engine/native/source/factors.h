/* Training of A·B at sampled entries by gradient descent, for one kind of processor: as many trainings at once as a vector has lanes,
   each in a lane of its own, with its own samples, start and end. Included once for each kind, after kernel.h, with the same macros.

   What a lane computes are the operations of ../../models/matrixFactorization.ts in their order, and so their bits: sums over the
   inner index in two halves, even and odd; sums over entries row by row, the loss first over each row. An entry that a lane does
   not sample has the residual 0 there: its products are zeros, and to add a zero changes no bit, because every sum begins with +0,
   and as long as the factors are finite. Those of an entry that is not sampled are: only sampled entries change them. Nor does the
   sign of a residual that is zero matter. */

#define INLINE static inline __attribute__((always_inline)) TARGET
/* Four rounds, one after another without a loop. */
#define EACH(n) _Pragma("GCC unroll 4") for (ptrdiff_t n = 0; n < 4; n++)

#if WIDE
#define V vector8
#define I integers8
#define LANES 8
#else
#define V vector4
#define I integers4
#define LANES 4
#endif

INLINE int NAME(all)(I mask) {
#if WIDE
  return _mm512_movepi64_mask((__m512i)mask) == 255;
#else
  return _mm256_movemask_pd((__m256d)mask) == 15;
#endif
}

/* Residuals times 2/n of the entries of row i, which stand at `columns`; adds their squares to the loss. */
INLINE V NAME(factorRow)(
    const struct factors *f, const ptrdiff_t width, const ptrdiff_t inner, ptrdiff_t i, const int32_t *columns,
    const ptrdiff_t count, V scale) {
  const V *restrict a = (const V *)f->a + i * inner, *restrict b = (const V *)f->b;
  const V *targets = (const V *)f->targets + i * width;
  const I *masks = (const I *)f->masks + i * width;
  V *restrict residuals = (V *)f->residuals + i * width;
  V squares = {0};
  for (ptrdiff_t at = 0; at < count; at++) {
    const ptrdiff_t j = columns[at];
    const V *bj = b + j * inner;
    V even = {0}, odd = {0};
    ptrdiff_t k = 0;
    for (; k + 1 < inner; k += 2) {
      even = k == 0 ? a[0] * bj[0] : even + a[k] * bj[k];
      odd = k == 0 ? a[1] * bj[1] : odd + a[k + 1] * bj[k + 1];
    }
    if (k < inner) even = even + a[k] * bj[k];
    const V r = (V)((I)(even + odd - targets[j]) & masks[j]);
    squares = squares + r * r;
    residuals[j] = scale * r;
  }
  return squares;
}

/* 4 × 4 factors, all entries. What is read again and again stands in local arrays, that is, in registers, where a processor has 32 of
   them: loads would take longer than the arithmetic. */
INLINE V NAME(fixedLoss)(const struct factors *f, V scale) {
  const V *restrict a = (const V *)f->a, *restrict targets = (const V *)f->targets;
  const I *restrict masks = (const I *)f->masks;
  V *restrict residuals = (V *)f->residuals;
  V b[4][4], loss = {0};
  EACH(j) EACH(k) b[j][k] = ((const V *)f->b)[j * 4 + k];
  EACH(i) {
    const V a0 = a[i * 4], a1 = a[i * 4 + 1], a2 = a[i * 4 + 2], a3 = a[i * 4 + 3];
    V squares = {0};
    EACH(j) {
      const V even = a0 * b[j][0] + a2 * b[j][2], odd = a1 * b[j][1] + a3 * b[j][3];
      const V r = (V)((I)(even + odd - targets[i * 4 + j]) & masks[i * 4 + j]);
      squares = squares + r * r;
      residuals[i * 4 + j] = scale * r;
    }
    loss = loss + squares;
  }
  return loss;
}

INLINE void NAME(fixedStep)(const struct factors *f, V rate) {
  V *restrict a = (V *)f->a, *restrict b = (V *)f->b;
  V e[4][4];
  EACH(i) EACH(j) e[i][j] = ((const V *)f->residuals)[i * 4 + j];
  EACH(k) {
    V gradient[4] = {{0}, {0}, {0}, {0}};
    EACH(i) {
      const V ai = a[i * 4 + k];
      V sum = {0};
      EACH(j) {
        sum = sum + e[i][j] * b[j * 4 + k];
        gradient[j] = gradient[j] + e[i][j] * ai;
      }
      a[i * 4 + k] = ai - rate * sum;
    }
    EACH(j) b[j * 4 + k] = b[j * 4 + k] - rate * gradient[j];
  }
}

/* The gradients by `numbers` numbers, from the k-th on, of a row of one factor: the entries of the row stand at `others`, rows of
   the other factor, and their residuals lie `first` + `stride` times that. */
INLINE void NAME(gather)(
    const int numbers, const V *residuals, ptrdiff_t first, ptrdiff_t stride, const int32_t *others, ptrdiff_t count,
    const V *factor, ptrdiff_t inner, ptrdiff_t k, V *gradient) {
  V sums[4] = {{0}, {0}, {0}, {0}};
  for (ptrdiff_t at = 0; at < count; at++) {
    const V e = residuals[first + stride * others[at]];
    const V *row = factor + others[at] * inner + k;
    for (int q = 0; q < numbers; q++) sums[q] = sums[q] + e * row[q];
  }
  for (int q = 0; q < numbers; q++) gradient[k + q] = sums[q];
}

INLINE void NAME(gatherRow)(
    const V *residuals, ptrdiff_t first, ptrdiff_t stride, const int32_t *others, ptrdiff_t count, const V *factor,
    ptrdiff_t inner, V *gradient) {
  ptrdiff_t k = 0;
  for (; k + 3 < inner; k += 4) NAME(gather)(4, residuals, first, stride, others, count, factor, inner, k, gradient);
  for (; k < inner; k++) NAME(gather)(1, residuals, first, stride, others, count, factor, inner, k, gradient);
}

INLINE void NAME(anyStep)(const struct factors *f, V rate) {
  const ptrdiff_t height = f->rows, width = f->columns, inner = f->inner;
  V *a = (V *)f->a, *b = (V *)f->b, *gradient = (V *)f->gradient;
  const V *residuals = (const V *)f->residuals;
  for (ptrdiff_t i = 0; i < height; i++)
    NAME(gatherRow)(residuals, i * width, 1, f->rowLists + i * width, f->rowCounts[i], b, inner, gradient + i * inner);
  V *below = gradient + height * inner;
  for (ptrdiff_t j = 0; j < width; j++)
    NAME(gatherRow)(residuals, j, width, f->columnLists + j * height, f->columnCounts[j], a, inner, below + j * inner);
  /* B lies behind A. */
  for (ptrdiff_t p = 0; p < (height + width) * inner; p++) a[p] = a[p] - rate * gradient[p];
}

/* Takes up to `count` steps of all lanes and returns how many: fewer where some lane ends before an update. The ends are in
   `status`; `lastLoss` is the loss where the lanes that ended are, and the losses to be kept are. */
INLINE ptrdiff_t NAME(advance)(struct factors *f, ptrdiff_t count, const int fixed) {
  const V scale = *(const V *)f->scale, samples = *(const V *)f->samples;
  const V stop = *(const V *)f->stopLoss, divergence = *(const V *)f->divergenceLoss;
  const V zero = {0}, rate = zero + f->rate;
  for (int lane = 0; lane < LANES; lane++) f->status[lane] = GOES_ON;
  ptrdiff_t due = stepsUntilDue(f, LANES);
  for (ptrdiff_t taken = 0; taken < count; taken++) {
    V loss = {0};
    if (fixed) {
      loss = NAME(fixedLoss)(f, scale);
    } else {
      const ptrdiff_t height = f->rows, width = f->columns;
      for (ptrdiff_t i = 0; i < height; i++)
        loss = loss + NAME(factorRow)(f, width, f->inner, i, f->rowLists + i * width, f->rowCounts[i], scale);
    }
    loss = loss / samples;
    /* Written so that NaN ends here too. */
    const I goesOn = (loss <= divergence) & ~(loss < stop);
    if (taken == due || !NAME(all)(goesOn)) {
      *(V *)f->lastLoss = loss;
      if (visitLanes(f, LANES, taken)) return taken;
      due = stepsUntilDue(f, LANES);
    }
    if (fixed) NAME(fixedStep)(f, rate);
    else NAME(anyStep)(f, rate);
  }
  return count;
}

static TARGET ptrdiff_t NAME(advanceFactors)(struct factors *f, ptrdiff_t count) {
  const int fixed = f->rows == 4 && f->columns == 4 && f->inner == 4;
  const ptrdiff_t taken = fixed ? NAME(advance)(f, count, 1) : NAME(advance)(f, count, 0);
  for (int lane = 0; lane < LANES; lane++) f->step[lane] += (double)taken;
  return taken;
}

#undef V
#undef I
#undef LANES
#undef INLINE
#undef EACH

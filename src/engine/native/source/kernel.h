/* Loss and gradient of a two-layer net for one kind of processor. Included once for each, with

     NAME(x)  x with the ending of this kind
     TARGET   the function attribute that allows its instructions
     WIDE     whether a vector has 8 lanes (else 4)

   The unit is a pair P: four samples of a neuron and of its neighbour. Every sum over samples runs in four parts, sample s in
   part s mod 4, which are added as (0 + 2) + (1 + 3); all else is in the order of the formula. No operations are contracted.
   That is what ../../kernels/assembly/twoLayer.ts and ../../models/twoLayer.ts do, so all of them give the same bits. Where the
   number of neurons is odd, the last one is paired with itself: computed twice, counted once. */

#define INLINE static inline __attribute__((always_inline)) TARGET

#if WIDE
#define V vector8
#define I integers8
#define UNALIGNED unaligned8
#define LANES 8
#define MINIMUM(a, b) _mm512_min_pd(_mm512_set1_pd(a), b)
#else
#define V vector4
#define I integers4
#define UNALIGNED unaligned4
#define LANES 4
#define MINIMUM(a, b) _mm256_min_pd(_mm256_set1_pd(a), b)
#endif
/* Vectors that are computed in step at most. */
#define MOST 4
#include "functions.h"

INLINE vector4 NAME(load4)(const double *p) { return *(const unaligned4 *)p; }
INLINE void NAME(store4)(double *p, vector4 x) { *(unaligned4 *)p = x; }

/* Vectors in a pair. */
#define PARTS (8 / LANES)
typedef struct { V part[PARTS]; } NAME(pair);
#define P NAME(pair)

INLINE P NAME(loadPair)(const double *p) {
  P x;
  for (int i = 0; i < PARTS; i++) x.part[i] = *(const UNALIGNED *)(p + LANES * i);
  return x;
}
INLINE void NAME(storePair)(double *p, P x) {
  for (int i = 0; i < PARTS; i++) *(UNALIGNED *)(p + LANES * i) = x.part[i];
}
INLINE P NAME(plus)(P x, P y) {
  for (int i = 0; i < PARTS; i++) x.part[i] += y.part[i];
  return x;
}
INLINE P NAME(minus)(P x, P y) {
  for (int i = 0; i < PARTS; i++) x.part[i] -= y.part[i];
  return x;
}
INLINE P NAME(times)(P x, P y) {
  for (int i = 0; i < PARTS; i++) x.part[i] *= y.part[i];
  return x;
}
#if WIDE
INLINE P NAME(twice)(const double *p) { return (P){{_mm512_broadcast_f64x4(*(const unaligned4 *)p)}}; }
INLINE P NAME(pairOf)(double a, double b) { return (P){{{a, a, a, a, b, b, b, b}}}; }
INLINE vector4 NAME(own)(P x) { return _mm512_castpd512_pd256(x.part[0]); }
INLINE vector4 NAME(neighbours)(P x) { return _mm512_extractf64x4_pd(x.part[0], 1); }
#else
INLINE P NAME(twice)(const double *p) { return (P){{*(const unaligned4 *)p, *(const unaligned4 *)p}}; }
INLINE P NAME(pairOf)(double a, double b) { return (P){{{a, a, a, a}, {b, b, b, b}}}; }
INLINE vector4 NAME(own)(P x) { return x.part[0]; }
INLINE vector4 NAME(neighbours)(P x) { return x.part[1]; }
#endif

/* (0 + 2) + (1 + 3) of the lanes of each of four vectors. */
INLINE vector4 NAME(sums)(vector4 a, vector4 b, vector4 c, vector4 d) {
  const vector4 ac = SHUFFLE(a, c, 0, 1, 4, 5) + SHUFFLE(a, c, 2, 3, 6, 7);
  const vector4 bd = SHUFFLE(b, d, 0, 1, 4, 5) + SHUFFLE(b, d, 2, 3, 6, 7);
  return SHUFFLE(ac, bd, 0, 4, 2, 6) + SHUFFLE(ac, bd, 1, 5, 3, 7);
}

/* Activations of `pairs` pairs of neurons from the k-th on at `quads` times four samples from the s-th on, whose share is added to
   the residuals there. Many sums at once: one alone would wait for itself most of the time. */
INLINE void NAME(forwardBlock)(
    const int pairs, const int quads, const int activation, const struct net *net, ptrdiff_t k, ptrdiff_t s) {
  const ptrdiff_t m = net->m, d = net->d, n = net->n;
  const double *w[4];
  P z[8];
  for (int p = 0; p < pairs; p++) {
    const ptrdiff_t first = k + 2 * p, other = first + 1 < m ? first + 1 : first;
    const P bias = net->biases ? NAME(pairOf)(net->biases[first], net->biases[other]) : NAME(pairOf)(0, 0);
    for (int q = 0; q < quads; q++) z[p * quads + q] = bias;
    w[2 * p] = net->inputWeights + first * d;
    w[2 * p + 1] = net->inputWeights + other * d;
  }
  const double *x = net->inputs + s;
  for (ptrdiff_t j = 0; j < d; j++, x += n) {
    for (int p = 0; p < pairs; p++) {
      const P weights = NAME(pairOf)(w[2 * p][j], w[2 * p + 1][j]);
      for (int q = 0; q < quads; q++)
        z[p * quads + q] = NAME(plus)(z[p * quads + q], NAME(times)(weights, NAME(twice)(x + 4 * q)));
    }
  }

  double *hidden = net->hidden + k * n + 2 * s, *slopes = net->slopes + k * n + 2 * s;
  if (activation > EXP)
    for (int i = 0; i < pairs * quads; i++) {
      P slope;
      for (int c = 0; c < PARTS; c++) slope.part[c] = NAME(slopeOf)(activation, z[i].part[c]);
      NAME(storePair)(slopes + 2 * (i / quads) * n + 8 * (i % quads), slope);
    }
  const int count = pairs * quads * PARTS < MOST ? pairs * quads * PARTS : MOST;
  for (int i = 0; i < pairs * quads; i += MOST / PARTS) {
    V chains[MOST];
    for (int c = 0; c < count; c++) chains[c] = z[i + c / PARTS].part[c % PARTS];
    NAME(activate)(activation, count, chains, net->shift);
    for (int c = 0; c < count; c++) z[i + c / PARTS].part[c % PARTS] = chains[c];
  }

  for (int q = 0; q < quads; q++) {
    double *r = net->residuals + s + 4 * q;
    vector4 sum = NAME(load4)(r);
    for (int p = 0; p < pairs; p++) {
      const ptrdiff_t first = k + 2 * p;
      const P h = z[p * quads + q];
      NAME(storePair)(hidden + 2 * p * n + 8 * q, h);
      sum = sum + net->outputWeights[first] * NAME(own)(h);
      if (first + 1 < m) sum = sum + net->outputWeights[first + 1] * NAME(neighbours)(h);
    }
    NAME(store4)(r, sum);
  }
}

INLINE void NAME(forward)(const int activation, const struct net *net) {
  const ptrdiff_t m = net->m, n = net->n;
  /* The inputs of a block of samples stay in the cache while all neurons pass over them. */
  const ptrdiff_t block = most(16, CACHED / net->d / 16 * 16);
  for (ptrdiff_t from = 0; from < n; from += block) {
    const ptrdiff_t to = least(n, from + block);
    ptrdiff_t k = 0, s;
    for (; k + 3 < m; k += 4) {
      s = from;
#if WIDE
      for (; s + 16 <= to; s += 16) NAME(forwardBlock)(2, 4, activation, net, k, s);
#endif
      for (; s + 8 <= to; s += 8) NAME(forwardBlock)(2, 2, activation, net, k, s);
      if (s < to) NAME(forwardBlock)(2, 1, activation, net, k, s);
    }
    for (; k < m; k += 2) {
      s = from;
      for (; s + 8 <= to; s += 8) NAME(forwardBlock)(1, 2, activation, net, k, s);
      if (s < to) NAME(forwardBlock)(1, 1, activation, net, k, s);
    }
  }
}

/* The gradient by output weights, biases and the first `rest` input weights of neuron k and its neighbour; leaves e·σ′ where
   their activations were. */
INLINE void NAME(errorsBehind)(const int activation, const int rest, const struct net *net, ptrdiff_t k) {
  const ptrdiff_t m = net->m, d = net->d, n = net->n, other = k + 1 < m ? k + 1 : k;
  double *hidden = net->hidden + k * n, *slopes = net->slopes + k * n;
  P value = NAME(pairOf)(0, 0), slope = value, p0 = value, p1 = value, p2 = value;
  for (ptrdiff_t s = 0; s < n; s += 4) {
    const P e = NAME(twice)(net->residuals + s);
    const P h = NAME(loadPair)(hidden + 2 * s);
    const P eh = NAME(times)(e, h);
    value = NAME(plus)(value, eh);
    P u;
    if (activation <= SHIFTED_TANH) u = NAME(minus)(e, NAME(times)(eh, h));
    else if (activation == SIGMOID) u = NAME(minus)(eh, NAME(times)(eh, h));
    else if (activation == EXP) u = eh;
    else u = NAME(times)(e, NAME(loadPair)(slopes + 2 * s));
    slope = NAME(plus)(slope, u);
    NAME(storePair)(hidden + 2 * s, u);
    const double *x = net->inputs + s;
    if (rest > 0) p0 = NAME(plus)(p0, NAME(times)(u, NAME(twice)(x)));
    if (rest > 1) p1 = NAME(plus)(p1, NAME(times)(u, NAME(twice)(x + n)));
    if (rest > 2) p2 = NAME(plus)(p2, NAME(times)(u, NAME(twice)(x + 2 * n)));
  }
  const double a0 = net->outputWeights[k], a1 = net->outputWeights[other];
  const vector4 sums = NAME(sums)(NAME(own)(value), NAME(neighbours)(value), NAME(own)(slope), NAME(neighbours)(slope));
  net->gradient[k] = sums[0];
  net->gradient[other] = sums[1];
  if (net->biasGradient) {
    net->biasGradient[k] = a0 * sums[2];
    net->biasGradient[other] = a1 * sums[3];
  }
  double *out0 = net->gradient + m + k * d, *out1 = net->gradient + m + other * d;
  if (rest > 0) {
    const vector4 ab = NAME(sums)(NAME(own)(p0), NAME(neighbours)(p0), NAME(own)(p1), NAME(neighbours)(p1));
    out0[0] = a0 * ab[0];
    out1[0] = a1 * ab[1];
    if (rest > 1) {
      out0[1] = a0 * ab[2];
      out1[1] = a1 * ab[3];
    }
  }
  if (rest > 2) {
    const vector4 c = NAME(sums)(NAME(own)(p2), NAME(neighbours)(p2), NAME(own)(p2), NAME(neighbours)(p2));
    out0[2] = a0 * c[0];
    out1[2] = a1 * c[1];
  }
}

/* The gradient by the four input weights from the j-th on, of `pairs` pairs of neurons from the k-th on. */
INLINE void NAME(projectOnFour)(const int pairs, const struct net *net, ptrdiff_t k, ptrdiff_t j) {
  const ptrdiff_t m = net->m, d = net->d, n = net->n;
  const double *x = net->inputs + j * n, *u = net->hidden + k * n;
  P sums[2][4];
  for (int q = 0; q < pairs; q++)
    for (int f = 0; f < 4; f++) sums[q][f] = NAME(pairOf)(0, 0);
  for (ptrdiff_t s = 0; s < n; s += 4)
    for (int q = 0; q < pairs; q++)
      for (int f = 0; f < 4; f++)
        sums[q][f] = NAME(plus)(sums[q][f], NAME(times)(NAME(loadPair)(u + 2 * q * n + 2 * s), NAME(twice)(x + f * n + s)));
  for (int q = 0; q < pairs; q++) {
    const ptrdiff_t first = k + 2 * q, other = first + 1 < m ? first + 1 : first;
    const P *each = sums[q];
    double *out = net->gradient + m + j;
    const vector4 own = NAME(sums)(NAME(own)(each[0]), NAME(own)(each[1]), NAME(own)(each[2]), NAME(own)(each[3]));
    NAME(store4)(out + first * d, net->outputWeights[first] * own);
    const vector4 next =
        NAME(sums)(NAME(neighbours)(each[0]), NAME(neighbours)(each[1]), NAME(neighbours)(each[2]), NAME(neighbours)(each[3]));
    NAME(store4)(out + other * d, net->outputWeights[other] * next);
  }
}

INLINE void NAME(backward)(const int activation, const struct net *net) {
  const ptrdiff_t m = net->m, d = net->d;
  /* What a group of neurons sends back stays in the cache while it meets all features. */
  const ptrdiff_t group = most(4, CACHED / net->n / 4 * 4);
  const int rest = (int)(d % 4);
  for (ptrdiff_t from = 0; from < m; from += group) {
    const ptrdiff_t to = least(m, from + group);
    for (ptrdiff_t k = from; k < to; k += 2) {
      if (rest == 0) NAME(errorsBehind)(activation, 0, net, k);
      else if (rest == 1) NAME(errorsBehind)(activation, 1, net, k);
      else if (rest == 2) NAME(errorsBehind)(activation, 2, net, k);
      else NAME(errorsBehind)(activation, 3, net, k);
    }
    for (ptrdiff_t j = rest; j < d; j += 4) {
      ptrdiff_t k = from;
#if WIDE
      for (; k + 2 < to; k += 4) NAME(projectOnFour)(2, net, k, j);
#endif
      for (; k < to; k += 2) NAME(projectOnFour)(1, net, k, j);
    }
  }
}

static TARGET double NAME(lossAndGradient)(int activation, const struct net *net) {
  const ptrdiff_t n = net->n;
  const double start = net->outputBias ? *net->outputBias : 0;
  for (ptrdiff_t s = 0; s < n; s++) net->residuals[s] = start - net->targets[s];
  /* The activation that is used most gets loops without choices. */
  if (activation == TANH) NAME(forward)(TANH, net);
  else NAME(forward)(activation, net);

  vector4 squares = {0}, errors = {0};
  const double scale = 2 / net->count;
  for (ptrdiff_t s = 0; s < n; s += 4) {
    const vector4 r = NAME(load4)(net->residuals + s) * NAME(load4)(net->mask + s);
    squares += r * r;
    const vector4 e = scale * r;
    errors += e;
    NAME(store4)(net->residuals + s, e);
  }
  const vector4 sums = NAME(sums)(squares, errors, squares, errors);

  if (activation == TANH) NAME(backward)(TANH, net);
  else NAME(backward)(activation, net);
  if (net->outputBiasGradient) *net->outputBiasGradient = sums[1];
  return sums[0] / net->count;
}

/* θ ← θ − η g. */
static TARGET void NAME(gradientDescent)(
    ptrdiff_t count, double rate, double *restrict parameters, const double *restrict gradient) {
  for (ptrdiff_t i = 0; i < count; i++) parameters[i] = parameters[i] - rate * gradient[i];
}

/* As adamUpdate in ../../kernels/assembly/optimizers.ts. */
static TARGET void NAME(adam)(
    ptrdiff_t count, double rate, double secondCorrection, double beta1, double beta2, double epsilon,
    double *restrict parameters, const double *restrict gradient, double *restrict first, double *restrict second) {
  const double takeFirst = 1 - beta1, takeSecond = 1 - beta2;
  for (ptrdiff_t i = 0; i < count; i++) {
    const double g = gradient[i];
    const double m = beta1 * first[i] + takeFirst * g;
    const double v = beta2 * second[i] + takeSecond * g * g;
    first[i] = m;
    second[i] = v;
    parameters[i] = parameters[i] - rate * m / (sqrt(v * secondCorrection) + epsilon);
  }
}

#undef V
#undef I
#undef P
#undef UNALIGNED
#undef LANES
#undef MINIMUM
#undef MOST
#undef PARTS
#undef INLINE

/* Activation functions of one vector V (with integers I of the same lanes): the operations of ../../kernels/assembly/vector*.ts in
   their order, and so their bits. */

INLINE V NAME(select)(I mask, V yes, V no) { return (V)(((I)yes & mask) | ((I)no & ~mask)); }
INLINE V NAME(absolute)(V x) { return (V)((I)x & 0x7fffffffffffffff); }
INLINE V NAME(signOf)(V x) { return (V)((I)x & (-0x7fffffffffffffff - 1)); }
INLINE V NAME(powerOfTwo)(V shifted) { return (V)(((I)shifted << 52) + 0x3ff0000000000000); }

INLINE int NAME(within)(V x, double limit) {
  const I inside = NAME(absolute)(x) <= limit;
  int64_t all = -1;
  for (int i = 0; i < LANES; i++) all &= inside[i];
  return all != 0;
}

/* Arguments that training hardly ever meets: the host calls the functions of ../../numbers. */
static __attribute__((noinline)) TARGET void NAME(host)(int function, const double *x, double *y) {
  for (int i = 0; i < LANES; i++) y[i] = hostFunction(function, x[i]);
}

INLINE V NAME(hostVector)(int function, V x) {
  double in[LANES], out[LANES];
  *(UNALIGNED *)in = x;
  NAME(host)(function, in, out);
  return *(UNALIGNED *)out;
}

INLINE V NAME(sumError)(V a, V b, V sum) {
  const V bb = sum - a;
  return (a - (sum - bb)) + (b - bb);
}

/* tanh of several vectors in step: the processor could not look far enough ahead to overlap one after the other. */
INLINE void NAME(tanhFast)(const int count, V *x) {
  V k[MOST], high[MOST], low[MOST], r[MOST], r2[MOST], r4[MOST], p[MOST], q[MOST], t[MOST], scale[MOST];
#define EACH for (int c = 0; c < count; c++)
  EACH k[c] = MINIMUM(20.0, NAME(absolute)(x[c])); /* keeps NaN */
  EACH scale[c] = k[c] * 2.8853900817779268 + 6755399441055744.0;
  EACH high[c] = k[c] + k[c];
  EACH k[c] = scale[c] - 6755399441055744.0;
  EACH high[c] = high[c] - k[c] * 0.6931471803691238;
  EACH low[c] = k[c] * 1.9082149292705877e-10;
  EACH r[c] = high[c] - low[c];
  EACH r2[c] = r[c] * r[c];
  EACH q[c] = 2.7557268459997064e-6 * r[c] + 2.4801521295954376e-5;
  EACH p[c] = 2.510038549551032e-8 * r[c] + 2.7620088445409746e-7;
  EACH r4[c] = r2[c] * r2[c];
  EACH t[c] = 0.00019841269863053618 * r[c] + 0.0013888888917213717;
  EACH q[c] = q[c] * r2[c] + t[c];
  EACH p[c] = p[c] * r4[c] + q[c];
  EACH q[c] = 0.008333333333330062 * r[c] + 0.04166666666662413;
  EACH t[c] = 0.16666666666666669 * r[c] + 0.5;
  EACH q[c] = q[c] * r2[c] + t[c];
  EACH p[c] = p[c] * r4[c] + q[c];
  EACH scale[c] = NAME(powerOfTwo)(scale[c]);
  EACH p[c] = r2[c] * p[c] - low[c];
  EACH p[c] = ((scale[c] - 1.0) + scale[c] * high[c]) + scale[c] * p[c];
  EACH p[c] = p[c] / (p[c] + 2.0);
  EACH x[c] = (V)((I)p[c] | (I)NAME(signOf)(x[c]));
#undef EACH
}

INLINE V NAME(exponentialTail)(V r) {
  const V r2 = r * r;
  const V r4 = r2 * r2;
  const V p03 = (0.008333333333330062 * r + 0.04166666666662413) * r2 + (0.16666666666666669 * r + 0.5);
  const V p47 = (2.7557268459997064e-6 * r + 2.4801521295954376e-5) * r2 + (0.00019841269863053618 * r + 0.0013888888917213717);
  const V p89 = 2.510038549551032e-8 * r + 2.7620088445409746e-7;
  return r4 * (r4 * p89 + p47) + p03;
}

INLINE V NAME(exponential)(V x) {
  if (!NAME(within)(x, 707)) return NAME(hostVector)(HOST_EXP, x);
  const V shifted = x * 1.4426950408889634 + 6755399441055744.0;
  const V k = shifted - 6755399441055744.0;
  const V high = x - k * 0.6931471803691238;
  const V low = k * 1.9082149292705877e-10;
  const V r = high - low;
  const V tail = (r * r) * NAME(exponentialTail)(r) - low;
  return (1.0 + (high + tail)) * NAME(powerOfTwo)(shifted);
}

INLINE V NAME(artanhSeries)(V z) {
  const V z2 = z * z;
  const V z4 = z2 * z2;
  const V low = ((2.0 / 9.0) * z + 2.0 / 7.0) * z2 + ((2.0 / 5.0) * z + 2.0 / 3.0);
  const V middle = ((2.0 / 17.0) * z + 2.0 / 15.0) * z2 + ((2.0 / 13.0) * z + 2.0 / 11.0);
  const V high = ((2.0 / 25.0) * z + 2.0 / 23.0) * z2 + ((2.0 / 21.0) * z + 2.0 / 19.0);
  return z * (z4 * (z4 * high + middle) + low);
}

/* log(1 + x) for 0 <= x <= 1. */
INLINE V NAME(log1pOfUnit)(V x) {
  const V zero = {0}, one = zero + 1.0;
  const I isSmall = x < 0.41;
  const V u = 1.0 + x;
  const V lost = x - (u - 1.0);
  const I isHigh = (u > 1.4142135623730951) & ~isSmall;
  const V reduced = NAME(select)(isHigh, u * 0.5, u);
  const V f = NAME(select)(isSmall, x, reduced - 1.0);
  const V k = (V)((I)one & isHigh);
  const V correction = NAME(select)(isSmall, zero, lost / u);
  const V s = f / (2.0 + f);
  const V half = (0.5 * f) * f;
  const V small = s * (half + NAME(artanhSeries)(s * s)) + (k * 1.9082149292705877e-10 + correction);
  const V logarithm = k * 0.6931471803691238 - ((half - small) - f);
  return NAME(select)(x < 1e-16, x, logarithm);
}

INLINE V NAME(softplus)(V x) {
  if (!NAME(within)(x, 40)) return NAME(hostVector)(HOST_SOFTPLUS, x);
  const V q = -NAME(absolute)(x);
  const V shifted = q * 1.4426950408889634 + 6755399441055744.0;
  const V k = shifted - 6755399441055744.0;
  const V rh = q - k * 0.6931471803691238;
  const V lo = k * 1.9082149292705877e-10;
  const V r = rh - lo;
  const V v = (r * r) * NAME(exponentialTail)(r) - lo;
  const V w = rh + v;
  const V high = 1.0 + w;
  const V low = (w - (high - 1.0)) + NAME(sumError)(rh, v, w);
  const V scale = NAME(powerOfTwo)(shifted);
  const V qh = high * scale;
  const V logarithm = NAME(log1pOfUnit)(qh) + (low * scale) / (1.0 + qh);
  return NAME(select)(x < 0.0, logarithm, x + logarithm);
}

INLINE V NAME(rectified)(V z) { return (V)((I)z & ~(z <= 0.0)); /* keeps NaN, makes -0 and all below it 0 */ }

/* Sine (cosine = 0) or cosine (1). */
INLINE V NAME(sineOrCosine)(V x, const int cosine) {
  if (!NAME(within)(x, 1e6)) return NAME(hostVector)(cosine ? HOST_COS : HOST_SIN, x);
  const V shifted = x * 0.6366197723675814 + 6755399441055744.0;
  const V n = shifted - 6755399441055744.0;
  const V a = x - n * 1.5707963267341256;
  const V b = n * 6.077100506303966e-11;
  const V s = a - b;
  const V c = n * 2.0222662487111665e-21;
  const V t = s - c;
  const V rest = (NAME(sumError)(a, -b, s) + NAME(sumError)(s, -c, t)) - n * 8.4784276603689e-32;
  const V high = t + rest;
  const V low = (t - high) + rest;
  const V z = high * high;
  const V half = 0.5 * z;

  V tail = z * (1.0 / 355687428096000.0) + -1.0 / 1307674368000.0;
  tail = z * tail + 1.0 / 6227020800.0;
  tail = z * tail + -1.0 / 39916800.0;
  tail = z * tail + 1.0 / 362880.0;
  tail = z * tail + -1.0 / 5040.0;
  tail = z * tail + 1.0 / 120.0;
  const V cubic = (high * z) * (z * tail + -1.0 / 6.0);
  const V sine = high + (cubic + low * (1.0 - half));

  tail = z * (-1.0 / 6402373705728000.0) + 1.0 / 20922789888000.0;
  tail = z * tail + -1.0 / 87178291200.0;
  tail = z * tail + 1.0 / 479001600.0;
  tail = z * tail + -1.0 / 3628800.0;
  tail = z * tail + 1.0 / 40320.0;
  tail = z * tail + -1.0 / 720.0;
  tail = z * tail + 1.0 / 24.0;
  const V w = 1.0 - half;
  const V cosineValue = w + (((1.0 - w) - half) + ((z * z) * tail - high * low));

  const I odd = ((I)shifted & 1) != 0;
  const I negative = (((I)shifted + cosine) & 2) != 0;
  const V value = NAME(select)(odd ^ -(int64_t)cosine, cosineValue, sine);
  const V turned = (V)((I)value ^ (negative & (-0x7fffffffffffffff - 1)));
  return cosine ? turned : NAME(select)(NAME(absolute)(x) < 7.450580596923828e-9, x, turned);
}

INLINE void NAME(fastSigmoid)(const int count, V *z) {
  for (int c = 0; c < count; c++) z[c] = 0.5 * z[c];
  NAME(tanhFast)(count, z);
  for (int c = 0; c < count; c++) z[c] = 0.5 + 0.5 * z[c];
}

INLINE V NAME(rareActivation)(const int activation, V z) {
  switch (activation) {
    case EXP: return NAME(exponential)(z);
    case SOFTPLUS: return NAME(softplus)(z);
    case RELU: return NAME(rectified)(z);
    default: return NAME(sineOrCosine)(z, 0);
  }
}

/* Replaces `count` vectors by the activations there. */
INLINE void NAME(activate)(const int activation, const int count, V *z, double shift) {
  if (activation <= SIGMOID) {
    if (activation == SHIFTED_TANH)
      for (int c = 0; c < count; c++) z[c] = z[c] + shift;
    if (activation == SIGMOID) NAME(fastSigmoid)(count, z);
    else NAME(tanhFast)(count, z);
  } else {
    for (int c = 0; c < count; c++) z[c] = NAME(rareActivation)(activation, z[c]);
  }
}

/* The slope of the activations where it does not follow from their value. */
INLINE V NAME(slopeOf)(const int activation, V z) {
  const V zero = {0}, one = zero + 1.0;
  switch (activation) {
    case SOFTPLUS: NAME(fastSigmoid)(1, &z); return z;
    case RELU: return (V)((I)one & (z > 0.0));
    default: return NAME(sineOrCosine)(z, 1);
  }
}

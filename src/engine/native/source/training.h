/* One training as the host describes it, and what of it does not depend on the processor. */

#include <math.h>
#include <stddef.h>
#include <stdint.h>

/* As in ../../kernels/problem.ts. Up to EXP the slope follows from the value. */
enum { TANH, SHIFTED_TANH, SIGMOID, EXP, SOFTPLUS, RELU, SIN };
/* As in ../../kernels/assembly/index.ts. */
enum { GOES_ON, DIVERGED, TRAIN_LOSS, GRADIENT_NORM, STEPS };
/* Functions that the host computes at arguments outside the range of the kernels. */
enum { HOST_EXP, HOST_SOFTPLUS, HOST_SIN, HOST_COS };

/* Float64 numbers in this order: ../settings.ts. Places count float64 numbers from the beginning of the memory. */
struct settings {
  double variant, activation, shift, width, dimension, count, padded, hiddenBias, outputBias;
  double inputs, targets, mask, hidden, slopes, residuals, gradient, first, second, parameterCount;
  double adam, beta1, beta2, epsilon, beta1Power, beta2Power;
  double stopLoss, stopGradientNorm, divergenceLoss;
  double status, lastLoss, firstLoss;
};

/* Sizes and places of a two-layer net: see ../../kernels/assembly/twoLayer.ts for their meaning. Activations and slopes lie in
   blocks of 8: four samples of a neuron and the same four samples of its neighbour. */
struct net {
  ptrdiff_t m, d, n;
  double shift, count;
  const double *inputs, *targets, *mask, *outputWeights, *inputWeights, *biases, *outputBias;
  double *hidden, *slopes, *residuals;
  double *gradient, *biasGradient, *outputBiasGradient;
};

/* So many numbers surely stay in the first-level cache. */
enum { CACHED = 2048 };

static double hostFunction(int function, double x);

static inline ptrdiff_t least(ptrdiff_t a, ptrdiff_t b) { return a < b ? a : b; }
static inline ptrdiff_t most(ptrdiff_t a, ptrdiff_t b) { return a > b ? a : b; }

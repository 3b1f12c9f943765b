/* Recovery Lab's native training kernels, as an addon for Node: the WebAssembly kernels' numbers to the last bit, with the vectors
   of x86-64 processors. Compiled by `recovery native build` with one call of the C compiler; -ffp-contract=off is essential. */

#include "nodeApi.h"
#include "training.h"
#include "batch.h"

typedef double vector4 __attribute__((vector_size(32)));
typedef double vector8 __attribute__((vector_size(64)));
typedef double unaligned4 __attribute__((vector_size(32), aligned(8), may_alias));
typedef double unaligned8 __attribute__((vector_size(64), aligned(8), may_alias));
typedef int64_t integers4 __attribute__((vector_size(32)));
typedef int64_t integers8 __attribute__((vector_size(64)));

#ifdef __has_builtin
#if __has_builtin(__builtin_shufflevector)
#define SHUFFLE(a, b, ...) __builtin_shufflevector(a, b, __VA_ARGS__)
#endif
#endif
#ifndef SHUFFLE
#define SHUFFLE(a, b, ...) __builtin_shuffle(a, b, (integers4){__VA_ARGS__})
#endif

#include <immintrin.h>

#define NAME(x) x##_avx2
#define TARGET __attribute__((target("avx2")))
#define WIDE 0
#include "kernel.h"
#include "factors.h"
#undef NAME
#undef TARGET
#undef WIDE

#define NAME(x) x##_avx512
#define TARGET __attribute__((target("avx512f,avx512dq,avx512vl")))
#define WIDE 1
#include "kernel.h"
#include "factors.h"
#undef NAME
#undef TARGET
#undef WIDE

struct variant {
  const char *name;
  int lanes;
  double (*lossAndGradient)(int activation, const struct net *net);
  void (*gradientDescent)(ptrdiff_t count, double rate, double *parameters, const double *gradient);
  void (*adam)(
      ptrdiff_t count, double rate, double secondCorrection, double beta1, double beta2, double epsilon, double *parameters,
      const double *gradient, double *first, double *second);
  ptrdiff_t (*advanceFactors)(struct factors *f, ptrdiff_t count);
};

/* What this processor has, the best one last. */
static struct variant variants[2];
static int variantCount = 0;

static void findVariants(void) {
  if (variantCount > 0) return;
  int count = 0;
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx2"))
    variants[count++] = (struct variant){"AVX2", 4, lossAndGradient_avx2, gradientDescent_avx2, adam_avx2, advanceFactors_avx2};
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl"))
    variants[count++] = (struct variant){"AVX-512", 8, lossAndGradient_avx512, gradientDescent_avx512, adam_avx512, advanceFactors_avx512};
  variantCount = count;
}

/* The call that this thread is in: its environment and the host's functions. */
static __thread napi_env environment;
static __thread napi_value hostFunctions;

static double hostFunction(int function, double x) {
  napi_value values[2], self, result;
  double y = 0;
  napi_create_double(environment, function, &values[0]);
  napi_create_double(environment, x, &values[1]);
  napi_get_undefined(environment, &self);
  if (napi_call_function(environment, self, hostFunctions, 2, values, &result) == 0)
    napi_get_value_double(environment, result, &y);
  return y;
}

static void describe(const struct settings *t, double *memory, const double *parameters, struct net *net) {
  const ptrdiff_t m = (ptrdiff_t)t->width, d = (ptrdiff_t)t->dimension;
  const ptrdiff_t afterWeights = m + m * d, afterBiases = afterWeights + (t->hiddenBias ? m : 0);
  double *gradient = memory + (ptrdiff_t)t->gradient;
  *net = (struct net){
      .m = m,
      .d = d,
      .n = (ptrdiff_t)t->padded,
      .shift = t->shift,
      .count = t->count,
      .inputs = memory + (ptrdiff_t)t->inputs,
      .targets = memory + (ptrdiff_t)t->targets,
      .mask = memory + (ptrdiff_t)t->mask,
      .hidden = memory + (ptrdiff_t)t->hidden,
      .slopes = memory + (ptrdiff_t)t->slopes,
      .residuals = memory + (ptrdiff_t)t->residuals,
      .outputWeights = parameters,
      .inputWeights = parameters + m,
      .biases = t->hiddenBias ? parameters + afterWeights : NULL,
      .outputBias = t->outputBias ? parameters + afterBiases : NULL,
      .gradient = gradient,
      .biasGradient = t->hiddenBias ? gradient + afterWeights : NULL,
      .outputBiasGradient = t->outputBias ? gradient + afterBiases : NULL,
  };
}

/* |g|², even and odd parameters in two sums. */
static double squaredNorm(ptrdiff_t count, const double *gradient) {
  double even = 0, odd = 0;
  for (ptrdiff_t i = 0; i < count; i += 2) even += gradient[i] * gradient[i];
  for (ptrdiff_t i = 1; i < count; i += 2) odd += gradient[i] * gradient[i];
  return even + odd;
}

static void evaluate(struct settings *t, const struct variant *variant, const struct net *net) {
  const double loss = variant->lossAndGradient((int)t->activation, net);
  t->lastLoss = loss;
  /* Written so that NaN ends here too. */
  if (!(loss < INFINITY && loss <= t->divergenceLoss)) t->status = DIVERGED;
  else if (loss < t->stopLoss) t->status = TRAIN_LOSS;
  else if (t->stopGradientNorm > 0 && sqrt(squaredNorm((ptrdiff_t)t->parameterCount, net->gradient)) < t->stopGradientNorm)
    t->status = GRADIENT_NORM;
  else t->status = GOES_ON;
}

static double steps(struct settings *t, double *memory, double *parameters, double count, double rate) {
  const struct variant *variant = &variants[(int)t->variant];
  struct net net;
  describe(t, memory, parameters, &net);
  if (count == 0) evaluate(t, variant, &net);
  for (double taken = 0; taken < count; taken++) {
    evaluate(t, variant, &net);
    if (taken == 0) t->firstLoss = t->lastLoss;
    if (t->status != GOES_ON) return taken;
    const ptrdiff_t all = (ptrdiff_t)t->parameterCount;
    if (t->adam) {
      t->beta1Power *= t->beta1;
      t->beta2Power *= t->beta2;
      variant->adam(
          all, rate / (1 - t->beta1Power), 1 / (1 - t->beta2Power), t->beta1, t->beta2, t->epsilon, parameters, net.gradient,
          memory + (ptrdiff_t)t->first, memory + (ptrdiff_t)t->second);
    } else {
      variant->gradientDescent(all, rate, parameters, net.gradient);
    }
  }
  return count;
}

static double *numbersOf(napi_env env, napi_value array) {
  void *data = NULL;
  napi_get_typedarray_info(env, array, NULL, NULL, &data, NULL, NULL);
  return data;
}

/* advance(settings, memory, parameters, count, rate, hostFunctions): takes up to `count` steps and returns how many; 0 evaluates. */
static napi_value advance(napi_env env, napi_callback_info info) {
  napi_value values[6], result;
  size_t count = 6;
  double stepCount, rate;
  napi_get_cb_info(env, info, &count, values, NULL, NULL);
  double *settings = numbersOf(env, values[0]), *memory = numbersOf(env, values[1]), *parameters = numbersOf(env, values[2]);
  napi_get_value_double(env, values[3], &stepCount);
  napi_get_value_double(env, values[4], &rate);
  environment = env;
  hostFunctions = values[5];
  napi_create_double(env, steps((struct settings *)settings, memory, parameters, stepCount, rate), &result);
  return result;
}

/* advanceFactors(settings, memory, lists, count): takes up to `count` steps of all trainings of a batch and returns how many; fewer
   where one of them ends. */
static napi_value advanceFactors(napi_env env, napi_callback_info info) {
  napi_value values[4], result;
  size_t count = 4;
  double stepCount;
  napi_get_cb_info(env, info, &count, values, NULL, NULL);
  const struct factorSettings *s = (const struct factorSettings *)numbersOf(env, values[0]);
  double *memory = numbersOf(env, values[1]);
  const int32_t *lists = (const int32_t *)numbersOf(env, values[2]);
  napi_get_value_double(env, values[3], &stepCount);
  const ptrdiff_t rows = (ptrdiff_t)s->rows, columns = (ptrdiff_t)s->columns;
#define AT(field) .field = memory + (ptrdiff_t)s->field
  struct factors f = {
      .rows = rows,
      .columns = columns,
      .inner = (ptrdiff_t)s->inner,
      .rate = s->rate,
      .points = (ptrdiff_t)s->points,
      AT(a), AT(b), AT(gradient), AT(targets), AT(masks), AT(residuals),
      AT(scale), AT(samples), AT(stopLoss), AT(divergenceLoss), AT(stepLimit), AT(step), AT(nextPoint), AT(lastLoss), AT(status),
      AT(keptSteps), AT(losses),
      .rowCounts = lists,
      .rowLists = lists + rows,
      .columnCounts = lists + rows + rows * columns,
      .columnLists = lists + rows + rows * columns + columns,
  };
#undef AT
  const ptrdiff_t taken = variants[(int)s->variant].advanceFactors(&f, (ptrdiff_t)stepCount);
  napi_create_double(env, (double)taken, &result);
  return result;
}

/* misalignment(array): how many numbers lie before the next boundary of 64 bytes. */
static napi_value misalignment(napi_env env, napi_callback_info info) {
  napi_value array, result;
  size_t count = 1;
  napi_get_cb_info(env, info, &count, &array, NULL, NULL);
  napi_create_double(env, (double)((64 - (uintptr_t)numbersOf(env, array) % 64) % 64 / 8), &result);
  return result;
}

static void addFunction(napi_env env, napi_value object, const char *name, napi_callback call) {
  napi_value function;
  napi_create_function(env, name, (size_t)-1, call, NULL, &function);
  napi_set_named_property(env, object, name, function);
}

__attribute__((visibility("default"))) int32_t node_api_module_get_api_version_v1(void) { return 8; }

__attribute__((visibility("default"))) napi_value napi_register_module_v1(napi_env env, napi_value exports) {
  napi_value names, lanes;
  findVariants();
  napi_create_array(env, &names);
  napi_create_array(env, &lanes);
  for (int i = 0; i < variantCount; i++) {
    napi_value name, count;
    napi_create_string_utf8(env, variants[i].name, (size_t)-1, &name);
    napi_set_element(env, names, (uint32_t)i, name);
    napi_create_double(env, variants[i].lanes, &count);
    napi_set_element(env, lanes, (uint32_t)i, count);
  }
  napi_set_named_property(env, exports, "variants", names);
  napi_set_named_property(env, exports, "lanes", lanes);
  addFunction(env, exports, "advance", advance);
  addFunction(env, exports, "advanceFactors", advanceFactors);
  addFunction(env, exports, "misalignment", misalignment);
  return exports;
}

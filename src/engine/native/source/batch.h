/* Trainings of A·B side by side, as the host describes them, and what of them does not depend on the processor. */

/* Float64 numbers in this order: ../factorBatch.ts. Places count float64 numbers from the beginning of the memory. */
struct factorSettings {
  double variant, rows, columns, inner, rate, points;
  double a, b, gradient, targets, masks, residuals;
  double scale, samples, stopLoss, divergenceLoss, stepLimit, step, nextPoint, lastLoss, status;
  double keptSteps, losses;
};

/* The lanes of a number lie side by side. B is transposed. */
struct factors {
  ptrdiff_t rows, columns, inner;
  double rate;
  double *a, *b, *gradient, *targets, *masks, *residuals;
  /* Of each lane: 2/n and n, when it ends, how many steps it has taken, which of its losses is to be kept next, its last loss,
     and why it has ended. */
  const double *scale, *samples, *stopLoss, *divergenceLoss, *stepLimit;
  double *step, *nextPoint, *lastLoss, *status;
  /* Steps at which losses are kept, ascending, infinity last, and for each lane room for so many losses. */
  const double *keptSteps;
  double *losses;
  ptrdiff_t points;
  /* For every row the number of its entries that some lane samples, and their columns; for every column their rows. */
  const int32_t *rowCounts, *rowLists, *columnCounts, *columnLists;
};

static inline double earlier(double a, double b) { return a < b ? a : b; }

/* Steps from the beginning of a call to where some lane must be visited next. */
static __attribute__((noinline)) ptrdiff_t stepsUntilDue(const struct factors *f, int lanes) {
  double due = INFINITY;
  for (int lane = 0; lane < lanes; lane++)
    due = earlier(due, earlier(f->keptSteps[(ptrdiff_t)f->nextPoint[lane]], f->stepLimit[lane]) - f->step[lane]);
  return due < 1e15 ? (ptrdiff_t)due : PTRDIFF_MAX;
}

/* At the losses of the step that `taken` steps lead to: keeps those that are to be kept; says whether some lane ends here. */
static __attribute__((noinline)) int visitLanes(struct factors *f, int lanes, ptrdiff_t taken) {
  int ends = 0;
  for (int lane = 0; lane < lanes; lane++) {
    const double loss = f->lastLoss[lane], step = f->step[lane] + (double)taken;
    const ptrdiff_t next = (ptrdiff_t)f->nextPoint[lane];
    int status = GOES_ON;
    if (!(loss <= f->divergenceLoss[lane])) status = DIVERGED;
    else if (loss < f->stopLoss[lane]) status = TRAIN_LOSS;
    else if (step >= f->stepLimit[lane]) status = STEPS;
    else if (step >= f->keptSteps[next]) {
      f->losses[lane * f->points + next] = loss;
      f->nextPoint[lane]++;
    }
    f->status[lane] = status;
    if (status != GOES_ON) ends = 1;
  }
  return ends;
}

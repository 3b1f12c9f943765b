import { Type, type Static } from '@sinclair/typebox';
import { byKind, closed, count, kind } from './common';

/** Up to this many parameters `"auto"` takes the full spectrum: some seconds for a training. */
export const AUTO_FULL_HESSIAN = 2000;

export const ExtremalHessian = Type.Object(
  {
    kind: kind('extremal', 'The largest and the smallest eigenvalues, by Lanczos with thick restart.'),
    count: Type.Optional(count('Count', 'Eigenvalues at each end of the spectrum.', 500, { default: 10 })),
  },
  {
    title: 'Extremal eigenvalues',
    description: 'Each with its residual and whether it converged; for up to 1e6 parameters.',
    ...closed,
  },
);

export const DensityHessian = Type.Object(
  {
    kind: kind('density', 'Density of the eigenvalues, by stochastic Lanczos quadrature.'),
    probes: Type.Optional(
      count('Probes', 'Independent random vectors: the standard error falls with the square root of their number.', 1000, {
        minimum: 2,
        default: 10,
      }),
    ),
    steps: Type.Optional(
      count('Steps', 'Lanczos steps for each probe: more of them resolve finer detail.', 1000, { minimum: 2, default: 80 }),
    ),
    count: Type.Optional(count('Count', 'Extremal eigenvalues at each end besides the density.', 500, { default: 5 })),
  },
  {
    title: 'Eigenvalue density',
    description: 'With its error, the trace and its standard error, and the extremal eigenvalues; for up to 1e6 parameters.',
    ...closed,
  },
);

export const HessianSchema = Type.Union(
  [
    Type.Literal('none', { description: 'No Hessian.' }),
    Type.Literal('full', {
      description: 'All eigenvalues of the Hessian of the training loss at every trained solution, with residuals.',
    }),
    Type.Literal('extremal', { description: 'The 10 largest and the 10 smallest eigenvalues, each with its residual.' }),
    Type.Literal('density', {
      description:
        'Density of the eigenvalues with its error, from 10 random vectors and 80 Lanczos steps, and 5 eigenvalues at each end.',
    }),
    Type.Literal('auto', { description: `Like "full" up to ${AUTO_FULL_HESSIAN} parameters, like "density" beyond.` }),
    byKind('Large Hessian', 'What is measured without forming the Hessian.', [ExtremalHessian, DensityHessian]),
  ],
  {
    title: 'Hessian',
    description: `Spectrum of the Hessian of the training loss at the solutions. "auto" takes all eigenvalues up to ${AUTO_FULL_HESSIAN} parameters, density and extremal eigenvalues beyond.`,
    default: 'none',
  },
);

export const HessianEverySchema = Type.Union(
  [
    count('Steps', 'Optimizer steps between two spectra; twice as many after every 200 spectra.', 1_000_000_000),
    Type.Object(
      { perDecade: count('Per decade', 'Spectra for every tenfold number of steps.', 100) },
      { title: 'Per decade', description: 'Evenly in the logarithm of the step.', ...closed },
    ),
  ],
  {
    title: 'Hessian every',
    description:
      'Takes the spectrum that `hessian` asks for during training as well: every so many optimizer steps, or so many times in every decade of steps. Of many trainings the first 100 are followed. Not given: at the solutions alone.',
  },
);

export type HessianConfig = Static<typeof HessianSchema>;
export type ExtremalHessianConfig = Static<typeof ExtremalHessian>;
export type DensityHessianConfig = Static<typeof DensityHessian>;
export type HessianEveryConfig = Static<typeof HessianEverySchema>;

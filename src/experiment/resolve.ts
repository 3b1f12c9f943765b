import type { Static, TSchema } from '@sinclair/typebox';
import { withDefaults } from './defaults';
import type { ResolvedHessian, ResolvedModel, ResolvedPoint } from './resolved';
import {
  AUTO_FULL_HESSIAN,
  DensityHessian,
  ExtremalHessian,
  HessianSchema,
  InputsSchema,
  ModelSchema,
  PointSchema,
  TargetSchema,
  type HessianConfig,
  type InputsConfig,
  type ModelConfig,
  type PointConfig,
  type TargetConfig,
} from './schema';
import { matrixShapeOf } from './sizes';

export function resolveModel(model: ModelConfig): ResolvedModel {
  const full = withDefaults(ModelSchema, model) as ModelConfig;
  if (full.kind !== 'matrixFactorization') return full as ResolvedModel;
  if (full.dimensions && full.dimensions.length > 3) return { kind: full.kind, dimensions: full.dimensions };
  return { kind: full.kind, ...matrixShapeOf(full) };
}

export function resolveTarget(target: TargetConfig): TargetConfig {
  const full = withDefaults(TargetSchema, target) as TargetConfig;
  // Nothing is drawn when the neurons are given, so that a seed would only tell equal targets apart.
  if (full.kind === 'teacher' && (full.neurons || full.kernels)) delete full.seed;
  return full;
}

/** Inputs as given; else the entries of a matrix in nested order, or normal inputs. */
export function resolveInputs(model: ModelConfig, inputs: Static<typeof InputsSchema> | undefined): InputsConfig {
  const given = inputs ?? { kind: model.kind === 'matrixFactorization' ? ('entries' as const) : ('normal' as const) };
  return withDefaults(InputsSchema, given) as InputsConfig;
}

/** A point without a name is called by its file, or its kind and its place in the list, from 1. */
export function resolvePoint(point: PointConfig, index: number): ResolvedPoint {
  const full = withDefaults(PointSchema, point) as PointConfig;
  if ('file' in full) return { ...full, kind: 'file', name: full.name ?? full.file };
  if ('parameters' in full) return { ...full, kind: 'given', name: full.name ?? `given ${index + 1}` };
  return { ...full, name: full.name ?? `${full.kind} ${index + 1}` };
}

/** All optional properties of an object with a default are there. */
export type Filled<T> = { [K in keyof T]-?: T[K] };

/** A value that is right by the schema of an object whose optional properties all have a default. */
export function filled<S extends TSchema>(schema: S, value: unknown): Filled<Static<S>> {
  return withDefaults(schema, value) as Filled<Static<S>>;
}

/** Every way of asking for a Hessian in one way; `auto` is decided here, so that it means the same as what it stands for. */
export function resolveHessian(hessian: HessianConfig, parameters: number): ResolvedHessian {
  switch (hessian) {
    case 'none':
    case 'full':
      return hessian;
    case 'auto':
      return parameters <= AUTO_FULL_HESSIAN ? 'full' : resolveHessian('density', parameters);
    case 'extremal':
      return filled(ExtremalHessian, { kind: 'extremal' });
    case 'density':
      return filled(DensityHessian, { kind: 'density' });
    default:
      return withDefaults(HessianSchema, hessian) as ResolvedHessian;
  }
}

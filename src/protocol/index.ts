export { CURVE_COUNT, CURVE_POINTS } from './curves';
export * from './events';
export * from './figure';
export * from './lines';
export * from './panel';
export * from './record';
export * from './reduce';
export * from './spectra';
export * from './table';

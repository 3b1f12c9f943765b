declare module 'kernels:wasm' {
  /** The compiled kernels; the build puts them into the bundle. */
  const binary: Uint8Array<ArrayBuffer>;
  export default binary;
}
declare module 'relaxed:wasm' {
  /** The same, compiled with relaxed SIMD. */
  const binary: Uint8Array<ArrayBuffer>;
  export default binary;
}

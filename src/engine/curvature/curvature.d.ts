declare module 'curvature:wasm' {
  /** The compiled module of assembly/index.ts; the build puts it into the bundle. */
  const binary: Uint8Array<ArrayBuffer>;
  export default binary;
}

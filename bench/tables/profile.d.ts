declare module 'profile:wasm' {
  /** bench/assembly/profile.ts, compiled by bench/run.mjs. */
  const binary: Uint8Array<ArrayBuffer>;
  export default binary;
}

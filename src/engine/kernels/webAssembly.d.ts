/** The part of the WebAssembly interface that the kernels use: Node has it, but its types come only with those of the DOM. */
declare namespace WebAssembly {
  function validate(bytes: Uint8Array<ArrayBuffer>): boolean;
  class Module {
    constructor(bytes: Uint8Array<ArrayBuffer>);
  }
  class Instance {
    constructor(module: Module, imports?: Record<string, Record<string, (...numbers: number[]) => number>>);
    readonly exports: object;
  }
  interface Memory {
    readonly buffer: ArrayBuffer;
    /** Adds pages of 64 KiB; detaches the buffer before. */
    grow(pages: number): number;
  }
}

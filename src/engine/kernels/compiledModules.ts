/** WebAssembly modules by name. They can be handed to other threads, which then share the machine code. */
export type CompiledModules = Readonly<Record<string, WebAssembly.Module>>;

const modules = new Map<string, WebAssembly.Module>();

/** The module of this name: handed over by another thread, or compiled at the first call. */
export function compiledModule(name: string, compile: () => WebAssembly.Module): WebAssembly.Module {
  let module = modules.get(name);
  if (!module) {
    module = compile();
    modules.set(name, module);
  }
  return module;
}

/** Takes over what another thread has compiled. */
export function adoptModules(compiled: CompiledModules): void {
  for (const [name, module] of Object.entries(compiled)) modules.set(name, module);
}

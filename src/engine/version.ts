declare const __ENGINE_VERSION__: string | undefined;

/** Version of the package, written in by the bundler; tests that run from the sources get a name of their own. */
export const ENGINE_VERSION: string = typeof __ENGINE_VERSION__ === 'string' ? __ENGINE_VERSION__ : '0.0.0-source';

/** Style sheets are bundled by esbuild into a file of the entry's name. */
declare module '*.css';

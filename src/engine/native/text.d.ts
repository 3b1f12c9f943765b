declare module '*.c' {
  /** The file as text; the build puts it into the bundle. */
  const text: string;
  export default text;
}
declare module '*.h' {
  const text: string;
  export default text;
}

declare module 'report-assets:script' {
  const text: string;
  export default text;
}

declare module 'report-assets:style' {
  const text: string;
  export default text;
}

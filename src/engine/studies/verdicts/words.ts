/** A number for people: `7`, `0.34`, `1.2e-9`. */
export function number(value: number): string {
  const size = Math.abs(value);
  if (value === 0 || (size >= 1e-3 && size < 1e6)) return String(Number(value.toPrecision(3)));
  const [digits, exponent] = value.toExponential(1).split('e') as [string, string];
  return `${digits.replace(/\.0$/, '')}e${Number(exponent)}`;
}

/** `n = 7`, `n = 7 and 8`, `n = 7 to 9`, `n = 1, 4 and 16`, `n = 1, 4, 9 and 13 more`. */
export function sizes(values: readonly number[]): string {
  const consecutive = values.every((value, i) => i === 0 || value === values[i - 1] + 1);
  if (values.length > 2 && consecutive) return `n = ${values[0]} to ${values[values.length - 1]}`;
  if (values.length === 1) return `n = ${values[0]}`;
  if (values.length > 6) return `n = ${values.slice(0, 3).join(', ')} and ${values.length - 3} more`;
  return `n = ${values.slice(0, -1).join(', ')} and ${values[values.length - 1]}`;
}

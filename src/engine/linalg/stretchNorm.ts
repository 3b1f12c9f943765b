/** ‖a[from … to)‖ of a stretch of a vector, without underflow or overflow of the squares. */
export function stretchNorm(a: Float64Array, from: number, to: number): number {
  let sum = 0;
  for (let i = from; i < to; i++) sum += a[i]! * a[i]!;
  if (sum > 1e-280 && sum < 1e300) return Math.sqrt(sum);
  let largest = 0;
  for (let i = from; i < to; i++) {
    const magnitude = a[i]! < 0 ? -a[i]! : a[i]!;
    if (magnitude > largest) largest = magnitude;
  }
  if (largest === 0) return 0;
  sum = 0;
  for (let i = from; i < to; i++) {
    const x = a[i]! / largest;
    sum += x * x;
  }
  return largest * Math.sqrt(sum);
}

/** How the numbers of an array are stored. */
export type ElementKind = 'float' | 'bfloat' | 'signed' | 'unsigned';

export interface ElementType {
  readonly kind: ElementKind;
  /** Bytes of a number: 2, 4 or 8 of floats, 2 of bfloats, 1, 2, 4 or 8 of integers. */
  readonly size: number;
  readonly littleEndian: boolean;
}

/** Reads `count` numbers from the beginning of the view. Every number but integers beyond 2^53 is exact as a float64. */
export function readElements(view: DataView, count: number, type: ElementType): Float64Array {
  const read = reader(view, type);
  const out = new Float64Array(count);
  for (let i = 0; i < count; i++) out[i] = read(i * type.size);
  return out;
}

function reader(view: DataView, { kind, size, littleEndian }: ElementType): (at: number) => number {
  switch (`${kind}${size}`) {
    case 'float8':
      return (at) => view.getFloat64(at, littleEndian);
    case 'float4':
      return (at) => view.getFloat32(at, littleEndian);
    case 'float2':
      return (at) => halfPrecision(view.getUint16(at, littleEndian));
    case 'bfloat2':
      return bfloatReader(view, littleEndian);
    case 'signed8':
      return (at) => Number(view.getBigInt64(at, littleEndian));
    case 'unsigned8':
      return (at) => Number(view.getBigUint64(at, littleEndian));
    case 'signed4':
      return (at) => view.getInt32(at, littleEndian);
    case 'unsigned4':
      return (at) => view.getUint32(at, littleEndian);
    case 'signed2':
      return (at) => view.getInt16(at, littleEndian);
    case 'unsigned2':
      return (at) => view.getUint16(at, littleEndian);
    case 'signed1':
      return (at) => view.getInt8(at);
    case 'unsigned1':
      return (at) => view.getUint8(at);
    default:
      throw new Error(`There are no ${kind} numbers of ${size} bytes.`);
  }
}

/** IEEE 754 binary16. */
function halfPrecision(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  // Numbers below 2^-14 are multiples of 2^-24.
  if (exponent === 0) return (sign * fraction) / 16777216;
  const significand = sign * (1024 + fraction);
  return exponent >= 25 ? significand * (1 << (exponent - 25)) : significand / (1 << (25 - exponent));
}

/** The upper half of a binary32. */
function bfloatReader(view: DataView, littleEndian: boolean): (at: number) => number {
  const word = new DataView(new ArrayBuffer(4));
  return (at) => {
    word.setUint32(0, view.getUint16(at, littleEndian) << 16);
    return word.getFloat32(0);
  };
}

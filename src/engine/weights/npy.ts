import { readElements, type ElementKind, type ElementType } from './elements';
import { countNumbers, shortened, weightsError, type NamedTensor } from './tensor';

const KINDS: Readonly<Record<string, ElementKind>> = { f: 'float', i: 'signed', u: 'unsigned', b: 'unsigned' };

/**
 * An array in NumPy's format (versions 1 to 3): magic string, length of a header, the header (the literal of a Python
 * dictionary with descr, fortran_order and shape) and the numbers.
 */
export function readNpy(bytes: Uint8Array, arrayName: string): NamedTensor {
  const name = shortened(arrayName);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isNpy = bytes.length >= 12 && bytes[0] === 0x93 && String.fromCharCode(...bytes.subarray(1, 6)) === 'NUMPY';
  if (!isNpy) throw weightsError(`“${name}” is not an array in NumPy's format.`);
  const wide = bytes[6] >= 2;
  const start = wide ? 12 : 10;
  const end = start + (wide ? view.getUint32(8, true) : view.getUint16(8, true));
  if (end > bytes.length) throw weightsError(`The array “${name}” ends within its header.`);
  const header = new TextDecoder('latin1').decode(bytes.subarray(start, end));

  const type = elementType(/'descr'\s*:\s*'([^']*)'/.exec(header)?.[1], name);
  const shapeText = /'shape'\s*:\s*\(([\d,\s]*)\)/.exec(header)?.[1];
  const fortran = /'fortran_order'\s*:\s*(True|False)/.exec(header)?.[1];
  if (shapeText === undefined || fortran === undefined)
    throw weightsError(`The header of the array “${name}” has no shape or order.`);
  const shape = shapeText
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map(Number);
  const count = countNumbers(name, shape);
  if (end + count * type.size > bytes.length) throw weightsError(`The array “${name}” ends before its ${count} numbers do.`);
  const stored = readElements(new DataView(bytes.buffer, bytes.byteOffset + end, count * type.size), count, type);
  return { name: arrayName, shape, values: fortran === 'True' ? rowMajor(stored, shape) : stored };
}

function elementType(descr: string | undefined, name: string): ElementType {
  const parts = /^([<>|=])([fiub])([1248])$/.exec(descr ?? '');
  const kind = parts ? KINDS[parts[2]] : undefined;
  if (!parts || !kind || (kind === 'float' && parts[3] === '1'))
    throw weightsError(
      `The array “${name}” holds ${descr ? `numbers of type ${shortened(descr)}` : 'no plain numbers'}. Save real numbers: float64, float32, float16 or integers.`,
    );
  return { kind, size: Number(parts[3]), littleEndian: parts[1] !== '>' };
}

/** From column-major order, in which the first index runs fastest. */
function rowMajor(stored: Float64Array, shape: readonly number[]): Float64Array {
  const out = new Float64Array(stored.length);
  const index = new Array<number>(shape.length).fill(0);
  for (const value of stored) {
    let at = 0;
    for (let axis = 0; axis < shape.length; axis++) at = at * shape[axis] + index[axis];
    out[at] = value;
    for (let axis = 0; axis < shape.length && ++index[axis] === shape[axis]; axis++) index[axis] = 0;
  }
  return out;
}

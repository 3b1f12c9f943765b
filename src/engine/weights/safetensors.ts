import { readElements, type ElementType } from './elements';
import { countNumbers, shortened, weightsError, type NamedTensor } from './tensor';

const TYPES: Readonly<Record<string, Omit<ElementType, 'littleEndian'>>> = {
  F64: { kind: 'float', size: 8 },
  F32: { kind: 'float', size: 4 },
  F16: { kind: 'float', size: 2 },
  BF16: { kind: 'bfloat', size: 2 },
  I64: { kind: 'signed', size: 8 },
  I32: { kind: 'signed', size: 4 },
  I16: { kind: 'signed', size: 2 },
  I8: { kind: 'signed', size: 1 },
  U64: { kind: 'unsigned', size: 8 },
  U32: { kind: 'unsigned', size: 4 },
  U16: { kind: 'unsigned', size: 2 },
  U8: { kind: 'unsigned', size: 1 },
};

/** Tensors in the safetensors format: length of a header (8 bytes), a JSON header, the numbers; in the order of the header. */
export function readSafetensors(bytes: Uint8Array): NamedTensor[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerLength = bytes.length < 8 ? NaN : Number(view.getBigUint64(0, true));
  if (!(8 + headerLength <= bytes.length)) throw weightsError('This is no safetensors file: it is shorter than its header.');
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + headerLength)));
  } catch {
    throw weightsError('This is no safetensors file: its header is not JSON.');
  }
  if (typeof header !== 'object' || header === null) throw weightsError('This is no safetensors file: its header is no object.');
  const data = bytes.subarray(8 + headerLength);
  let numbers = 0;
  return Object.entries(header)
    .filter(([name]) => name !== '__metadata__')
    .map(([name, entry]) => {
      const tensor = readTensor(name, entry, data);
      // Tensors that lie in the same place would take more memory than their file is long.
      numbers = countNumbers(name, tensor.shape, numbers);
      return tensor;
    });
}

function readTensor(tensorName: string, entry: unknown, data: Uint8Array): NamedTensor {
  const name = shortened(tensorName);
  const { dtype, shape, data_offsets: offsets } = (entry ?? {}) as Record<string, unknown>;
  const type = typeof dtype === 'string' && Object.hasOwn(TYPES, dtype) ? TYPES[dtype] : undefined;
  if (!type)
    throw weightsError(
      `The tensor “${name}” holds ${typeof dtype === 'string' ? `numbers of type ${shortened(dtype)}` : 'numbers of no type that is known'}. Save F64, F32, F16, BF16 or integers.`,
    );
  if (!isPlaces(shape) || !isPlaces(offsets) || offsets.length !== 2)
    throw weightsError(`The tensor “${name}” has no shape or no place in the file.`);
  const count = countNumbers(name, shape);
  const [from, to] = offsets;
  if (to - from !== count * type.size || to > data.length)
    throw weightsError(`The tensor “${name}” says that it has ${count} numbers but takes ${to - from} bytes.`);
  const content = new DataView(data.buffer, data.byteOffset + from, to - from);
  return { name: tensorName, shape, values: readElements(content, count, { ...type, littleEndian: true }) };
}

function isPlaces(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((each) => Number.isSafeInteger(each) && (each as number) >= 0);
}

import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readWeights } from '../../../src/engine/weights';
import recorded from './recorded.json';

interface RecordedFile {
  content: string;
  tensors: { name: string; shape: number[]; values: number[] }[];
}

const SCRIPT = path.join(__dirname, 'reference.py');
const python = ['/usr/bin/python3', 'python3'].find((command) => spawnSync(command, ['-c', 'import numpy']).status === 0);

function compare(files: Record<string, RecordedFile>): void {
  for (const [fileName, { content, tensors }] of Object.entries(files)) {
    const read = readWeights(Buffer.from(content, 'base64'), fileName);
    expect(
      read.map(({ name, shape, values }) => ({ name, shape, values: [...values] })),
      fileName,
    ).toEqual(tensors);
  }
}

describe('weights files', () => {
  it('read as NumPy and safetensors wrote them', () => {
    expect(Object.keys(recorded)).toEqual(['plain.npz', 'compressed.npz', 'single.npy', 'tensors.safetensors']);
    compare(recorded);
  });

  it.skipIf(!python)('read as the NumPy of this machine writes them', () => {
    const run = spawnSync(python!, [SCRIPT], { encoding: 'utf8' });
    expect(run.status, run.stderr).toBe(0);
    compare(JSON.parse(run.stdout) as Record<string, RecordedFile>);
  });
});

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const COMMANDS = [process.env['PYTHON'], '/usr/bin/python3', 'python3'].filter((command) => command !== undefined);
const has = (command: string, modules: string) => spawnSync(command, ['-c', `import ${modules}`]).status === 0;

/** A Python with NumPy, the one with matplotlib first; undefined where there is none. */
export const python =
  COMMANDS.find((command) => has(command, 'numpy, matplotlib')) ?? COMMANDS.find((command) => has(command, 'numpy'));
export const hasMatplotlib = python !== undefined && has(python, 'matplotlib');

/** What stands in for matplotlib where it is not installed: everything can be called and indexed. */
const STAND_IN = `from unittest.mock import MagicMock
def subplots(**options):
    axes = MagicMock()
    axes.get_legend_handles_labels.return_value = ([1], ["a"])
    return MagicMock(), axes
def show():
    pass
`;

/** Runs a script to its end and gives back its NumPy arrays by name, and the picture where matplotlib is there. */
export function runScript(script: string, picture: string): Record<string, unknown> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'recovery-python-'));
  try {
    if (!hasMatplotlib) {
      mkdirSync(path.join(folder, 'matplotlib'));
      writeFileSync(path.join(folder, 'matplotlib', '__init__.py'), '');
      writeFileSync(path.join(folder, 'matplotlib', 'pyplot.py'), STAND_IN);
    }
    writeFileSync(path.join(folder, 'script.py'), script);
    writeFileSync(
      path.join(folder, 'main.py'),
      `import json, numpy
names = {}
exec(compile(open("script.py", encoding="utf-8").read(), "script.py", "exec"), names)
names["fig"].savefig(${JSON.stringify(picture)})
def plain(value):
    if isinstance(value, numpy.ndarray):
        return [plain(each) for each in value]
    if isinstance(value, (list, tuple)):
        return [plain(each) for each in value]
    if isinstance(value, float):
        return repr(float(value))
    return str(value)
print(json.dumps({name: plain(value) for name, value in names.items() if isinstance(value, (numpy.ndarray, list))}))
`,
    );
    const { status, stdout, stderr } = spawnSync(python ?? 'python3', ['main.py'], {
      cwd: folder,
      encoding: 'utf8',
      maxBuffer: 1 << 28,
      env: { ...process.env, MPLBACKEND: 'Agg', PYTHONPATH: folder, PYTHONIOENCODING: 'utf-8' },
    });
    if (status !== 0) throw new Error(stderr);
    return JSON.parse(stdout) as Record<string, unknown>;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

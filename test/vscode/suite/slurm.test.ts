import * as assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { fakeJobs, fakeSlurm } from '../../fixtures/slurm/fakePrograms';
import { api, eventually, extension, openExperiment, useRealEngine } from './support';

/** Trainings enough for minutes; tasks of a fraction of a second. */
const LONG = `{
  "experiment": "recovery",
  "model": { "kind": "matrixFactorization", "rows": 4, "columns": 4 },
  "target": { "kind": "lowRank", "rank": 1 },
  "data": { "sampleSizes": { "from": 1, "to": 16 }, "inputs": { "kind": "entries", "order": "random" } },
  "training": { "trials": 20000, "stop": { "trainLoss": 1e-28, "steps": 60000 } },
  "analysis": { "rank": true, "hessian": "none" },
  "execution": { "chunkMinutes": 0.02 }
}
`;

suite('Slurm', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'recovery-slurm-suite-'));
  const before = { PATH: process.env['PATH'], SLURM_CONF: process.env['SLURM_CONF'] };
  const settings = () => vscode.workspace.getConfiguration('recoveryLab');
  const set = async (name: string, value: unknown, target: vscode.ConfigurationTarget) => settings().update(name, value, target);
  const { Workspace, Global } = vscode.ConfigurationTarget;
  let state = '';

  suiteSetup(async () => {
    await useRealEngine();
    const environment = fakeSlurm(path.join(extension().extensionPath, 'test/fixtures/slurm/fakeSlurm.mjs'), folder);
    state = environment.SLURM_CONF;
    Object.assign(process.env, environment);
    await set('executor', 'slurm', Workspace);
    await set('slurm.setup', ['export FROM_SETTINGS=1'], Global);
  });
  suiteTeardown(async () => {
    for (const [name, value] of Object.entries(before)) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
    await set('executor', undefined, Workspace);
    await set('slurm.setup', undefined, Global);
    await eventually('no task', () => fakeJobs(state).every(({ end }) => end !== 'queued'));
    fs.rmSync(folder, { recursive: true, force: true });
  });

  test('a run is done by tasks, which Stop cancels', async function () {
    this.timeout(120_000);
    const { uri } = await openExperiment('cluster', LONG);
    const testing = await api();
    await vscode.commands.executeCommand('recoveryLab.run', uri);
    const published = () => fakeJobs(state).length >= 2 && fs.readdirSync(path.join(planFolder(), 'done')).length > 0;
    const planFolder = () => {
      const slurm = path.join(testing.record(uri)?.accepted?.runFolder ?? '', 'slurm');
      return path.join(slurm, fs.readdirSync(slurm).find((name) => /^[0-9a-f]{16}$/.test(name)) ?? '');
    };
    await eventually('a task that is done', published, 90_000);
    const script = fs.readFileSync(path.join(planFolder(), 'attempts/0001.sh'), 'utf8');
    assert.match(script, /^#!\/bin\/bash\nexport FROM_SETTINGS=1\nexec /);
    const known = Object.keys(testing.record(uri)?.cells ?? {}).length;
    assert.ok(known > 0, 'the record has cells');
    await vscode.commands.executeCommand('recoveryLab.stop', uri);
    assert.equal(testing.record(uri)?.state, 'cancelled');
    assert.deepEqual(new Set(fakeJobs(state).map(({ end }) => end)), new Set(['cancelled']));
  });

  test('neither setup lines nor a program come from a workspace', async () => {
    for (const name of ['slurm.setup', 'slurm.node'])
      await assert.rejects(async () => set(name, name === 'slurm.node' ? '/evil' : ['evil'], Workspace), name);
    const written = vscode.Uri.joinPath(vscode.workspace.workspaceFolders![0].uri, '.vscode/settings.json');
    const text = await vscode.workspace.fs.readFile(written).then(
      (bytes) => Buffer.from(bytes).toString('utf8'),
      () => '{}',
    );
    await vscode.workspace.fs.createDirectory(vscode.Uri.joinPath(written, '..'));
    const content = { ...(JSON.parse(text) as object), 'recoveryLab.slurm.node': '/evil', 'recoveryLab.slurm.setup': ['evil'] };
    await vscode.workspace.fs.writeFile(written, Buffer.from(JSON.stringify({ ...content, 'recoveryLab.executor': 'local' })));
    // The one that a workspace may set shows that the file was read.
    await eventually('the settings of the workspace', () => settings().get('executor') === 'local');
    assert.equal(settings().get('slurm.node'), '');
    assert.deepEqual(settings().get('slurm.setup'), ['export FROM_SETTINGS=1']);
    await vscode.workspace.fs.writeFile(written, Buffer.from(text));
    await eventually('the settings as they were', () => settings().get('executor') === 'slurm');
  });
});

import fc from 'fast-check';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { askSlurm, slurmEnvironment, type SlurmProgram } from '../../../src/engine/slurm/command';
import { mostTasks, parseLimits, splitIntoArrays } from '../../../src/engine/slurm/limits';
import { describeQueue, parseIndices, parseQueue } from '../../../src/engine/slurm/queue';
import { checkChoice, readSettings, slurmSettings } from '../../../src/engine/slurm/settings';
import {
  batchScript,
  mergeArguments,
  refusal,
  sbatchArguments,
  singleQuoted,
  workArguments,
} from '../../../src/engine/slurm/submit';

describe('squeue', () => {
  // Of Slurm 22.05.8, by squeue -h -o '%F|%K|%T|%r'.
  const RECORDED = [
    '36|12-15|PENDING|Resources',
    '36|6|RUNNING|None',
    '37|2-9%2|PENDING|JobArrayTaskLimit',
    '38|N/A|RUNNING|None',
    '',
  ].join('\n');

  it('is read by array', () => {
    expect(parseQueue(RECORDED)).toEqual([
      { array: 36, indices: [12, 13, 14, 15], state: 'PENDING', reason: 'Resources' },
      { array: 36, indices: [6], state: 'RUNNING', reason: 'None' },
      { array: 37, indices: [2, 3, 4, 5, 6, 7, 8, 9], state: 'PENDING', reason: 'JobArrayTaskLimit' },
    ]);
  });

  it('is told in words', () => {
    expect(describeQueue({ tasks: parseQueue(RECORDED) })).toBe(
      'Slurm: tasks 4 pending (they wait for free nodes), 1 running, 8 pending (no more of them may run at a time).',
    );
    expect(describeQueue({ unknown: 'squeue did not answer in time' })).toContain('did not answer in time');
  });

  it('has sets of indices as Slurm writes them', () => {
    expect(parseIndices('0-1,10-12%2')).toEqual([0, 1, 10, 11, 12]);
    expect(parseIndices('0-9:3')).toEqual([0, 3, 6, 9]);
    for (const text of ['', 'N/A', '1-', '1,,2', '0-3,...']) expect(parseIndices(text)).toBeUndefined();
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(5000), { minLength: 1 }), (numbers) => {
        const indices = numbers.sort((a, b) => a - b);
        // Runs of neighbours as ranges.
        const parts: string[] = [];
        for (let i = 0; i < indices.length; i++) {
          const from = i;
          while (indices[i + 1] === indices[i] + 1) i++;
          parts.push(from === i ? String(indices[i]) : `${indices[from]}-${indices[i]}`);
        }
        expect(parseIndices(parts.join(','))).toEqual(indices);
      }),
    );
  });
});

describe('limits', () => {
  it('are read from scontrol show config', () => {
    const recorded =
      'MaxArraySize            = 1001\nMaxBatchRequeue         = 5\nMaxDBDMsgs              = 20012\nMaxJobCount             = 300\nMaxJobId                = 67043328\n';
    expect(parseLimits(recorded)).toEqual({ maxArraySize: 1001, maxJobCount: 300 });
    expect(mostTasks(parseLimits(recorded))).toBe(75);
    expect(parseLimits('')).toEqual({ maxArraySize: 1001, maxJobCount: 10_000 });
  });

  it('cut tasks into arrays that hold each once', () => {
    fc.assert(
      fc.property(fc.nat(500), fc.integer({ min: 1, max: 60 }), (count, maxArraySize) => {
        const tasks = Array.from({ length: count }, (_, index) => index);
        const arrays = splitIntoArrays(tasks, { maxArraySize });
        expect(arrays.flat()).toEqual(tasks);
        for (const array of arrays) expect(array.length).toBeLessThanOrEqual(maxArraySize);
      }),
    );
  });
});

describe('submission', () => {
  const settings = slurmSettings({ partition: 'main', minutes: 2 }, { setup: ['module load node'], node: "/opt/it's/node" });

  it('execs, so that the signal reaches the engine', () => {
    const script = batchScript(settings, '/run/engine.js', workArguments(settings, '/a b/plan', '0001', 60_000));
    expect(script).toBe(
      `#!/bin/bash\nmodule load node\nexec '/opt/it'\\''s/node' '/run/engine.js' 'work' '/a b/plan' '--attempt' '0001' '--checkpoint' '60'\n`,
    );
  });

  it('hands setup lines on to the job that goes on with the run, which keeps them nowhere else', () => {
    const script = batchScript(settings, '/run/engine.js', mergeArguments(settings, '/a b', 2, Infinity));
    const shown = script.replace('exec ', "printf '%s\\n' ").replace('module load node\n', '');
    expect(execFileSync('bash', ['-c', shown]).toString().split('\n').slice(2, -1)).toEqual([
      'merge',
      '/a b',
      '--fruitless',
      '2',
      '--checkpoint',
      '0',
      '--node',
      "/opt/it's/node",
      '--setup=module load node',
    ]);
  });

  it('has tasks write on their node where that is wanted', () => {
    expect(workArguments(slurmSettings({ scratch: true }), '/plan', '0001', 500).slice(-2)).toEqual(['--scratch', 'node']);
    expect(
      workArguments(slurmSettings({ scratch: true }, checkChoice({ scratchFolder: '/fast' })), '/plan', '1', 500).at(-1),
    ).toBe('/fast');
    expect(workArguments(slurmSettings(), '/plan', '0001', 500)).not.toContain('--scratch');
    expect(() => checkChoice({ scratchFolder: 'fast' })).toThrow('absolute path');
  });

  it('quotes whatever bash reads', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0')),
        (text) => {
          expect(execFileSync('bash', ['-c', `printf %s ${singleQuoted(text)}`]).toString()).toBe(text);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('has the signal before the limit, and values as single arguments', () => {
    const submission = { name: 'r', planFolder: '/runs/50%/slurm/0a', script: 's.sh', settings };
    const args = sbatchArguments({ ...submission, work: { tasks: 11, concurrent: 2 } });
    expect(args).toContain('--array=0-10%2');
    expect(args).toContain('--signal=B:USR1@30');
    expect(args).toContain('--output=/runs/50%%/slurm/0a/logs/%A_%a.out');
    expect(args).toContain('--partition=main');
    expect(args.at(-1)).toBe('s.sh');
    const after = sbatchArguments({ ...submission, work: { after: [7, 8] } });
    expect(after).toContain('--dependency=afterany:7:8');
    expect(after).toContain('--output=/runs/50%%/slurm/merge-%j.out');
    expect(after.join()).not.toContain('--array');
  });

  it('understands why sbatch refuses', () => {
    expect(
      refusal(
        "sbatch: error: AssocMaxSubmitJobLimit\nsbatch: error: Batch job submission failed: Job violates accounting/QOS policy (job submit limit, user's size and/or time limits)\n",
      ),
    ).toHaveProperty('limit');
    expect(refusal('sbatch: error: Slurm temporarily unable to accept job, sleeping and retrying.\n')).toHaveProperty('busy');
    expect(
      refusal('sbatch: error: Batch job submission failed: Unable to contact slurm controller (connect failure)\n'),
    ).toHaveProperty('busy');
    expect(
      refusal(
        'sbatch: error: invalid partition specified: nowhere\nsbatch: error: Batch job submission failed: Invalid partition name specified\n',
      ),
    ).toEqual({
      refused: 'sbatch: error: Batch job submission failed: Invalid partition name specified',
    });
  });
});

describe('settings', () => {
  it('of a run folder name no program, no setup line and no place', () => {
    const run = fs.mkdtempSync(path.join(os.tmpdir(), 'recovery-settings-'));
    fs.mkdirSync(path.join(run, 'slurm'));
    const content = { slurm: 1, minutes: 7, node: '/evil', setup: 'cafe', scratchFolder: '/etc' };
    fs.writeFileSync(path.join(run, 'slurm/settings.json'), JSON.stringify(content));
    expect(readSettings(run)).toEqual({ choice: { minutes: 7 }, setup: 'cafe' });
    fs.rmSync(run, { recursive: true });
  });

  it('let no value of a file become an option or a command', () => {
    for (const partition of ['--wrap=rm', 'a b', 'a;rm', '$(id)', 'a\nb', '', "a'b", '-p'])
      expect(() => checkChoice({ partition })).toThrow('partition');
    for (const memory of ['2 G', '0', '-1', '1GB']) expect(() => checkChoice({ memory })).toThrow('memory');
    expect(() => checkChoice({ minutes: 1.5 })).toThrow('minutes');
    expect(() => checkChoice({ other: 1 })).toThrow('other');
    expect(checkChoice({ partition: 'cpu-long,gpu_2', memory: '1500M', chunkMinutes: 0.5 })).toEqual({
      partition: 'cpu-long,gpu_2',
      memory: '1500M',
      chunkMinutes: 0.5,
    });
  });

  it('give the command line the last word', () => {
    expect(slurmSettings({ partition: 'a', chunkMinutes: 20 }, { partition: 'b' })).toMatchObject({
      partition: 'b',
      chunkMinutes: 20,
      minutes: 60,
      cpus: 1,
    });
  });
});

describe('environment', () => {
  it('is an allow-list', () => {
    const seen = slurmEnvironment({
      HOME: '/h',
      PATH: '/p',
      LC_ALL: 'C',
      SLURM_CONF: 'c',
      NODE_OPTIONS: '-x',
      SLURM_CPU_BIND: 'cores',
      SBATCH_PARTITION: 'x',
      VSCODE_IPC_HOOK: 'y',
    });
    expect(seen).toEqual({ HOME: '/h', PATH: '/p', LC_ALL: 'C', SLURM_CONF: 'c', SLURM_BITSTR_LEN: '0' });
  });

  it('of a program that does not answer is given up in time', async () => {
    expect(await askSlurm('sleep' as SlurmProgram, ['60'], { timeoutMs: 100 })).toMatchObject({ late: true, code: null });
    expect(await askSlurm('no-such-program-here' as SlurmProgram, [], { timeoutMs: 5000 })).toMatchObject({
      missing: true,
      code: null,
    });
    expect(await askSlurm('false' as SlurmProgram, [], { timeoutMs: 5000 })).toMatchObject({
      missing: false,
      late: false,
      code: 1,
    });
  });
});

import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { createModel } from '../../../src/engine/models/registry';
import { jacobianOf, relativeDifference, values, weightedGradientOf } from '../../unit/models/differences';
import { oracleCases, type OracleCase, type OracleResult } from './cases';

const SCRIPT = path.join(__dirname, 'reference.py');
/** Cases with what the script gave for them. To record anew: RECORD_ORACLES=1 npx vitest run test/oracle/models. */
const RECORDED = path.join(__dirname, 'recorded.json');

const python = ['/usr/bin/python3', 'python3'].find((command) => spawnSync(command, ['-c', 'import numpy']).status === 0);

function compare(cases: readonly OracleCase[], results: readonly OracleResult[]): void {
  expect(results.length).toBe(cases.length);
  cases.forEach((each, i) => {
    const { inputs, direction } = each;
    const parameters = Float64Array.from(each.parameters);
    const weights = Float64Array.from(each.weights);
    const bound = createModel(each.model).bind({
      count: inputs.length,
      dimension: inputs[0].length,
      values: Float64Array.from(inputs.flat()),
    });
    const label = JSON.stringify(each.model);
    expect(relativeDifference(values(bound, parameters), results[i].values), label).toBeLessThan(1e-13);
    expect(relativeDifference(jacobianOf(bound, parameters), results[i].jacobian), label).toBeLessThan(1e-13);
    expect(relativeDifference(weightedGradientOf(bound, parameters, weights), results[i].weightedGradient), label).toBeLessThan(
      1e-13,
    );
    const product = new Float64Array(parameters.length);
    bound.weightedHessianProduct(parameters, weights, Float64Array.from(direction), product);
    expect(relativeDifference(product, results[i].hessianProduct), label).toBeLessThan(1e-9);
  });
}

describe('models against NumPy', () => {
  it('give the recorded numbers', () => {
    if (process.env.RECORD_ORACLES && python)
      writeFileSync(RECORDED, JSON.stringify({ cases: oracleCases(), results: runScript(oracleCases()) }));
    expect(existsSync(RECORDED)).toBe(true);
    const { cases, results } = JSON.parse(readFileSync(RECORDED, 'utf8')) as { cases: OracleCase[]; results: OracleResult[] };
    expect(cases.length).toBeGreaterThan(40);
    compare(cases, results);
  });

  it.skipIf(!python)(`give the numbers of the script, run now${python ? '' : ' (skipped: no Python with NumPy here)'}`, () => {
    compare(oracleCases(), runScript(oracleCases()));
  });
});

function runScript(cases: readonly OracleCase[]): OracleResult[] {
  const { status, stdout, stderr } = spawnSync(python ?? 'python3', [SCRIPT], {
    input: JSON.stringify(cases),
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (status !== 0) throw new Error(`The reference script failed: ${stderr}`);
  return JSON.parse(stdout) as OracleResult[];
}

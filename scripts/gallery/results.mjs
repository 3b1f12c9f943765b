// What a run found, expectation by expectation, as rows of a Markdown table.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { root } from '../install.mjs';
import { folder } from './examples.mjs';

const JUDGED = [0, 1];

/** Runs an example into `out`; resolves to what it expected and found and how long it took. Rejects when it ends without a summary. */
export function runExample({ file }, out) {
  const startedAt = performance.now();
  return new Promise((resolve, reject) => {
    const args = ['dist/recovery.js', 'run', path.join(folder, file), '--json', '--out', out];
    const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    const stdout = [];
    const stderr = [];
    child.stdout.on('data', (chunk) => stdout.push(chunk));
    child.stderr.on('data', (chunk) => stderr.push(chunk));
    child.on('error', reject);
    child.on('close', (code) => {
      if (!JUDGED.includes(code)) {
        reject(new Error(`${file}: exit code ${code}. ${Buffer.concat(stderr).toString().trim()}`));
        return;
      }
      const { verdicts, results } = JSON.parse(Buffer.concat(stdout).toString());
      resolve({ verdicts, results, seconds: (performance.now() - startedAt) / 1000 });
    });
  });
}

/** Rows of expectation, expected, measured and result; the properties of one element of a list share a row. */
export function resultRows({ expect }, { verdicts, results }) {
  const groups = new Map();
  for (const verdict of verdicts.flatMap((verdict) => elements(verdict, expect[verdict.id], results[verdict.id]))) {
    const [, element, property] = /^(.*\])\.([^\]]+)$/.exec(verdict.id) ?? [null, verdict.id, ''];
    groups.set(element, [...(groups.get(element) ?? []), { ...verdict, property }]);
  }
  return [...groups].map(([name, members]) => {
    const worded = (word) => members.map((member) => `${member.property} ${word(member)}`.trim()).join(', ');
    return [`\`${name}\``, worded(({ expected }) => text(expected)), worded(measuredText), resultText(members)];
  });
}

/** One verdict on a whole list that came out as expected, told element by element where the results have the same elements. */
function elements(verdict, expected, found) {
  const { id, result } = verdict;
  const list = Array.isArray(expected) ? expected : (expected?.points ?? expected?.values);
  if (result !== 'met' || !Array.isArray(list) || !Array.isArray(found) || list.length !== found.length) return [verdict];
  const within = Array.isArray(expected) ? undefined : expected.within;
  const told = list.flatMap((element, index) => {
    const parts = isObject(element) && !isBound(element) ? Object.entries(element) : [['', element]];
    return parts.map(([key, bound]) => ({
      id: key ? `${id}[${index}].${key}` : `${id}[${index}]`,
      result,
      expected: boundText(bound, within),
      value: named(bound, key ? found[index][key] : found[index]),
    }));
  });
  return told.length === 0 || told.some(({ value }) => value === undefined || value === null) ? [verdict] : told;
}

/** Of what was found, the part that the expectation names. */
function named(expected, found) {
  if (Array.isArray(expected) && Array.isArray(found) && expected.length === found.length)
    return found.map((item, i) => named(expected[i], item));
  if (!isObject(expected) || isBound(expected) || !isObject(found)) return found;
  return Object.fromEntries(Object.keys(expected).map((key) => [key, named(expected[key], found[key])]));
}

const isObject = (value) => value !== null && typeof value === 'object' && !Array.isArray(value);
/** `{ "value": 0.5, "within": 0.1 }`, `{ "below": 1 }` */
const isBound = (value) => isObject(value) && ['value', 'below', 'above'].some((key) => key in value);

function boundText(bound, within) {
  if (isBound(bound)) {
    const { value, below, above } = bound;
    if (value !== undefined) return boundText(value, bound.within);
    return [above === undefined ? '' : `above ${above}`, below === undefined ? '' : `below ${below}`].filter(Boolean).join(', ');
  }
  const hasTolerance = within !== undefined && (typeof bound === 'number' || Array.isArray(bound));
  return hasTolerance ? `${text(bound)} ± ${within}` : bound;
}

/** `met`, or what is not. */
function resultText(members) {
  const others = members.filter(({ result }) => result !== 'met');
  return others.length === 0 ? 'met' : others.map(({ property, result }) => `${property} ${result}`.trim()).join(', ');
}

/** With the digits that the expectation asks for: one more than its tolerance has. */
function measuredText({ expected, value }) {
  const tolerance = typeof expected === 'string' ? /± ([\d.e-]+)/.exec(expected)?.[1] : undefined;
  if (typeof value !== 'number' && !Array.isArray(value)) return text(value);
  const decimals = Math.min(15, Math.max(0, 1 - Math.floor(Math.log10(Number(tolerance)))));
  const rounded = (x) => (tolerance === undefined ? briefly(x) : Number(x.toFixed(decimals)));
  return text(typeof value === 'number' ? rounded(value) : value.map((x) => (typeof x === 'number' ? rounded(x) : x)));
}

const briefly = (x) => (Number.isInteger(x) ? x : Number(x.toPrecision(4)));

function text(value) {
  if (value === null || value === undefined) return '–';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'string') return value;
  return typeof value === 'number' ? String(value) : JSON.stringify(value).replaceAll(',', ', ');
}

/** Why an expectation is not met. */
export function reasonsOf(verdicts) {
  return verdicts
    .filter(({ result }) => result !== 'met')
    .flatMap(({ id, result, reasons }) => reasons.map((reason) => `${id}, ${result}: ${reason}`));
}

/** A Markdown table. */
export function markdownTable(header, rows) {
  const line = (cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n');
}

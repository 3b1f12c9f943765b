import type { ComparedRun } from '../../protocol/compare';
import { differingSettings } from '../../protocol/settings';
import type { ResultTable, TableValue } from '../../protocol/table';
import { comparedPublishedTable } from '../published';
import * as strings from '../strings';

/** What came out, the settings that differ, and the tables that at least two runs have in the same columns. `names` belong to the runs. */
export function comparisonTables(runs: readonly ComparedRun[], names: readonly string[]): ResultTable[] {
  return [
    resultTable(runs, names),
    ...comparedPublishedTable(runs, names),
    settingTable(runs, names),
    ...sharedTables(runs, names),
  ];
}

function resultTable(runs: readonly ComparedRun[], names: readonly string[]): ResultTable {
  const words = strings.comparison.results;
  const results = [...new Set(runs.flatMap((run) => Object.keys(run.results)))];
  const verdicts = [...new Set(runs.flatMap((run) => run.verdicts.map(({ id }) => id)))];
  const row = (title: string, value: (run: ComparedRun) => TableValue): TableValue[] => [title, ...runs.map(value)];
  const rows = [
    row(words.state, ({ state }) => strings.states[state]),
    row(words.predicted, ({ predicted }) => predicted),
    ...results.map((name) => row(nameOf(name), (run) => run.results[name] ?? null)),
    ...verdicts.map((id) => row(`${strings.verdicts.columns[1]}: ${nameOf(id)}`, (run) => verdictText(run, id))),
    ...(new Set(runs.map(({ engine }) => engine)).size > 1 ? [row(words.engine, ({ engine }) => engine)] : []),
  ];
  return {
    id: 'compared-results',
    title: words.title,
    columns: columnsOf(words.column, names),
    rows: rows.filter(([, ...values]) => values.some((value) => value !== null)),
  };
}

function settingTable(runs: readonly ComparedRun[], names: readonly string[]): ResultTable {
  const words = strings.comparison.settings;
  const differences = differingSettings(runs.map(({ config }) => config ?? undefined));
  return {
    id: 'compared-settings',
    title: words.title,
    columns: columnsOf(words.column, names),
    rows: differences.map(({ path, values }) => [path, ...values]),
    note: differences.length === 0 ? words.same : words.seen(differences.length),
  };
}

function sharedTables(runs: readonly ComparedRun[], names: readonly string[]): ResultTable[] {
  const ids = [...new Set(runs.flatMap(({ tables }) => tables.map(({ id }) => id)))];
  return ids.flatMap((id) => {
    const found = runs.flatMap(({ tables }, i) => {
      const table = tables.find((each) => each.id === id);
      return table ? [{ table, name: names[i] ?? '' }] : [];
    });
    const [first] = found;
    if (!first || found.length < 2) return [];
    const key = JSON.stringify(first.table.columns);
    if (found.some(({ table }) => JSON.stringify(table.columns) !== key)) return [];
    const { title, columns } = first.table;
    return [
      {
        id: `compared-${id}`,
        title,
        columns: [{ title: strings.comparison.run, kind: 'text' as const }, ...columns],
        rows: found.flatMap(({ table, name }) => table.rows.map((row) => [name, ...row])),
      },
    ];
  });
}

function columnsOf(first: string, names: readonly string[]): ResultTable['columns'] {
  return [first, ...names].map((title) => ({ title, kind: 'text' }));
}

function nameOf(id: string): string {
  const name = id.replace(/\[.*$/, '');
  return strings.verdicts.names[name] ?? name;
}

function verdictText({ verdicts }: ComparedRun, id: string): string | null {
  const verdict = verdicts.find((each) => each.id === id);
  if (!verdict) return null;
  const { results, found, expected } = strings.verdicts;
  return strings.comparison.results.verdict(results[verdict.result], found(verdict.value), expected(verdict.expected));
}

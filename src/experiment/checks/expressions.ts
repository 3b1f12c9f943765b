import { ExpressionError, RESERVED_NAMES, namesIn, parseExpression, type ExpressionTree } from '../expression';
import { inputNamesOf } from '../inputNames';
import type { JsonPath } from '../problem';
import type { FormulaConfig } from '../schema';
import type { Check, Report, WithTarget } from './check';

/** Names of a formula model are free and differ; its expression and that of a formula target can be read. */
export const checkExpressions: Check<WithTarget> = ({ model, target }, report) => {
  const namesAreRight = model.kind !== 'formula' || checkNames(model, report);
  if (model.kind === 'formula' && namesAreRight) {
    const tree = parsed(model.expression, [...model.parameters, ...model.inputs], ['model', 'expression'], report);
    if (tree) warnOfUnused(model, tree, report);
  }
  if (target.kind === 'formula' && model.kind !== 'matrixFactorization' && namesAreRight) {
    parsed(target.expression, [...inputNamesOf(model).keys()], ['target', 'expression'], report);
  }
};

/** The tree of an expression, or its fault told. */
export function parsed(expression: string, names: readonly string[], path: JsonPath, report: Report): ExpressionTree | undefined {
  try {
    return parseExpression(expression, names);
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    const { code, message, start, end, suggestion } = error;
    report(code, path, message, { span: { start, end }, ...(suggestion === undefined ? {} : { suggestion }) });
    return undefined;
  }
}

function checkNames(model: FormulaConfig, report: Report): boolean {
  const owner = new Map<string, 'parameters' | 'inputs'>();
  let areRight = true;
  for (const group of ['parameters', 'inputs'] as const) {
    model[group].forEach((name, i) => {
      const path: JsonPath = ['model', group, i];
      if (RESERVED_NAMES.has(name)) {
        report('reserved-name', path, `"${name}" is the name of a function or constant in expressions. Choose another name.`);
        areRight = false;
      } else if (owner.has(name)) {
        report('duplicate-name', path, `"${name}" is a parameter and an input at once. Give them different names.`);
        areRight = false;
      }
      owner.set(name, group);
    });
  }
  return areRight;
}

/** A parameter that does not occur is nearly always a mistake: it is counted in M and never moves. */
function warnOfUnused(model: FormulaConfig, tree: ExpressionTree, report: Report): void {
  const used = new Set(namesIn(tree));
  for (const group of ['parameters', 'inputs'] as const) {
    model[group].forEach((name, i) => {
      if (used.has(name)) return;
      const noun = group === 'parameters' ? 'The parameter' : 'The input';
      report('unused-name', ['model', group, i], `${noun} "${name}" does not occur in the expression.`, {
        severity: 'warning',
      });
    });
  }
}

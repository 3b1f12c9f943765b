export function findProgram(name: string): string | undefined;
export function missingPrograms(programs: readonly string[], packages: readonly string[]): string | undefined;

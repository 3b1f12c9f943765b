/** What it takes to get the numbers of a run again: they depend on the experiment and the engine version alone. */
export interface Reproducible {
  /** Path or name of the experiment file. */
  file: string;
  title?: string;
  engine: string | null;
  hash: string | null;
  seed: number | null;
  /** Path of the run folder. */
  runFolder: string | null;
  /** What a reader must know besides, in a sentence. */
  note?: string;
}

/** A command for a shell, and as comments what to compare its numbers with. */
export function howToReproduce({ file, title, engine, hash, seed, runFolder, note }: Reproducible): string {
  const facts: [string, string | number | null][] = [
    ['Engine version', engine],
    ['Hash of the experiment', hash],
    ['Seed', seed],
    ['Run folder', runFolder],
  ];
  const comments = [
    title ?? '',
    ...facts.flatMap(([label, value]) => (value === null || value === '' ? [] : [`${label}: ${value}`])),
    note ?? '',
  ];
  return [
    ...comments.filter(Boolean).map((text) => `# ${text.replace(/\s+/g, ' ')}`),
    // A name that begins with a hyphen would be read as an option.
    `recovery run ${shellWord(file.startsWith('-') ? `./${file}` : file)}`,
    '',
  ].join('\n');
}

/** Quotes a word for a POSIX shell where it needs quoting. */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

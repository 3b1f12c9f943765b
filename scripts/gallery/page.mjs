// examples/README.md: every example with its words, its picture and what its last run found.
import fs from 'node:fs';
import path from 'node:path';
import { format, resolveConfig } from 'prettier';
import { PAPERS, folder, readExamples } from './examples.mjs';
import { markdownTable, resultRows } from './results.mjs';

const PAGE = path.join(folder, 'README.md');
const KINDS = {
  recovery: ['Recovery', 'trains at every sample size and tells from which on the target is recovered.'],
  rank: ['Rank', 'tells model ranks by formula and by numbers; nothing is trained.'],
  geometry: ['Geometry', 'tells the branches of the global minima of two-layer networks, and when each is separated.'],
  independence: ['Independence', 'tells whether neurons are linearly independent, and the cause where they are not.'],
  lifting: ['Lifting', 'lifts critical points to wider networks and tests what becomes of them.'],
  overlap: ['Overlap', 'tells whether any data-independent function can characterise where gradient flows end.'],
  repopulation: ['Repopulation', 'trains wide networks with and without repopulating their neurons.'],
};
const INTRODUCTION = `# Gallery

Made by \`npm run gallery -- --write\`: it runs every file of this folder and puts here what each says about itself, what was expected
against what the run measured, and a chart of its report. \`npm run gallery\` runs them all and prints the same tables;
\`npm run gallery -- NAME…\` runs some. Names of expectations are those of the files; their numbers are the published ones where the
file names a figure or a table, else what theory says.`;

/**
 * Writes the page. `results` has by example what it found and the picture's words; an example without keeps the section that it has.
 * Returns the names of those that have none yet.
 */
export async function writePage(results) {
  const examples = readExamples();
  const kept = keptSections();
  const section = (example) => {
    const result = results.get(example.name);
    return result ? sectionOf(example, result) : (kept.get(example.file) ?? sectionOf(example, null));
  };
  const parts = [INTRODUCTION, contents(examples)];
  for (const [kind, [title, words]] of Object.entries(KINDS)) {
    const ofKind = examples.filter((example) => example.kind === kind);
    parts.push(`## ${title}`, `\`"experiment": "${kind}"\` ${words}`);
    for (const paper of [...PAPERS.keys(), undefined]) {
      const ofPaper = ofKind.filter((example) => example.paper === paper);
      if (ofPaper.length === 0) continue;
      parts.push(`### ${paper ? `${PAPERS.get(paper)} (arXiv ${paper})` : 'No figure of a paper'}`);
      parts.push(...ofPaper.map(section));
    }
  }
  const text = await format(parts.join('\n\n'), { ...(await resolveConfig(PAGE)), parser: 'markdown' });
  fs.writeFileSync(PAGE, text);
  return examples.filter(({ name, file }) => !results.has(name) && !kept.has(file)).map(({ name }) => name);
}

function contents(examples) {
  const rows = Object.entries(KINDS).map(([kind, [title, words]]) => {
    const count = examples.filter((example) => example.kind === kind).length;
    return [`[${title}](#${title.toLowerCase()})`, words, String(count)];
  });
  return markdownTable(['kind', 'what it does', 'examples'], rows);
}

function sectionOf(example, result) {
  const { name, file, title, comment } = example;
  const parts = [`#### ${heading(title)}`, `[${file}](${file})`, prose(comment)];
  if (!result) return [...parts, 'Not run yet.'].join('\n\n');
  const rows = resultRows(example, result).map((row) => row.map(prose));
  parts.push(
    rows.length > 0
      ? markdownTable(['expectation', 'published or expected', 'measured', 'result'], rows)
      : 'The file expects nothing in numbers.',
  );
  if (result.words !== null)
    parts.push(`![${prose(result.words).replace(/[[\]]/g, '\\$&')}](../docs/images/gallery/${name}.png)`);
  return parts.join('\n\n');
}

/** Sections of the page as it is, by the file that each links to first. */
function keptSections() {
  const sections = new Map();
  if (!fs.existsSync(PAGE)) return sections;
  for (const section of fs.readFileSync(PAGE, 'utf8').split(/^(?=#{2,4} )/m)) {
    const file = /^#### .*\n\n\[([^\]]+)\]/.exec(section)?.[1];
    if (file) sections.set(file, section.trim());
  }
  return sections;
}

const heading = (text) => prose(text).replace(/[[\]]/g, '\\$&');

/** Plain text as Markdown: outside code, no character has a meaning. */
function prose(text) {
  return text
    .split(/(`[^`]*`)/)
    .map((part, index) => (index % 2 === 1 ? part : part.replace(/[\\*_<]/g, '\\$&')))
    .join('');
}

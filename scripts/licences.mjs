import fs from 'node:fs';
import path from 'node:path';

/** Licences under which code may travel inside the bundles. */
export const ALLOWED = ['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'MIT'];

/** Packages of which code is in the bundles of these builds, in alphabetical order, with what their licence says. */
export function bundledPackages(root, metafiles) {
  const folders = new Set();
  for (const { outputs } of metafiles) {
    for (const { inputs } of Object.values(outputs)) {
      for (const [file, { bytesInOutput }] of Object.entries(inputs)) {
        const match = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file);
        if (match && bytesInOutput > 0) folders.add(match[1]);
      }
    }
  }
  const packages = [...folders].map((folder) => {
    const { name, version, license } = JSON.parse(fs.readFileSync(path.join(root, folder, 'package.json'), 'utf8'));
    const file = fs.readdirSync(path.join(root, folder)).find((each) => /^licen[cs]e(\.(md|txt))?$/i.test(each));
    if (!ALLOWED.includes(license))
      throw new Error(`${name} ${version} has licence ${license}, which is none of ${ALLOWED.join(', ')}.`);
    return { name, version, license, text: file && fs.readFileSync(path.join(root, folder, file), 'utf8').trim() };
  });
  return packages.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The list that travels with the bundles, as these licences ask for. */
export function thirdPartyNotices(packages) {
  const rows = packages.map(({ name, version, license }) => `| ${name} | ${version} | ${license} |`);
  const texts = packages.map(
    ({ name, text, license }) =>
      `## ${name}\n\n${text ? `\`\`\`text\n${text}\n\`\`\`` : `${license}; the package has no licence file.`}`,
  );
  return `# Third-party software

Code of these packages is inside the bundles of Recovery Lab.

| package | version | licence |
| --- | --- | --- |
${rows.join('\n')}

${texts.join('\n\n')}
`;
}

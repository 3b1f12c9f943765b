// The strings of the extension host: collects what the sources pass to vscode.l10n.t into l10n/bundle.l10n.json.
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import ts from 'typescript';

const root = path.resolve(import.meta.dirname, '..');

/** Every first argument of `l10n.t`, each once, sorted. Throws where it is no plain string, since that cannot be translated. */
export function hostStrings() {
  const folder = path.join(root, 'src/extension');
  const files = fs.readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const found = new Set();
  for (const file of files) {
    const source = ts.createSourceFile(file, fs.readFileSync(path.join(folder, file), 'utf8'), ts.ScriptTarget.Latest, true);
    const visit = (node) => {
      if (ts.isCallExpression(node) && node.expression.getText(source).endsWith('l10n.t')) {
        const [message] = node.arguments;
        if (!message || !ts.isStringLiteralLike(message)) throw new Error(`${file}: l10n.t without a plain string`);
        found.add(message.text);
      }
      ts.forEachChild(node, visit);
    };
    visit(source);
  }
  return [...found].sort();
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const bundle = Object.fromEntries(hostStrings().map((text) => [text, text]));
  fs.writeFileSync(path.join(root, 'l10n/bundle.l10n.json'), `${JSON.stringify(bundle, null, 2)}\n`);
}

// The strings that people read in VS Code: collects what the sources pass to the translating functions into l10n/bundle.l10n.json.
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import ts from 'typescript';

const root = path.resolve(import.meta.dirname, '..');

/** Folders of sources, and how they call the function that translates. */
const CALLS = { 'src/extension': /(^|\.)l10n\.t$/, 'src/webview': /^t$/ };

/**
 * Folders whose sentences are data: theory and verdicts say them in English, in files and on the wire too, and the extension recognizes
 * them by their templates.
 */
const SPOKEN = ['src/engine/theory', 'src/engine/studies/verdicts'];
/** Comment of these in the bundle; `extension/spokenWords.ts` looks for it. */
const SPOKEN_MARK = 'spoken';

/** Every text that is translated, by the key that `vscode.l10n` gives it, sorted. Throws where one is no plain string, since that cannot be translated. */
export function translatedStrings() {
  const found = new Map();
  for (const [folder, call] of Object.entries(CALLS))
    for (const { file, source } of sources(folder))
      for (const node of descendants(source)) {
        if (!ts.isCallExpression(node) || !call.test(node.expression.getText(source))) continue;
        const { message, comment } = textOf(node.arguments[0]) ?? fail(file, node, source);
        found.set(comment === '' ? message : `${message}/${comment}`, message);
      }
  for (const folder of SPOKEN)
    for (const { source } of sources(folder))
      for (const node of descendants(source)) {
        const template = isWords(node) ? templateOf(node) : undefined;
        if (template && /[a-z]{2,}/.test(template.replace(/\{\d+\}/g, ''))) found.set(`${template}/${SPOKEN_MARK}`, template);
      }
  return Object.fromEntries([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function* sources(folder) {
  for (const name of fs.readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.ts')) continue;
    const file = path.join(folder, name);
    yield {
      file,
      source: ts.createSourceFile(file, fs.readFileSync(path.join(root, file), 'utf8'), ts.ScriptTarget.Latest, true),
    };
  }
}

function* descendants(node) {
  yield node;
  for (const child of node.getChildren()) yield* descendants(child);
}

/** `'text'`, or `{ message: 'text', comment: ['which'] }`. */
function textOf(node) {
  if (node && ts.isStringLiteralLike(node)) return { message: node.text, comment: '' };
  if (!node || !ts.isObjectLiteralExpression(node)) return undefined;
  const value = (name) => node.properties.find((property) => property.name?.getText() === name)?.initializer;
  const [message, comment] = [value('message'), value('comment')];
  if (!message || !ts.isStringLiteralLike(message) || !comment || !ts.isArrayLiteralExpression(comment)) return undefined;
  return { message: message.text, comment: comment.elements.map(({ text }) => text).join('') };
}

/** Sentences and their parts have spaces; names in code have none. What is thrown is a bug and not for people. */
function isWords(node) {
  if (!ts.isStringLiteralLike(node) && !ts.isTemplateExpression(node)) return false;
  if (ts.isImportDeclaration(node.parent) || ts.isNewExpression(node.parent)) return false;
  return templateOf(node).includes(' ');
}

/** A template literal with `{0}`, `{1}`, … for its expressions. */
function templateOf(node) {
  if (!ts.isTemplateExpression(node)) return node.text;
  return node.head.text + node.templateSpans.map(({ literal }, index) => `{${index}}${literal.text}`).join('');
}

function fail(file, node, source) {
  throw new Error(`${file}: ${node.getText(source)} translates something else than a plain string`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  fs.writeFileSync(path.join(root, 'l10n/bundle.l10n.json'), `${JSON.stringify(translatedStrings(), null, 2)}\n`);

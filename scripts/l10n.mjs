// The strings that people read in VS Code: collects what the sources pass to the translating functions into l10n/bundle.l10n.json.
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import ts from 'typescript';

const root = path.resolve(import.meta.dirname, '..');

/** Folders of sources, and how they call the function that translates. */
const CALLS = { 'src/extension': /(^|\.)l10n\.t$/, 'src/webview': /^t$/ };

/**
 * Folders whose sentences are data: file format, theory and engine say them in English, in files and on the wire too, and the
 * extension recognizes them by their templates.
 */
const SPOKEN = ['src/experiment', 'src/engine'];
/** Of the engine, what only the command line says. */
const TERMINAL = /^src\/engine\/(cli\.|launch\.|cacheFolder\.|commands\/(?!serve)|terminal\/|native\/|tensorflow\/install\.)/;
/** Of the engine, what only the log and machines read, so that whoever is asked for help reads the same; but failures are for everyone. */
const LOGGED =
  /^src\/engine\/(commands\/|certified\/((read|verify)Certificate|structure\/(?!index))|kernels\/|models\/expression\/|report\/(html|report)\.|schedule\/checkpoints|slurm\/(?!plan|submit)|store\/(checkpoint|garbage|verifyRun)\.)/;
/** Whole files for a person to begin with, which are written as they are. */
const WRITTEN = /^src\/experiment\/templates\//;
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
    for (const { file, source } of sources(folder))
      for (const node of spokenNodes(file, source))
        for (const template of spokenBy(node))
          if (/[A-Za-z]{2,}/.test(template.replace(/\{\d+\}/g, ''))) found.set(`${template}/${SPOKEN_MARK}`, template);
  return Object.fromEntries([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** All sources in a folder, or one source. */
function* sources(place) {
  const names = place.endsWith('.ts') ? [''] : fs.readdirSync(path.join(root, place), { recursive: true, encoding: 'utf8' });
  for (const name of names) {
    const file = path.join(place, name);
    if (!file.endsWith('.ts')) continue;
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

function* spokenNodes(file, source) {
  if (WRITTEN.test(file) || TERMINAL.test(file)) return;
  for (const node of descendants(source)) if (!LOGGED.test(file) || isOfFailure(node)) yield node;
}

/** Whether a text is in what somebody is told of a failure. */
function isOfFailure(node) {
  for (let each = node; each; each = each.parent) if (ts.isNewExpression(each) && !isThrown(each)) return isFailure(each);
  return false;
}

function spokenBy(node) {
  if (isSum(node)) return isSum(node.parent) ? [] : [templateOfSum(node)];
  if (isWords(node)) return [templateOf(node)];
  return ts.isCallExpression(node) && node.expression.getText() === 'counted' ? countedBy(node) : [];
}

/** `counted(n, 'entry', 'entries')` says one thing or many. */
function countedBy({ arguments: [number, singular, plural] }) {
  if (!singular || !ts.isStringLiteralLike(singular) || !/^[a-z ]+$/.test(singular.text) || ts.isStringLiteralLike(number))
    return [];
  const many = plural && ts.isStringLiteralLike(plural) ? plural.text : `${singular.text}s`;
  return [`1 ${singular.text}`, `{0} ${many}`];
}

/** A text in several parts, joined by `+`. */
function isSum(node) {
  if (!ts.isBinaryExpression(node) || node.operatorToken.kind !== ts.SyntaxKind.PlusToken) return false;
  return [node.left, node.right].some((part) => isSum(part) || ts.isStringLiteralLike(part) || ts.isTemplateExpression(part));
}

/** The template of all parts; what is no text is a place. */
function templateOfSum(node) {
  const parts = isSum(node) ? [templateOfSum(node.left), templateOfSum(node.right)] : [isText(node) ? templateOf(node) : '{0}'];
  return parts.reduce((sum, part) => {
    const places = (sum.match(/\{\d+\}/g) ?? []).length;
    return sum + part.replace(/\{(\d+)\}/g, (_, place) => `{${Number(place) + places}}`);
  });
}

const isText = (node) => ts.isStringLiteralLike(node) || ts.isTemplateExpression(node);

/**
 * Sentences and their parts have spaces; names in code have none, while titles, labels and answers of one word are known by where
 * they stand. What is thrown is a bug and not for people, unless its
 * class says so.
 */
function isWords(node) {
  const { parent } = node;
  if (!isText(node) || isSum(parent)) return false;
  if (ts.isImportDeclaration(parent) || isThrown(parent) || isKey(parent) || ts.isLiteralTypeNode(parent)) return false;
  const text = templateOf(node);
  if (/^(exec|export) /.test(text)) return false; // of a shell
  return text.includes(' ') || (/^[\p{L}–’-]+\.?$/u.test(text) && !/\p{Ll}\p{Lu}/u.test(text) && isWord(node, text));
}

const isThrown = (node) => ts.isNewExpression(node) && /^\w*Error$/.test(node.expression.getText()) && !isFailure(node);

/** Names of random streams and symbols. */
const isKey = (node) => ts.isCallExpression(node) && /^(randomStream|Symbol)$/.test(node.expression.getText());

/** Errors that are for people. */
const isFailure = (node) => /^(Engine|Detached|Numerical|Expression)Error$/.test(node.expression.getText());

/** Whether a word alone is said: it begins like a title, names a part of a picture, or is an answer. */
function isWord({ parent }, text) {
  if (/^\p{Lu}\p{Ll}/u.test(text)) return !ts.isCaseClause(parent) && !ts.isBinaryExpression(parent);
  if (ts.isPropertyAssignment(parent)) return /^(title|label)$/.test(parent.name.getText()) || isTableOfWords(parent);
  return ts.isConditionalExpression(parent) && isAnswer(parent);
}

/** Folders that tell tables and figures. */
const TELLING = /src\/engine\/(studies|theory|independence|report)\//;

/** Whether a choice of words is a value in a table or a sentence, and no name of code. */
function isAnswer(choice) {
  return TELLING.test(choice.getSourceFile().fileName) && !/^(ink|symbol|scale)$/.test(propertyOf(choice) ?? '');
}

/** `const STATES = { met: 'met', … }`: words by names of code. */
function isTableOfWords({ parent: { parent } }) {
  const { fileName } = parent.getSourceFile();
  if (!TELLING.test(fileName) && !fileName.startsWith('src/experiment/')) return false;
  return ts.isVariableDeclaration(parent) && /^[A-Z_]+$/.test(parent.name.getText()) && parent.name.getText() !== 'INKS';
}

/** Name of the property or variable that a value is given to. */
function propertyOf({ parent }) {
  if (ts.isParenthesizedExpression(parent) || ts.isConditionalExpression(parent)) return propertyOf(parent);
  return ts.isPropertyAssignment(parent) || ts.isVariableDeclaration(parent) ? parent.name.getText() : undefined;
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

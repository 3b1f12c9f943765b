import * as vscode from 'vscode';
import { exampleSummary, type ExampleSummary } from './exampleSummary';
import { readText } from '../files';
import { EXPERIMENT_SUFFIX } from './experimentFile';

/** One of the bundled examples. */
export interface GalleryExample extends ExampleSummary {
  /** Name of its file. */
  name: string;
  text: string;
}

/** The examples that come with the extension. */
export class Gallery {
  private readonly folder: vscode.Uri;

  constructor(extensionUri: vscode.Uri) {
    this.folder = vscode.Uri.joinPath(extensionUri, 'examples');
  }

  /** All of them, by name. None where the files of the extension cannot be listed: a browser may only ask for each by its name. */
  async read(): Promise<GalleryExample[]> {
    const all = await vscode.workspace.fs.readDirectory(this.folder).then(
      (entries) => entries,
      () => [],
    );
    const files = all.filter(([name]) => name.endsWith(EXPERIMENT_SUFFIX));
    const read = await Promise.all(
      files.map(async ([name]) => {
        const text = await readText(vscode.Uri.joinPath(this.folder, name));
        const summary = exampleSummary(text);
        return summary ? [{ ...summary, name, text }] : [];
      }),
    );
    return read.flat().sort((a, b) => a.name.localeCompare(b.name));
  }

  /** Copies the files that an example reads to where its copy lies. What is there already stays as it is. */
  async copyData({ dataFiles }: GalleryExample, target: vscode.Uri): Promise<void> {
    const beside = vscode.Uri.joinPath(target, '..');
    for (const file of dataFiles) {
      const copy = vscode.Uri.joinPath(beside, file);
      if (await exists(copy)) continue;
      await vscode.workspace.fs.createDirectory(vscode.Uri.joinPath(copy, '..'));
      await vscode.workspace.fs.copy(vscode.Uri.joinPath(this.folder, file), copy);
    }
  }
}

export async function exists(uri: vscode.Uri): Promise<boolean> {
  return vscode.workspace.fs.stat(uri).then(
    () => true,
    () => false,
  );
}

/** An example as an item of a quick pick: its title, and where it was published. */
export function exampleItem(example: GalleryExample): vscode.QuickPickItem & { example: GalleryExample } {
  const { title, kind, paper, place } = example;
  const published = paper === undefined ? [] : [`arXiv ${paper}${place === undefined ? '' : `, ${place}`}`];
  return { label: title, description: [kind, ...published].join(' · '), example };
}

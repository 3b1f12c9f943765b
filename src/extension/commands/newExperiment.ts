import * as vscode from 'vscode';
import { ExperimentSchema, isExperimentKind, TEMPLATES, templateValue } from '../../experiment';
import { EXPERIMENT_SUFFIX } from '../experiments/experimentFile';
import { bytesOf } from '../files';
import { untitledExperiment } from '../experiments/untitledExperiment';
import { exampleItem, exists, type Gallery, type GalleryExample } from '../experiments/gallery';
import type { Services } from '../services';

/** What a new file begins with. */
interface Beginning {
  /** Of the file, without its ending. */
  name: string;
  text: string;
  /** Where it comes from, when it is no template. */
  example?: GalleryExample;
}

type BeginningItem = vscode.QuickPickItem & { beginning?: Beginning };

/** Makes a file from a template of any kind or from an example, untitled or in a folder of the workspace, and opens it. */
export async function newExperiment({ words }: Pick<Services, 'words'>, gallery: Gallery): Promise<void> {
  const chosen = await vscode.window.showQuickPick<BeginningItem>(items(words, gallery), {
    title: vscode.l10n.t('New Experiment: What'),
    placeHolder: vscode.l10n.t('A template of a kind of experiment, or a published one'),
    matchOnDescription: true,
    matchOnDetail: true,
  });
  if (!chosen?.beginning) return;
  const folder = await chooseFolder();
  if (folder === undefined) return;
  const file =
    folder === 'untitled'
      ? await untitledExperiment(chosen.beginning.name, chosen.beginning.text)
      : await saved(chosen.beginning, folder, gallery);
  if (file) await vscode.window.showTextDocument(file, { preview: false });
}

async function items(words: Services['words'], gallery: Gallery): Promise<BeginningItem[]> {
  const separator = (label: string) => ({ label, kind: vscode.QuickPickItemKind.Separator });
  const examples = (await gallery.read()).map((example) => ({
    ...exampleItem(example),
    beginning: { name: example.name.slice(0, -EXPERIMENT_SUFFIX.length), text: example.text, example },
  }));
  return [separator(vscode.l10n.t('Templates')), ...templates(words), separator(vscode.l10n.t('Examples')), ...examples];
}

/** A template of every kind, with what the schema says about the kind. */
function templates(words: Services['words']): BeginningItem[] {
  return ExperimentSchema.anyOf.flatMap(({ properties }) => {
    const { const: name, description } = properties.experiment as { const?: unknown; description?: string };
    if (!isExperimentKind(name)) return [];
    const { title } = templateValue(name);
    const detail = description && words.say(description);
    return [{ label: name, description: String(title), detail, beginning: { name, text: TEMPLATES[name] } }];
  });
}

/** A folder of the workspace, or none for a file that is not saved yet; undefined when the person changed their mind. */
async function chooseFolder(): Promise<vscode.Uri | 'untitled' | undefined> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  if (folders.length === 0) return 'untitled';
  const choices = [
    ...folders.map(({ name, uri }) => ({
      label: `$(folder) ${vscode.l10n.t('In {0}', name)}`,
      description: uri.path,
      place: uri,
    })),
    { label: `$(file) ${vscode.l10n.t('Untitled')}`, description: vscode.l10n.t('not saved yet'), place: 'untitled' as const },
  ];
  const chosen = await vscode.window.showQuickPick(choices, { title: vscode.l10n.t('New Experiment: Where') });
  return chosen?.place;
}

async function saved({ name, text, example }: Beginning, folder: vscode.Uri, gallery: Gallery): Promise<vscode.Uri | undefined> {
  const file = (base: string) => vscode.Uri.joinPath(folder, `${base.trim()}${EXPERIMENT_SUFFIX}`);
  let free = name;
  for (let number = 2; await exists(file(free)); number++) free = `${name}-${number}`;
  const base = await vscode.window.showInputBox({
    title: vscode.l10n.t('New Experiment: Name'),
    prompt: vscode.l10n.t('Name of the file, without {0}', EXPERIMENT_SUFFIX),
    value: free,
    validateInput: async (given) => {
      if (!/^[^\\/:*?"<>|]+$/.test(given.trim())) return vscode.l10n.t('A name of a file, without folders.');
      return (await exists(file(given))) ? vscode.l10n.t('There is such a file already.') : undefined;
    },
  });
  if (base === undefined) return undefined;
  await vscode.workspace.fs.writeFile(file(base), bytesOf(text));
  if (example) await gallery.copyData(example, file(base));
  return file(base);
}

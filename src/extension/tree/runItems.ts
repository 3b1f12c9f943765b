import * as vscode from 'vscode';
import { COMMANDS } from '../commands/names';
import { isLive, isResumable, type EntryState, type RunEntry, type RunGroup } from './runEntry';
import { headline, stateWords, timeWords, verdictCounts } from './runWords';

/** What the tree holds: experiment files, and below them their runs. */
export type RunNode = { type: 'group'; group: RunGroup } | { type: 'run'; entry: RunEntry };

/** Shape tells the state; colour only repeats it. */
const ICONS: Record<EntryState, [icon: string, color?: string]> = {
  running: ['loading~spin'],
  stopping: ['loading~spin'],
  queued: ['clock'],
  met: ['pass', 'testing.iconPassed'],
  unmet: ['close', 'testing.iconFailed'],
  inconclusive: ['question', 'testing.iconUnset'],
  finished: ['circle-outline'],
  failed: ['error', 'testing.iconErrored'],
  crashed: ['warning', 'testing.iconErrored'],
  interrupted: ['debug-pause'],
  cancelled: ['circle-slash'],
};

export function itemOf(node: RunNode): vscode.TreeItem {
  return node.type === 'group' ? groupItem(node.group) : runItem(node.entry);
}

function groupItem({ key, fileName, file, entries }: RunGroup): vscode.TreeItem {
  const item = new vscode.TreeItem(fileName, vscode.TreeItemCollapsibleState.Expanded);
  item.id = `file ${key}`;
  item.iconPath = vscode.ThemeIcon.File;
  item.contextValue = file === undefined ? 'gone' : 'experiment';
  if (file === undefined) {
    item.description = vscode.l10n.t('file not found');
    return item;
  }
  item.resourceUri = vscode.Uri.parse(file);
  const place = vscode.workspace.asRelativePath(item.resourceUri);
  const folder = place.slice(0, Math.max(0, place.lastIndexOf('/')));
  const count = entries.length === 1 ? vscode.l10n.t('1 run') : vscode.l10n.t('{0} runs', entries.length);
  item.description = folder === '' ? count : `${folder} · ${count}`;
  return item;
}

function runItem(entry: RunEntry): vscode.TreeItem {
  const live = isLive(entry);
  const item = new vscode.TreeItem(live ? stateWords(entry.state) : headline(entry));
  item.id = entry.id;
  item.iconPath = runIcon(entry);
  const parts = live
    ? [entry.progress ?? '']
    : [
        entry.pinned ? vscode.l10n.t('pinned') : '',
        verdictCounts(entry),
        timeWords(entry.startedAt),
        entry.stale ? vscode.l10n.t('file changed since') : '',
      ];
  item.description = parts.filter(Boolean).join(' · ');
  item.tooltip = tooltip(entry);
  item.accessibilityInformation = { label: [entry.fileName, item.label, stateWords(entry.state), item.description].join(', ') };
  item.contextValue = [
    'run',
    live ? 'live' : '',
    entry.folder && !live ? 'stored' : '',
    entry.hasReport ? 'report' : '',
    entry.file ? 'file' : '',
    isResumable(entry) ? 'resumable' : '',
    live ? '' : entry.pinned ? 'pinned' : 'loose',
  ]
    .filter(Boolean)
    .join(' ');
  const node: RunNode = { type: 'run', entry };
  item.command = { command: COMMANDS.openRun, title: vscode.l10n.t('Open Results'), arguments: [node] };
  return item;
}

function runIcon({ state, stale }: RunEntry): vscode.ThemeIcon {
  const [icon, color] = ICONS[state];
  // What a file gave that reads differently now is history.
  const shade = stale ? 'disabledForeground' : color;
  return new vscode.ThemeIcon(icon, shade === undefined ? undefined : new vscode.ThemeColor(shade));
}

function tooltip(entry: RunEntry): string {
  const { title, fileName, state, message, results, hash, seed, engine, stale, startedAt } = entry;
  const facts = Object.entries(results).map(([name, value]) => `${name}: ${value}`);
  return [
    title || fileName,
    `${stateWords(state)}, ${new Date(startedAt).toLocaleString(vscode.env.language)}`,
    message ?? '',
    verdictCounts(entry),
    ...facts,
    stale ? vscode.l10n.t('The file has changed since this run.') : '',
    hash === null ? '' : vscode.l10n.t('hash {0}, seed {1}, engine {2}', hash.slice(0, 8), seed ?? '–', engine ?? '–'),
  ]
    .filter(Boolean)
    .join('\n');
}

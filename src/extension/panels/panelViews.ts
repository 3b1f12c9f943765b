import type * as vscode from 'vscode';
import type { PanelView } from '../../protocol/panel';
import { readPanelView } from './fromPanel';

const KEY = 'views';
/** Files whose view is kept; the oldest go first. */
const CAPACITY = 100;

/** Choices of the person that belong to a file: axis scales, open tables, the selected cell. */
export class PanelViews {
  constructor(private readonly memory: vscode.Memento) {}

  get(uri: vscode.Uri): PanelView {
    return readPanelView(this.all()[uri.toString()]) ?? { axes: {}, openTables: [], selectedCell: null };
  }

  async set(uri: vscode.Uri, view: PanelView): Promise<void> {
    const others = Object.entries(this.all()).filter(([key]) => key !== uri.toString());
    await this.memory.update(KEY, Object.fromEntries([...others, [uri.toString(), view]].slice(-CAPACITY)));
  }

  private all(): Record<string, unknown> {
    return this.memory.get<Record<string, unknown>>(KEY, {});
  }
}

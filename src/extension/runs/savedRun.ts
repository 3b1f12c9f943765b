import * as vscode from 'vscode';
import { decodeEvent, LineDecoder } from '../../protocol/lines';
import type { RunRecord } from '../../protocol/record';
import { applyEvent, emptyRecord } from '../../protocol/reduce';
import { readPieces } from '../localFiles';
import { DetailLimit } from './detailLimit';

/**
 * Folds the `events.jsonl` of a run folder into a record again. A stream without an end belongs to a run whose window was
 * closed, and says so. Throws when the file cannot be read.
 */
export async function readEvents(
  runFolder: vscode.Uri,
  identity: { id: string; fileName: string; startedAt: number },
): Promise<RunRecord> {
  const record = emptyRecord(identity);
  const decoder = new LineDecoder();
  const details = new DetailLimit();
  const take = (lines: ReturnType<LineDecoder['push']>) => {
    for (const line of lines) {
      const event = 'value' in line ? decodeEvent(line.value) : undefined;
      const kept = event && details.limit(event);
      if (kept) applyEvent(record, kept);
      else if (!event) record.unreadableLines++;
    }
  };
  for await (const piece of readPieces(vscode.Uri.joinPath(runFolder, 'events.jsonl'))) take(decoder.push(piece));
  take(decoder.end());
  if (!record.finished && !record.failed) {
    record.state = 'interrupted';
    record.crash = vscode.l10n.t(
      'Its window was closed or its process ended before it came to an end, or it is going on elsewhere.',
    );
  }
  return record;
}

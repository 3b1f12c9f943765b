import type { ProgressEvent } from '../../protocol/events';
import { formatDuration } from './format';
import type { Colors } from './colors';

const CELLS = 28;
/** Room for the numbers beside the bar. */
const WORDS = 50;
const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/** `███████▌····  412/800 trainings  51 %  2.1 s left`. */
export function formatProgress(
  { done, total, elapsedMs, remainingMs }: Omit<ProgressEvent, 'type'>,
  noun: string,
  colors: Colors,
  columns = 80,
): string {
  const cells = Math.max(0, Math.min(CELLS, (columns || 80) - WORDS));
  const fraction = total === 0 ? 1 : done / total;
  const filled = Math.floor(fraction * cells * 8);
  const bar = '█'.repeat(Math.floor(filled / 8)) + EIGHTHS[filled % 8];
  const time =
    remainingMs === null
      ? `${formatDuration(elapsedMs)} so far`
      : done === total
        ? formatDuration(elapsedMs)
        : `${formatDuration(remainingMs)} left`;
  return `${colors.cyan(bar)}${colors.dim('·'.repeat(cells - bar.length))}  ${done}/${total} ${noun}  ${Math.floor(fraction * 100)} %  ${time}`;
}

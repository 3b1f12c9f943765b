import type { Verdict } from '../../protocol/events';
import type { RunRecord } from '../../protocol/record';
import { hasEnded } from '../charts/sizes';
import type { RecoveryExperiment } from '../accepted';
import { typeset } from '../format';
import * as strings from '../strings';
import { h, show } from '../ui/dom';
import { icon, type IconName } from '../ui/icons';

/** From so many verdicts on, those that are met stand behind one line, so that what was not met, and the pictures, are in sight. */
const MANY = 7;

const ICONS: Record<Verdict['result'], IconName> = { met: 'check', failed: 'cross', inconclusive: 'question' };

/** What was expected and what came out, each with its reasons. Before the end: what will be judged. */
export class VerdictsSection {
  readonly element: HTMLElement;
  private readonly list = h('ul', { class: 'verdicts' });
  private readonly none = h('p', { class: 'muted' }, strings.verdicts.none);
  private readonly foldedList = h('ul', { class: 'verdicts' });
  private readonly foldedCount = h('span', { class: 'verdict-result' });
  private readonly folded = h('details', { class: 'folded-verdicts' }, h('summary', {}, this.foldedCount), this.foldedList);
  private shown = '';

  constructor() {
    this.element = h(
      'section',
      { 'aria-labelledby': 'verdicts-title' },
      h('h2', { id: 'verdicts-title' }, strings.verdicts.title),
      this.list,
      this.none,
    );
  }

  /** Shows every verdict, for printing. */
  openAll(): void {
    this.folded.open = true;
  }

  update(record: RunRecord): void {
    const judged = new Map(record.verdicts.map((verdict) => [verdict.id, verdict]));
    const pending = expectations(record).filter(({ id }) => !record.verdicts.some((verdict) => isAbout(verdict.id, id)));
    const ended = hasEnded(record);
    show(this.element, record.accepted !== null || record.verdicts.length > 0);
    show(this.none, judged.size === 0 && pending.length === 0);
    const many = record.verdicts.length >= MANY;
    const [behind, ahead] = partition(record.verdicts, ({ result }) => many && result === 'met');
    if (behind.length === 0) this.folded.remove();
    else if (!this.folded.isConnected) this.list.after(this.folded);
    show(this.list, ahead.length > 0 || pending.length > 0);
    const key = JSON.stringify([record.verdicts, pending, ended]);
    if (key === this.shown) return;
    this.shown = key;
    this.list.replaceChildren(
      ...ahead.map((verdict) => verdictItem(verdict)),
      ...pending.map((expectation) => pendingItem(expectation, ended)),
    );
    this.foldedList.replaceChildren(...behind.map((verdict) => verdictItem(verdict)));
    this.foldedCount.replaceChildren(icon('check'), strings.verdicts.folded(behind.length, record.verdicts.length));
  }
}

function partition<T>(items: readonly T[], isFirst: (item: T) => boolean): [T[], T[]] {
  return [items.filter(isFirst), items.filter((item) => !isFirst(item))];
}

/** The verdicts of a run in one sentence, for a screen reader. */
export function verdictAnnouncement(record: RunRecord): string {
  const count = (result: Verdict['result']) => record.verdicts.filter((verdict) => verdict.result === result).length;
  return strings.verdicts.announcement(strings.states[record.state], count('met'), count('failed'), count('inconclusive'));
}

function verdictItem(verdict: Verdict): HTMLElement {
  const { id, result, expected, value, reasons } = verdict;
  const reasonList =
    reasons.length > 0 ? h('ul', { class: 'reasons' }, ...reasons.map((reason) => h('li', {}, typeset(reason)))) : null;
  return h(
    'li',
    { class: `verdict ${result}`, 'data-verdict': id },
    h('span', { class: 'verdict-result' }, icon(ICONS[result]), strings.verdicts.results[result]),
    h(
      'div',
      {},
      h('p', { class: 'verdict-name' }, nameOf(id), `: ${strings.verdicts.expected(expected)}, ${strings.verdicts.found(value)}`),
      reasonList,
    ),
  );
}

interface Expectation {
  id: string;
  expected: string;
}

function pendingItem({ id, expected }: Expectation, ended: boolean): HTMLElement {
  const item = h('li', { class: 'verdict pending', 'data-verdict': id });
  const word = h('span', { class: 'verdict-result' }, icon('clock'));
  word.append(ended ? strings.verdicts.notJudged : strings.verdicts.pending);
  const text = h('p', { class: 'verdict-name' }, nameOf(id), `: ${expected}`);
  item.append(word, h('div', {}, text));
  return item;
}

/** The expectations of the file under the ids that their verdicts will have. */
function expectations({ accepted }: RunRecord): Expectation[] {
  if (!accepted) return [];
  return Object.entries(accepted.config.expect).flatMap(([id, value]: [string, unknown]) => {
    if (value === undefined) return [];
    if (id !== 'medianTestError') return [{ id, expected: strings.verdicts.expected(briefly(value)) }];
    const bounds = value as NonNullable<RecoveryExperiment['expect']['medianTestError']>;
    return Array.isArray(bounds)
      ? bounds.map((bound, index) => ({ id: `${id}[${index}]`, expected: boundText(bound) }))
      : [{ id, expected: boundText(bounds) }];
  });
}

/** Whether a verdict judges an expectation or a part of it: `branches[2].rank` is about `branches`, `modelRank (width 3)` about `variants`. */
function isAbout(verdictId: string, id: string): boolean {
  if (id === 'variants') return OF_VARIANT.test(verdictId);
  return verdictId === id || verdictId.startsWith(`${id}.`) || verdictId.startsWith(`${id}[`);
}

/** Lists by their length, objects as short JSON. */
function briefly(value: unknown): string | number | boolean {
  if (Array.isArray(value)) return strings.verdicts.list(value.length);
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

function boundText({ sampleSize, below, above }: { sampleSize: number; below?: number; above?: number }): string {
  const bounds = [
    above === undefined ? '' : strings.verdicts.above(above),
    below === undefined ? '' : strings.verdicts.below(below),
  ]
    .filter(Boolean)
    .join(' and ');
  return strings.verdicts.expected(strings.verdicts.atSampleSize(bounds, sampleSize));
}

/** What follows the name of an expectation of one of the variants: which one. */
const OF_VARIANT = / \(.*\)$/;

/** An expectation in words, else as it stands in the file. */
function nameOf(id: string): HTMLElement {
  const variant = OF_VARIANT.exec(id)?.[0] ?? '';
  const own = id.slice(0, id.length - variant.length);
  const words = strings.verdicts.names[own.replace(/\[\d+\]$/, '')];
  return h('strong', {}, words ?? h('code', {}, own), variant);
}

import type { Verdict } from '../../protocol/events';
import type { RunRecord } from '../../protocol/record';
import { hasEnded } from '../charts/sizes';
import type { RecoveryExperiment } from '../accepted';
import * as strings from '../strings';
import { h, show } from '../ui/dom';
import { icon, type IconName } from '../ui/icons';

const ICONS: Record<Verdict['result'], IconName> = { met: 'check', failed: 'cross', inconclusive: 'question' };

/** What was expected and what came out, each with its reasons. Before the end: what will be judged. */
export class VerdictsSection {
  readonly element: HTMLElement;
  private readonly list = h('ul', { class: 'verdicts' });
  private readonly none = h('p', { class: 'muted' }, strings.verdicts.none);
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

  update(record: RunRecord): void {
    const judged = new Map(record.verdicts.map((verdict) => [verdict.id, verdict]));
    const pending = expectations(record).filter(({ id }) => !record.verdicts.some((verdict) => isAbout(verdict.id, id)));
    const ended = hasEnded(record);
    show(this.element, record.accepted !== null || record.verdicts.length > 0);
    show(this.none, judged.size === 0 && pending.length === 0);
    show(this.list, judged.size > 0 || pending.length > 0);
    const key = JSON.stringify([record.verdicts, pending, ended]);
    if (key === this.shown) return;
    this.shown = key;
    this.list.replaceChildren(
      ...record.verdicts.map((verdict) => verdictItem(verdict)),
      ...pending.map((expectation) => pendingItem(expectation, ended)),
    );
  }
}

/** The verdicts of a run in one sentence, for a screen reader. */
export function verdictAnnouncement(record: RunRecord): string {
  const count = (result: Verdict['result']) => record.verdicts.filter((verdict) => verdict.result === result).length;
  return strings.verdicts.announcement(strings.states[record.state], count('met'), count('failed'), count('inconclusive'));
}

function verdictItem(verdict: Verdict): HTMLElement {
  const { id, result, expected, value, reasons } = verdict;
  const reasonList = reasons.length > 0 ? h('ul', { class: 'reasons' }, ...reasons.map((reason) => h('li', {}, reason))) : null;
  return h(
    'li',
    { class: `verdict ${result}`, 'data-verdict': id },
    h('span', { class: 'verdict-result' }, icon(ICONS[result]), strings.verdicts.results[result]),
    h(
      'div',
      {},
      h(
        'p',
        { class: 'verdict-name' },
        h('strong', {}, nameOf(id)),
        `: ${strings.verdicts.expected(expected)}, ${strings.verdicts.found(value)}`,
      ),
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
  const text = h('p', { class: 'verdict-name' }, h('strong', {}, nameOf(id)), `: ${expected}`);
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

/** Whether a verdict judges an expectation or a part of it: `branches[2].rank` is about `branches`. */
function isAbout(verdictId: string, id: string): boolean {
  return verdictId === id || verdictId.startsWith(`${id}.`) || verdictId.startsWith(`${id}[`);
}

/** Lists and objects as short JSON. */
function briefly(value: unknown): string | number | boolean {
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

function nameOf(id: string): string {
  return strings.verdicts.names[id.replace(/\[\d+\]$/, '')] ?? id;
}

import * as strings from '../strings';
import type { Controls } from './controls';
import { h, show } from './dom';

/** For how long the button says what became of a choice. */
const SAID_MS = 2000;

export interface MenuItem {
  label: string;
  /** Said when it went well, where the person would not see it otherwise. */
  done?: string;
  run: () => Promise<void>;
}

let lastId = 0;

/** A button that opens a list of actions: arrows, Home and End move in it, Enter chooses, Escape closes it. */
export function menu(controls: Controls, label: string, accessibleLabel: string, items: readonly MenuItem[]): HTMLElement {
  const id = `menu-${++lastId}`;
  const button = controls.button(label, 'secondary', () => (list.hidden ? open(0) : close(true)));
  button.setLabel(label, accessibleLabel);
  button.setExpanded(false, id);
  button.element.setAttribute('aria-haspopup', 'menu');
  const entries = items.map((item) => {
    const entry = h('button', { type: 'button', role: 'menuitem', tabindex: -1 }, item.label);
    entry.addEventListener('click', () => choose(item));
    return entry;
  });
  const list = h('div', { class: 'menu', role: 'menu', id, 'aria-label': accessibleLabel, hidden: true }, ...entries);
  const said = h('span', { class: 'visually-hidden', role: 'status' });
  const element = h('div', { class: 'menu-anchor' }, button.element, list, said);

  const focus = (index: number) => entries.at(index % entries.length)?.focus();
  const open = (index: number) => {
    show(list, true);
    button.setExpanded(true, id);
    focus(index);
  };
  const close = (giveFocusBack: boolean) => {
    if (list.hidden) return;
    show(list, false);
    button.setExpanded(false, id);
    if (giveFocusBack) button.element.focus();
  };
  const say = (text: string) => {
    said.textContent = text;
    button.setLabel(text, text);
    setTimeout(() => {
      said.textContent = '';
      button.setLabel(label, accessibleLabel);
    }, SAID_MS);
  };
  const choose = (item: MenuItem) => {
    close(true);
    item.run().then(
      () => item.done !== undefined && say(item.done),
      () => say(strings.exports.failed),
    );
  };

  list.addEventListener('keydown', (event) => {
    const at = entries.indexOf(document.activeElement as HTMLButtonElement);
    const steps: Record<string, () => void> = {
      ArrowDown: () => focus(at + 1),
      ArrowUp: () => focus(at - 1),
      Home: () => focus(0),
      End: () => focus(-1),
      Escape: () => close(true),
    };
    if (event.key === 'Tab') return close(false);
    const step = steps[event.key];
    if (!step) return;
    event.preventDefault();
    step();
  });
  button.element.addEventListener('keydown', (event) => {
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
    event.preventDefault();
    open(event.key === 'ArrowDown' ? 0 : -1);
  });
  element.addEventListener('focusout', (event) => {
    if (!(event.relatedTarget instanceof Node && element.contains(event.relatedTarget))) close(false);
  });
  return element;
}

import { h, setText } from './dom';

/** One of the places of a slider. */
export interface SliderPlace {
  label: string;
}

export interface SliderControl {
  /** The control with its label and the words of its place. */
  element: HTMLElement;
  /** Places from first to last, and which one it stands at. */
  set(places: readonly SliderPlace[], index: number): void;
}

let lastId = 0;

/**
 * A slider over places with words: a plain range input, whose keys are those of every slider (arrows, Page Up and Down, Home, End). The
 * toolkit has none. Nothing about it moves unless somebody moves it or a place comes.
 */
export function slider(label: string, onChange: (index: number) => void): SliderControl {
  const id = `slider-${++lastId}`;
  const input = h('input', { type: 'range', id, class: 'slider', min: 0, step: 1 });
  const words = h('output', { for: id, class: 'slider-words', 'aria-hidden': 'true' });
  let places: readonly SliderPlace[] = [];
  const say = () => {
    const text = places[Number(input.value)]?.label ?? '';
    setText(words, text);
    if (input.getAttribute('aria-valuetext') !== text) input.setAttribute('aria-valuetext', text);
  };
  input.addEventListener('input', () => {
    say();
    onChange(Number(input.value));
  });
  return {
    element: h('div', { class: 'field slider-field' }, h('label', { for: id }, label), input, words),
    set(next, index) {
      places = next;
      const last = String(Math.max(0, next.length - 1));
      if (input.max !== last) input.max = last;
      if (input.value !== String(index)) input.value = String(index);
      input.disabled = next.length < 2;
      say();
    },
  };
}

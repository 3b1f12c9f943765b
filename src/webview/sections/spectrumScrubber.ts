import type { PanelView } from '../../protocol/panel';
import type { SpectrumPlace } from '../charts/spectrumPlaces';
import * as strings from '../strings';
import type { CheckboxControl, Controls } from '../ui/controls';
import { h, show } from '../ui/dom';
import { slider, type SliderControl } from '../ui/slider';

type Choice = NonNullable<PanelView['spectrum']>;

/** Goes through the spectra on the way of a training, from its start to its solution, or follows the newest. */
export class SpectrumScrubber {
  readonly element: HTMLElement;
  private readonly slider: SliderControl;
  private readonly follow: CheckboxControl;
  private readonly allSteps: CheckboxControl;
  private places: readonly SpectrumPlace[] = [];
  private index = 0;
  private choice: Choice = { at: null, allSteps: false };

  constructor(controls: Controls, choose: (choice: Choice) => void) {
    const at = (index: number) => this.places[index]?.at ?? null;
    const change = (part: Partial<Choice>) => choose({ ...this.choice, ...part });
    this.slider = slider(strings.hessian.at, (index) => change({ at: at(index) }));
    this.follow = controls.checkbox(strings.hessian.newest, (checked) => change({ at: checked ? null : at(this.index) }));
    this.allSteps = controls.checkbox(strings.hessian.allSteps, (allSteps) => change({ allSteps }));
    this.element = h('div', { class: 'scrubber' }, this.slider.element, this.follow.element, this.allSteps.element);
  }

  /** Without places there is nothing to go through. */
  update(places: readonly SpectrumPlace[], index: number, choice: Choice): void {
    show(this.element, places.length > 0);
    this.places = places;
    this.index = index;
    this.choice = choice;
    this.slider.set(places, index);
    this.follow.setChecked(choice.at === null);
    this.allSteps.setChecked(choice.allSteps);
  }
}

import {
  provideVSCodeDesignSystem,
  vsCodeButton,
  vsCodeCheckbox,
  vsCodeDivider,
  vsCodeDropdown,
  vsCodeOption,
  vsCodeProgressRing,
  type Button,
  type Checkbox,
  type Dropdown,
} from '@vscode/webview-ui-toolkit';
import { sameOptions, type Controls, type Option } from './controls';
import { h } from './dom';

/** Defines the elements of the toolkit that are used. This module alone knows the toolkit, so that it can be replaced. */
export function toolkitControls(): Controls {
  provideVSCodeDesignSystem().register(
    vsCodeButton(),
    vsCodeCheckbox(),
    vsCodeDivider(),
    vsCodeDropdown(),
    vsCodeOption(),
    vsCodeProgressRing(),
  );
  return {
    button,
    select,
    checkbox,
    busy: () => h('vscode-progress-ring', { 'aria-hidden': 'true' }),
    divider: () => h('vscode-divider', { role: 'presentation' }),
  };
}

const button: Controls['button'] = (label, kind, onPress) => {
  const element = h('vscode-button', { appearance: kind }, label) as Button;
  element.addEventListener('click', () => {
    if (element.getAttribute('aria-disabled') !== 'true') onPress();
  });
  return {
    element,
    setLabel(text, accessibleLabel) {
      if (element.textContent !== text) element.textContent = text;
      if (accessibleLabel !== undefined && element.getAttribute('aria-label') !== accessibleLabel)
        element.setAttribute('aria-label', accessibleLabel);
    },
    // Not the property `disabled`: it would throw the keyboard focus away.
    setDisabled(disabled) {
      element.setAttribute('aria-disabled', String(disabled));
    },
    setExpanded(expanded, controlledId) {
      element.setAttribute('aria-expanded', String(expanded));
      element.setAttribute('aria-controls', controlledId);
    },
  };
};

let lastId = 0;

const select: Controls['select'] = (label, onChange) => {
  const id = `dropdown-${++lastId}`;
  const dropdown = h('vscode-dropdown', { id, 'aria-label': label }) as Dropdown;
  let options: readonly Option[] = [];
  let shown: readonly Option[] = [];
  let value = '';
  // An option is an element with a style and a shadow of its own: a list of hundreds is made only for somebody who comes near it.
  const isNear = () => dropdown.matches(':focus-within') || dropdown.open;
  const fill = (wanted: readonly Option[]) => {
    if (!sameOptions(shown, wanted)) {
      shown = wanted;
      dropdown.replaceChildren(...wanted.map((option) => h('vscode-option', { value: option.value }, option.label)));
    }
    // New options reach the dropdown in a microtask, and a value that is not among them is dropped.
    queueMicrotask(() => {
      if (dropdown.value !== value) dropdown.value = value;
    });
  };
  // Not at the press itself: the dropdown is drawn anew with its options, and a click ends where it began.
  for (const event of ['pointerover', 'focusin']) dropdown.addEventListener(event, () => fill(options));
  dropdown.addEventListener('change', () => {
    if (dropdown.value === value) return;
    value = dropdown.value;
    onChange(value);
  });
  return {
    element: h('div', { class: 'field' }, h('label', { for: id }, label), dropdown),
    set(nextOptions, nextValue) {
      options = [...nextOptions];
      value = nextValue;
      fill(isNear() ? options : options.filter((option) => option.value === value));
    },
    setDisabled(disabled) {
      dropdown.disabled = disabled;
    },
  };
};

const checkbox: Controls['checkbox'] = (label, onChange) => {
  const element = h('vscode-checkbox', {}, label) as Checkbox;
  let quiet = false;
  element.addEventListener('change', () => {
    if (!quiet) onChange(element.checked);
  });
  return {
    element,
    setChecked(checked) {
      quiet = true;
      element.checked = checked;
      quiet = false;
    },
    setDisabled(disabled) {
      element.disabled = disabled;
    },
  };
};

import { sameOptions, type Controls, type Option } from './controls';
import { h } from './dom';

/** Plain HTML controls for pages outside VS Code. */
export const nativeControls: Controls = {
  button(label, kind, onPress) {
    const element = h('button', { type: 'button', class: `native-button ${kind}` }, label);
    element.addEventListener('click', onPress);
    return {
      element,
      setLabel(text, accessibleLabel) {
        if (element.textContent !== text) element.textContent = text;
        if (accessibleLabel !== undefined) element.setAttribute('aria-label', accessibleLabel);
      },
      setDisabled(disabled) {
        element.disabled = disabled;
      },
      setExpanded(expanded, controlledId) {
        element.setAttribute('aria-expanded', String(expanded));
        element.setAttribute('aria-controls', controlledId);
      },
    };
  },
  select(label, onChange) {
    const element = h('select', { class: 'native-select', 'aria-label': label });
    let options: Option[] = [];
    element.addEventListener('change', () => onChange(element.value));
    return {
      element: h('label', { class: 'field' }, h('span', { 'aria-hidden': 'true' }, label), element),
      set(nextOptions, value) {
        if (!sameOptions(options, nextOptions)) {
          options = [...nextOptions];
          element.replaceChildren(...options.map((option) => h('option', { value: option.value }, option.label)));
        }
        element.value = value;
      },
      setDisabled(disabled) {
        element.disabled = disabled;
      },
    };
  },
  checkbox(label, onChange) {
    const element = h('input', { type: 'checkbox' });
    element.addEventListener('change', () => onChange(element.checked));
    return {
      element: h('label', { class: 'native-checkbox' }, element, label),
      setChecked(checked) {
        element.checked = checked;
      },
      setDisabled(disabled) {
        element.disabled = disabled;
      },
    };
  },
  busy: () => h('span', { class: 'native-busy', 'aria-hidden': 'true' }),
  divider: () => h('hr', { role: 'presentation' }),
};

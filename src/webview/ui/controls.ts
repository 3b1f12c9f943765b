/** The controls that panels are made of. A panel takes those of the toolkit, a report plain HTML ones. */
export interface Controls {
  button(label: string, kind: 'primary' | 'secondary', onPress: () => void): ButtonControl;
  select(label: string, onChange: (value: string) => void): SelectControl;
  checkbox(label: string, onChange: (checked: boolean) => void): CheckboxControl;
  /** Something that moves while work of unknown length goes on. */
  busy(): HTMLElement;
  divider(): HTMLElement;
}

export interface ButtonControl {
  element: HTMLElement;
  setLabel(text: string, accessibleLabel?: string): void;
  setDisabled(disabled: boolean): void;
  setExpanded(expanded: boolean, controlledId: string): void;
}

export interface Option {
  value: string;
  label: string;
}

export interface SelectControl {
  /** The control with its label. */
  element: HTMLElement;
  set(options: readonly Option[], value: string): void;
  setDisabled(disabled: boolean): void;
}

export interface CheckboxControl {
  element: HTMLElement;
  setChecked(checked: boolean): void;
  setDisabled(disabled: boolean): void;
}

/** Whether two lists of options are the same, so that an open list is not rebuilt under the pointer. */
export function sameOptions(a: readonly Option[], b: readonly Option[]): boolean {
  return (
    a.length === b.length && a.every((option, index) => option.value === b[index]?.value && option.label === b[index]?.label)
  );
}
